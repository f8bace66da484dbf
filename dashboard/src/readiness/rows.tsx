import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { adviceWords, checks, findingWords, foundWords, gathered } from "../shared/checks";
import { clockLength, whole } from "../shared/format";
import { worded } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { can } from "../shared/signed";
import { shortName } from "../wall/shortname";
import { ageWords } from "./age";
import { Call } from "./call";
import { History } from "./history";
import { MARKS } from "./marks";
import type { Finding, Line } from "./model";
import { figures, t, verdicts } from "./words";
import { Waive } from "./waive";

/** Findings that stand on a site's row before somebody asks for the others. The path's note names its class only. */
const FIRST = 5;

/** A site at which something is missing: what, what to do, whom to call. */
export function Troubled(props: { line: Line; nowMs: number }): JSX.Element {
  const { line } = props;
  const [all, showAll] = useState(false);
  const [history, showHistory] = useState(false);
  const [waiving, waive] = useState<Finding | null>(null);
  const found = gathered(line.findings);
  const shown = all ? found : found.slice(0, FIRST);
  const left = found.length - shown.length;
  return (
    <article class={`ready-row v-${line.verdict}`}>
      <div class="who">
        <p class="first">
          <Icon name={MARKS[line.verdict]} />
          <b class="num">{line.code}</b>
          <span class="verdict">{worded(verdicts, line.verdict)}</span>
        </p>
        <h3>{line.name}</h3>
        <p class="muted">
          {line.district} · <Standing line={line} nowMs={props.nowMs} />
        </p>
      </div>
      <ul class="lack">
        {shown.map((each) =>
          "postponed" in each ? (
            <Postponed key="postponed" findings={each.postponed} onWaive={waive} />
          ) : (
            <Lack key={`${each.single.check}.${each.single.reason}`} finding={each.single} onWaive={waive} />
          ),
        )}
        {(left > 0 || all) && found.length > FIRST && (
          <li>
            <button class="button small" aria-expanded={all} onClick={() => showAll(!all)}>
              {all ? t.fewer : t.others(left)}
            </button>
          </li>
        )}
      </ul>
      <div class="calls">
        <Call line={line} />
        <button class="button small" onClick={() => showHistory(true)}>
          {t.history}
        </button>
      </div>
      {waiving && <Waive line={line} finding={waiving} onClose={() => waive(null)} />}
      {history && <History line={line} onClose={() => showHistory(false)} />}
    </article>
  );
}

function Lack(props: { finding: Finding; onWaive: (finding: Finding) => void }): JSX.Element {
  const { finding } = props;
  return (
    <li class={`g-${finding.grade}`}>
      <Icon name={MARKS[finding.grade]} />
      <span class="grow">
        <b>{findingWords(finding.check, finding.reason)}</b>
        {finding.grade === "waived" && <span class="tag">{t.waived}</span>}
        <small class="measured">{measured(finding)}</small>
        <span class="do">{adviceWords(finding.check, finding.reason)}</span>
      </span>
      {waivable(finding) && (
        <button class="button small" onClick={() => props.onWaive(finding)}>
          {t.waive}
        </button>
      )}
    </li>
  );
}

/** What is put off, with the reason and what becomes of it said once. */
function Postponed(props: { findings: Finding[]; onWaive: (finding: Finding) => void }): JSX.Element | null {
  const [first] = props.findings;
  if (!first) return null;
  return (
    <li class={`g-${first.grade}`}>
      <Icon name={MARKS[first.grade]} />
      <span class="grow">
        <b>{foundWords(first.check, first.reason)}</b>
        <span class="do">{adviceWords(first.check, first.reason)}</span>
        <span class="postponed">
          {props.findings.map((finding) => (
            <span key={finding.check}>
              {worded(checks, finding.check)}
              {finding.grade === "waived" && <span class="tag">{t.waived}</span>}
              {waivable(finding) && (
                <button class="button small" onClick={() => props.onWaive(finding)}>
                  {t.waive}
                </button>
              )}
            </span>
          ))}
        </span>
      </span>
    </li>
  );
}

function waivable(finding: Finding): boolean {
  const ofCheck = finding.check !== "presence" && finding.check !== "certificate";
  return ofCheck && finding.grade !== "waived" && finding.reason !== "not_paired" && can("readiness.waive");
}

function measured(finding: Finding): string {
  const words = figures as Record<string, unknown>;
  const { wall_off_ms: off, ...others } = finding.figures;
  const all = off === undefined ? others : { wall_off_s: off / 1000 };
  const told = Object.entries(all).flatMap(([name, value]) => {
    const phrase = Object.keys(words).includes(name) ? words[name] : undefined;
    return typeof phrase === "function" ? [(phrase as (n: string) => string)(whole(value))] : [];
  });
  const note = finding.check === "path" ? "" : finding.note;
  return [note, ...told].filter(Boolean).join(" · ");
}

function Standing(props: { line: Line; nowMs: number }): JSX.Element {
  const { line, nowMs } = props;
  const parts = [
    line.made_ms === null ? t.never : t.checkedAgo(ageWords(nowMs - line.made_ms)),
    line.online ? t.here : t.away,
  ];
  if (line.starts_ms !== null) {
    const until = line.starts_ms - nowMs;
    parts.push(until > 0 ? t.startsIn(until > 86_400_000 ? ageWords(until) : clockLength(until)) : t.started);
  }
  return <span class="num">{parts.join(" · ")}</span>;
}

/** Sites that may go, small: a thousand of them fit on a screen or two. */
export function Ready(props: { lines: Line[]; nowMs: number }): JSX.Element | null {
  const [open, setOpen] = useState<Line | null>(null);
  if (props.lines.length === 0) return null;
  return (
    <>
      <ul class="ready-well">
        {props.lines.map((line) => (
          <li key={line.site}>
            <button class="v-go" title={line.district} onClick={() => setOpen(line)}>
              <Icon name={MARKS.go} /> <b class="num">{line.code}</b> <span>{shortName(line.name)}</span>
            </button>
          </li>
        ))}
      </ul>
      {open && <History line={open} onClose={() => setOpen(null)} />}
    </>
  );
}
