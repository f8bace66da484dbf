import type { JSX } from "preact";
import { outcomes } from "../shared/duty";
import { dayAndTime, timeOfDay } from "../shared/format";
import { worded } from "../shared/i18n";
import { t } from "./words";

/** A line of a hand-over about one site. */
export interface SheetLine {
  site: string;
  code: string;
  name: string;
  contact: string;
  phone: string;
  who: string;
  at_ms: number;
  outcome: string | null;
  note: string;
  again_ms: number | null;
  calls: number;
}

interface LinesProps {
  title: string;
  lines: SheetLine[];
  nowMs: number;
  who?: boolean;
  /** What was done: nobody is late with it any more. */
  past?: boolean;
}

export function Lines(props: LinesProps): JSX.Element {
  return (
    <section class="card">
      <h2>
        {props.title} <span class="muted num">({props.lines.length})</span>
      </h2>
      {props.lines.length === 0 && <p class="muted">{t.nothing}</p>}
      <ul class="sheet">
        {props.lines.map((line, at) => (
          <Line key={`${line.site} ${at}`} line={line} {...props} />
        ))}
      </ul>
    </section>
  );
}

function Line({ line, nowMs, who, past }: LinesProps & { line: SheetLine }): JSX.Element {
  const late = !past && line.again_ms !== null && line.again_ms <= nowMs;
  return (
    <li>
      <a href={`/site/${line.site}`}>
        <b>{line.name || line.code}</b>
      </a>{" "}
      <span class="muted">{line.code}</span>
      <div>
        <span class="num">{dayAndTime(line.at_ms)}</span>
        {who && <> · {line.who}</>} ·{" "}
        <b>{line.outcome ? worded(outcomes, line.outcome) : past ? t.note : t.calling}</b>
        {line.calls > 1 && <> · {t.calls(line.calls)}</>}
        {line.again_ms !== null && (
          <span class={`num ${late ? "tone-bad" : "muted"}`}>
            {" "}
            · {late ? t.late(timeOfDay(line.again_ms)) : t.again(timeOfDay(line.again_ms))}
          </span>
        )}
      </div>
      {line.note && <p>{line.note}</p>}
    </li>
  );
}
