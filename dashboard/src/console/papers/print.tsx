import "./papers.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Exam } from "../../shared/exam";
import { Alert, Field } from "../../shared/parts";
import { can } from "../../shared/signed";
import { t } from "../words";
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
      {sealed && <PrintLinks exam={exam} mayPaper={mayPaper} />}
    </section>
  );
}

/** The way to sheets that come back on paper, from T0 until the results are final. */
export function EnterSheets({ exam, onSheets }: { exam: Exam; onSheets: () => void }): JSX.Element | null {
  if (!can("sheets.enter") || !SINCE_T0.includes(exam.state) || exam.state === "published") return null;
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
  const [desk, set] = useState("");
  const path = `/api/v1/exams/${exam.id}/print`;
  const of = (more = ""): string => `?site=${encodeURIComponent(site)}${more}`;
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
          <Field label={t.site}>
            <select value={site} onChange={(e) => choose(e.currentTarget.value)}>
              <option value="">{w.allSites}</option>
              {exam.sites.map((each) => (
                <option key={each.site} value={each.site}>
                  {each.code} · {each.name}
                </option>
              ))}
            </select>
          </Field>
          {can("exams.vouchers") && (
            <Field label={w.desk}>
              <input
                type="url"
                placeholder="https://thi.example.vn/exam"
                value={desk}
                onInput={(e) => set(e.currentTarget.value)}
              />
            </Field>
          )}
        </div>
        <div class="row">
          {site !== "" && <Print to={`${path}/sheets.pdf${of()}`} word={w.sheets} />}
          {can("exams.vouchers") && (
            <Print
              to={`${path}/slips.pdf${of(desk ? `&desk=${encodeURIComponent(desk)}` : "")}`}
              word={w.slips}
            />
          )}
          {can("exams.conduct") && <Print to={`${path}/roster.pdf${of()}`} word={w.roster} />}
        </div>
      </div>
    </details>
  );
}

function Print({ to, word }: { to: string; word: string }): JSX.Element {
  return (
    <a class="button" href={to} target="_blank" rel="noreferrer">
      {word}
    </a>
  );
}
