import type { ComponentChildren, JSX } from "preact";
import type { Tile, WallExam } from "../shared/feed";
import { countdown, timeOfDay, whole } from "../shared/format";
import { worded } from "../shared/i18n";
import { Icon, type IconName } from "../shared/icons";
import { examStates, t } from "./words";

/** An exam counts as opened late from this many milliseconds after T0. */
const LATE_MS = 1000;

/** What a strip is about, and lines of text below. */
export function StripHead(props: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="strip-head">
      <h2 title={props.title}>{props.title}</h2>
      {props.children}
    </div>
  );
}

/** How many of how many. */
export function Share(props: {
  icon: IconName;
  value: number;
  of: number;
  word: string;
  alarmed?: boolean;
}): JSX.Element {
  const tone = props.alarmed && props.value < props.of ? (props.value ? "warn" : "bad") : "plain";
  return (
    <div class={`figure tone-${tone}`}>
      <span class="num">
        <Icon name={props.icon} /> {whole(props.value)}
        <span class="of">/{whole(props.of)}</span>
      </span>
      <small>{props.word}</small>
    </div>
  );
}

const EXAM_ORDER = ["open", "closing", "released", "armed", "sealed", "closed", "marked"];

export function foremostExam(exams: readonly WallExam[]): WallExam | undefined {
  return [...exams]
    .filter(({ state }) => EXAM_ORDER.includes(state))
    .sort(
      (a, b) => EXAM_ORDER.indexOf(a.state) - EXAM_ORDER.indexOf(b.state) || a.starts_ms - b.starts_ms,
    )[0];
}

/** Sites that opened the exam in time, late, or not at all. */
export function openings(tiles: Iterable<Tile>, exam: string): { opened: number; late: number; not: number } {
  const tally = { opened: 0, late: 0, not: 0 };
  for (const tile of tiles) {
    if (tile.exam?.exam !== exam) continue;
    if (tile.exam.opened_ms === null) tally.not++;
    else if ((tile.exam.late_ms ?? 0) > LATE_MS) tally.late++;
    else tally.opened++;
  }
  return tally;
}

export function ExamStrip(props: {
  exams: readonly WallExam[];
  tiles: Iterable<Tile>;
  nowMs: number;
}): JSX.Element {
  const exam = foremostExam(props.exams);
  if (!exam) return <section class="strip none muted">{t.noExam}</section>;
  const endsMs = exam.starts_ms + exam.duration_s * 1000;
  const before = props.nowMs < exam.starts_ms;
  const { opened, late, not } = openings(props.tiles, exam.id);
  return (
    <section class="strip">
      <div class="t0">
        <small>{before ? t.opensIn : props.nowMs < endsMs ? t.remains : t.ended}</small>
        <b class="num">
          {before
            ? countdown(exam.starts_ms, props.nowMs)
            : props.nowMs < endsMs
              ? countdown(endsMs, props.nowMs)
              : "0:00"}
        </b>
      </div>
      <StripHead title={exam.title}>
        <p>
          <span class="ellipsis">{worded(examStates, exam.state)}</span>
          <span class="num ellipsis">
            {t.opensAt} {timeOfDay(exam.starts_ms, true)}
          </span>
          {!before && (
            <span class="num">
              <b class="tone-good">{opened}</b> {t.opened} · <b class={late ? "tone-warn" : ""}>{late}</b>{" "}
              {t.openedLate} · <b class={not ? "tone-bad" : ""}>{not}</b> {t.notOpened}
            </span>
          )}
        </p>
      </StripHead>
      <div class="pair">
        <Share icon="people" value={exam.signed_in} of={exam.registered} word={t.signedIn} />
        <Share icon="paper" value={exam.handed_in} of={exam.signed_in} word={t.handedIn} />
      </div>
    </section>
  );
}
