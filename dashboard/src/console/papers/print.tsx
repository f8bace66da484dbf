import "./papers.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Exam } from "../../shared/exam";
import { Alert } from "../../shared/parts";
import { can } from "../../shared/signed";
import { PartChoice, SiteChoice, UnknownDesks, slipQuery, unknownOf, useDesks } from "./desks";
import { w } from "./words";

const SINCE_T0: readonly string[] = ["open", "closing", "closed", "marked", "published"];

/** What can be seen and printed of an exam's papers. */
export function Papers(props: { exam: Exam; onPreview: () => void }): JSX.Element | null {
  const { exam, onPreview } = props;
  const sealed = exam.state !== "draft" && exam.state !== "cancelled";
  const mayPaper = can("papers.print") || (can("exams.conduct") && SINCE_T0.includes(exam.state));
  if (!can("papers.print") && !(sealed && (mayPaper || can("exams.vouchers")))) return null;
  return (
    <section class="card stack">
      <div class="row">
        <h2 class="grow">{w.papers}</h2>
        {can("papers.print") && exam.state !== "cancelled" && (
          <button class="button" onClick={onPreview}>
            {w.preview}
          </button>
        )}
      </div>
      {exam.shuffled && <Alert tone="warn">{w.shuffled}</Alert>}
      {sealed && <PrintLinks exam={exam} mayPaper={mayPaper && !exam.shuffled} />}
    </section>
  );
}

/** The way to sheets that come back on paper, from T0 until the results are final. */
export function EnterSheets({ exam, onSheets }: { exam: Exam; onSheets: () => void }): JSX.Element | null {
  if (!can("sheets.enter") || !SINCE_T0.includes(exam.state) || exam.state === "published") return null;
  if (exam.shuffled) return <Alert tone="minor">{w.shuffled}</Alert>;
  return (
    <section class="card row">
      <span class="grow">{w.sheetsFor}</span>
      <button class="button" onClick={onSheets}>
        {w.enterSheets}
      </button>
    </section>
  );
}

function PrintLinks({ exam, mayPaper }: { exam: Exam; mayPaper: boolean }): JSX.Element {
  const [site, choose] = useState("");
  const [part, turnTo] = useState(1);
  const path = `/api/v1/exams/${exam.id}/print`;
  const of = `?site=${encodeURIComponent(site)}`;
  return (
    <details open>
      <summary>{w.printing}</summary>
      <div class="stack">
        {!SINCE_T0.includes(exam.state) && <Alert tone="warn">{w.secret}</Alert>}
        {mayPaper && (
          <div class="row">
            {exam.codes.map((code) => (
              <Print key={code} to={`${path}/papers/${code}.pdf`} word={w.printOf(code)} />
            ))}
            <Print to={`${path}/sheets.pdf`} word={w.blank} />
          </div>
        )}
        <div class="columns">
          <SiteChoice
            sites={exam.sites}
            site={site}
            all={w.allSites}
            onSite={(chosen) => {
              choose(chosen);
              turnTo(1);
            }}
          />
          {can("exams.vouchers") && <PartChoice people={people(exam, site)} part={part} onPart={turnTo} />}
        </div>
        <div class="row">
          {site !== "" && !exam.shuffled && <Print to={`${path}/sheets.pdf${of}`} word={w.sheets} />}
          {can("exams.conduct") && <Print to={`${path}/roster.pdf${of}`} word={w.roster} />}
        </div>
        {can("exams.vouchers") && <PrintSlips exam={exam} site={site} part={part} />}
      </div>
    </details>
  );
}

const people = (exam: Exam, site: string): number =>
  exam.sites.reduce((sum, each) => sum + (!site || each.site === site ? each.registered : 0), 0);

/** Each slip's QR code opens its own site's desk; where that is not known, what somebody types here. */
function PrintSlips({ exam, site, part }: { exam: Exam; site: string; part: number }): JSX.Element {
  const [desk, set] = useState("");
  const desks = useDesks(exam, true);
  const sites = exam.sites.filter((each) => !site || each.site === site);
  const unknown = unknownOf(sites, desks);
  const query = slipQuery(site, unknown.length ? desk : "", people(exam, site), part);
  const own = site && desks.of(site);
  return (
    <>
      {desks.fault && <Alert tone="bad">{desks.fault}</Alert>}
      <div class="row">
        <Print to={`/api/v1/exams/${exam.id}/print/slips.pdf${query}`} word={w.slips} />
        {own && <span class="muted breakable">{w.deskOf(own)}</span>}
        {!site && unknown.length === 0 && <span class="muted">{w.desksKnown}</span>}
      </div>
      <UnknownDesks sites={unknown} desk={desk} onDesk={set} />
    </>
  );
}

function Print({ to, word }: { to: string; word: string }): JSX.Element {
  return (
    <a class="button" href={to} target="_blank" rel="noreferrer">
      {word}
    </a>
  );
}
