import "./hands.css";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { api } from "../shared/api";
import { clockLength, countdown } from "../shared/format";
import { Icon } from "../shared/icons";
import { Alert } from "../shared/parts";
import { can } from "../shared/signed";
import { muteHints, muteRooms, t } from "./handwords";
import { Listener } from "./listening";
import { type LiveFloor, useFloor } from "./live";
import { floorPath, type Grant, type Hand, isMute, nameOf } from "./model";
import { Questions } from "./questions";

/** Who speaks, whose hands are up, and the questions that were let through: a card of the lecturer's page. `onSpeaks`
 * is told when a room is given the floor, and when it has it no longer. */
export function FloorCard(props: { session: string; onSpeaks: (on: boolean) => void }): JSX.Element {
  const live = useFloor(props.session);
  const speaks = (live.floor?.grant ?? null) !== null;
  useEffect(() => props.onSpeaks(speaks), [speaks]);
  return (
    <div class="card stack floor-card">
      <h2>{t.title}</h2>
      {live.fault && <Alert tone="bad">{live.fault}</Alert>}
      <Hands session={props.session} live={live} />
      <Questions live={live} />
    </div>
  );
}

/** The queue and who has the floor, with the room's picture and voice. `aside`: what else can be done with a room. */
export function Hands(props: {
  session: string;
  live: LiveFloor;
  aside?: (site: string) => void;
}): JSX.Element {
  const { live, session } = props;
  const { floor, nowMs, act } = live;
  const grant = floor?.grant ?? null;
  return (
    <>
      <RoomVoice session={session} grant={grant} />
      {grant && <Speaks grant={grant} nowMs={nowMs} act={act} />}
      {floor && floor.hands.length === 0 && !grant && <p class="muted">{t.nobody}</p>}
      {floor && floor.hands.length > 0 && (
        <section aria-label={t.hands(floor.hands.length)}>
          <h3>
            <Icon name="hand" /> {t.hands(floor.hands.length)}
          </h3>
          <ol class="hands">
            {floor.hands.map((hand) => (
              <Raised key={hand.room.site} hand={hand} nowMs={nowMs} act={act} aside={props.aside} />
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

function Raised(props: {
  hand: Hand;
  nowMs: number;
  act: LiveFloor["act"];
  aside: ((site: string) => void) | undefined;
}): JSX.Element {
  const { hand, nowMs, act, aside } = props;
  const { room } = hand;
  const name = nameOf(room);
  return (
    <li>
      <div class="grow">
        <strong>{name}</strong>
        <small class="muted num">
          {room.district} ·{" "}
          <span class="waits">
            {t.waits} {clockLength(Math.max(0, nowMs - hand.since_ms))}
          </span>
          {!hand.linked && <span class="tone-bad"> · {t.away}</span>}
          {hand.linked && isMute(hand.voice) && (
            <span class="tone-bad" data-mute={hand.voice}>
              {" "}
              · {muteRooms[hand.voice]}
            </span>
          )}
        </small>
      </div>
      {can("floor.give") && (
        <button
          class="button primary"
          aria-label={t.giveTo(name)}
          disabled={!hand.linked || isMute(hand.voice)}
          title={isMute(hand.voice) ? muteHints[hand.voice] : undefined}
          onClick={() => void act("grant", { site: room.site })}
        >
          {t.give}
        </button>
      )}
      {aside && (
        <button class="button small" aria-label={t.asideOf(name)} onClick={() => aside(room.site)}>
          {t.aside}
        </button>
      )}
      {can("floor.give") && (
        <button
          class="button small"
          aria-label={t.lowerOf(name)}
          onClick={() => void act("dismiss", { site: room.site })}
        >
          {t.lower}
        </button>
      )}
    </li>
  );
}

function Speaks(props: { grant: Grant; nowMs: number; act: LiveFloor["act"] }): JSX.Element {
  const { grant, nowMs, act } = props;
  return (
    <section class="speaks">
      <p class="speaks-now">
        <span class="lamp" /> {t.speaks}
      </p>
      <p class="who">{nameOf(grant.room)}</p>
      <p class="num">
        {t.left} <b>{countdown(grant.until_ms, nowMs)}</b>
      </p>
      {!grant.linked && <Alert tone="warn">{t.unlinked}</Alert>}
      {grant.linked && isMute(grant.voice) && <Alert tone="bad">{muteHints[grant.voice]}</Alert>}
      {can("floor.give") && (
        <div class="row">
          <button class="button danger" onClick={() => void act("take-back")}>
            {t.stop}
          </button>
          <button class="button" onClick={() => void act("mute", { muted: !grant.muted })}>
            <Icon name={grant.muted ? "mute" : "sound"} /> {grant.muted ? t.unmute : t.mute}
          </button>
          <button class="button" onClick={() => void act("extend", { seconds: 60 })}>
            {t.more}
          </button>
        </div>
      )}
    </section>
  );
}

/** The floor's stream, open from the start, so that a room that is called is heard at once. */
function RoomVoice(props: { session: string; grant: Grant | null }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const listener = useRef<Listener | null>(null);
  useEffect(() => {
    if (!video.current) return undefined;
    listener.current = new Listener(video.current, async () => {
      const { whep_url, token } = await api.get<{ whep_url: string; token: string }>(
        `${floorPath(props.session)}/hear`,
      );
      return { url: whep_url, token };
    });
    return () => listener.current?.close();
  }, [props.session]);
  if (listener.current) listener.current.expecting = props.grant !== null;
  return <video ref={video} class={props.grant ? "room-voice" : "room-voice none"} autoplay playsInline />;
}
