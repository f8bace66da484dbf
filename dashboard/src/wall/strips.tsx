import type { ComponentChildren, JSX } from "preact";
import { FloorLine } from "../floor/onwall";
import type { Tile, WallExam, WallFloor, WallSession } from "../shared/feed";
import { clockLength, countdown, timeOfDay, whole } from "../shared/format";
import { worded } from "../shared/i18n";
import { airFindings } from "../air/words";
import { SourceLine } from "../sources/onwall";
import { Icon, type IconName } from "../shared/icons";
import { examStates, sessionStates, t } from "./words";

/** An exam counts as opened late from this many milliseconds after T0. */
const LATE_MS = 1000;

const SESSION_ORDER = ["live", "break", "lobby", "planned"];

/** The session that matters now: the one that runs, else the next one. */
export function foremost(sessions: readonly WallSession[]): WallSession | undefined {
  return [...sessions]
    .filter(({ state }) => SESSION_ORDER.includes(state))
    .sort(
      (a, b) => SESSION_ORDER.indexOf(a.state) - SESSION_ORDER.indexOf(b.state) || a.starts_ms - b.starts_ms,
    )[0];
}

export function SessionStrip(props: {
  sessions: readonly WallSession[];
  floors: readonly WallFloor[];
  sites: ReadonlyMap<string, Tile>;
  nowMs: number;
}): JSX.Element {
  const session = foremost(props.sessions);
  if (!session) return <section class="strip none muted">{t.noSession}</section>;
  const running = session.state === "live" || session.state === "break";
  return (
    <section class="strip">
      <StripHead title={session.topic}>
        {running && <OnAir session={session} nowMs={props.nowMs} />}
        {session.state !== "live" && <span>{worded(sessionStates, session.state)}</span>}
        <span class="num">
          {timeOfDay(session.starts_ms)}–{timeOfDay(session.ends_ms)}
        </span>
        {running && !session.finding && (
          <span class="num">{clockLength(props.nowMs - session.starts_ms)}</span>
        )}
        <span class="ellipsis">{session.lecturer_name}</span>
        {running && <SourceLine source={session.source} />}
        {running && (
          <FloorLine
            floor={props.floors.find((each) => each.session === session.id)}
            session={session.id}
            sites={props.sites}
            nowMs={props.nowMs}
          />
        )}
      </StripHead>
      <div class="pair">
        <Share
          icon="screen"
          value={session.watching}
          of={session.sites}
          word={t.watching}
          alarmed={running}
        />
        <Share icon="sound" value={session.hearing} of={session.sites} word={t.hearing} alarmed={running} />
      </div>
    </section>
  );
}

/** Whose picture the rooms see; what is amiss is said instead, with how long it has been so. */
function OnAir({ session, nowMs }: { session: WallSession; nowMs: number }): JSX.Element | null {
  // A film plays in the standby's seat on purpose: its name stands beside.
  const film = session.finding === "standby_on_air" && session.source?.way === "file";
  if (session.finding && !film) {
    const grave = (session.trouble ?? 0) >= 2;
    const since = session.air_since_ms ? clockLength(nowMs - session.air_since_ms) : "";
    return (
      <span class={`air ${grave ? "off" : "on"}`} role={grave ? "alert" : undefined}>
        {worded(airFindings, session.finding)} <span class="num">{grave && since}</span>
      </span>
    );
  }
  if (session.state === "break") return null;
  return <span class={`air ${session.on_air ? "on" : "off"}`}>{session.on_air ? t.onAir : t.offAir}</span>;
}

function StripHead(props: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="strip-head">
      <h2 title={props.title}>{props.title}</h2>
      <p>{props.children}</p>
    </div>
  );
}

function Share(props: {
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
      </StripHead>
      <div class="pair">
        <Share icon="people" value={exam.signed_in} of={exam.registered} word={t.signedIn} />
        <Share icon="paper" value={exam.handed_in} of={exam.signed_in} word={t.handedIn} />
      </div>
    </section>
  );
}
