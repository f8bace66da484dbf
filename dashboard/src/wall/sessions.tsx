import type { JSX } from "preact";
import { FloorLine } from "../floor/onwall";
import type { Tile, WallFloor, WallSession } from "../shared/feed";
import { clockLength, timeOfDay } from "../shared/format";
import { worded } from "../shared/i18n";
import { SourceLine } from "../sources/onwall";
import { airLine, standing } from "./onair";
import { Share, StripHead } from "./strips";
import { sessionStates, t } from "./words";

/** A strip for every session that runs, small ones when there are several. */
export function SessionStrips(props: {
  sessions: readonly WallSession[];
  floors: readonly WallFloor[];
  sites: ReadonlyMap<string, Tile>;
  nowMs: number;
}): JSX.Element {
  const { floors, sites, nowMs } = props;
  const { rows, more } = standing(props.sessions);
  if (!rows.length) return <section class="strip none muted">{t.noSession}</section>;
  return (
    <div class="session-strips">
      {rows.map((session) => (
        <SessionStrip key={session.id} session={session} floors={floors} sites={sites} nowMs={nowMs} />
      ))}
      {more.length > 0 && (
        <p class="more-sessions ellipsis">
          <b>{t.moreSessions(more.length)}</b>:{" "}
          {more.map((session, at) => (
            <Unseen key={session.id} session={session} first={at === 0} />
          ))}
        </p>
      )}
    </div>
  );
}

/** A session that has no row is named, and what cannot wait is said nevertheless. */
function Unseen({ session, first }: { session: WallSession; first: boolean }): JSX.Element {
  const line = airLine(session);
  return (
    <>
      {!first && " · "}
      {session.topic}
      {line?.tone === "grave" && <b class="tone-bad"> {line.word}</b>}
    </>
  );
}

function SessionStrip(props: {
  session: WallSession;
  floors: readonly WallFloor[];
  sites: ReadonlyMap<string, Tile>;
  nowMs: number;
}): JSX.Element {
  const { session, floors, sites, nowMs } = props;
  const running = session.state === "live" || session.state === "break";
  return (
    <section class="strip session" aria-label={session.topic} data-session={session.id}>
      <StripHead title={session.topic}>
        <p class="strip-air">
          {session.state !== "live" && <b>{worded(sessionStates, session.state)}</b>}
          <OnAir session={session} nowMs={nowMs} />
          {running && (
            <>
              <SourceLine source={session.source} />
              <FloorLine
                floor={floors.find((each) => each.session === session.id)}
                session={session.id}
                sites={sites}
                nowMs={nowMs}
              />
            </>
          )}
        </p>
        <p class="strip-plan">
          <span class="num">
            {timeOfDay(session.starts_ms)}–{timeOfDay(session.ends_ms)}
          </span>
          {running && <span class="num">{clockLength(nowMs - session.starts_ms)}</span>}
          <span class="ellipsis">{session.lecturer_name}</span>
        </p>
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

/** Whose picture the rooms see, and why; what is amiss is said instead, with how long it has been so. */
function OnAir({ session, nowMs }: { session: WallSession; nowMs: number }): JSX.Element | null {
  const line = airLine(session);
  if (!line) return null;
  const grave = line.tone === "grave";
  return (
    <>
      {line.word && (
        <span class={`air ${line.tone === "on" ? "on" : "off"}`} role={grave ? "alert" : undefined}>
          {line.word}
          {line.sinceMs !== null && <span class="num"> {clockLength(nowMs - line.sinceMs)}</span>}
        </span>
      )}
      {line.why && <span class="air-why ellipsis">{line.why}</span>}
    </>
  );
}
