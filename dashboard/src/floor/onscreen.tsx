import "./onscreen.css";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { countdown } from "../shared/format";
import { Icon } from "../shared/icons";
import type { LocalFloor, LocalState } from "../screen/state";
import { useHandKey } from "./handkey";
import { Listener } from "./listening";
import { moveHand } from "./local";
import { RoomPicture, type Seen } from "./picture";
import type { Door } from "./session";
import { type MicrophoneFault, Speaker, type SpeakState } from "./speaking";
import { t } from "./words";

/** How loud the lecture is while another room speaks, while this one does, and during a private word. */
const DUCKED = { other: 0.25, here: 0.7, aside: 0.1 };

type Element<E> = { current: E | null };

/** The floor of the session that is on the screen; one of another session is not shown. */
function floorOf(state: LocalState): LocalFloor | null {
  return state.floor && state.floor.session === state.lecture?.session ? state.floor : null;
}

/** The newest value, for what asks later. */
function useLatest<T>(value: T): { current: T } {
  const kept = useRef(value);
  kept.current = value;
  return kept;
}

/** Holds a WHEP session for as long as there is a door; a new token of the same door does not connect anew. */
function useListener(video: Element<HTMLVideoElement>, door: Door | null, speaks: boolean): void {
  const latest = useLatest(door);
  const listener = useRef<Listener | null>(null);
  const url = door?.url;
  useEffect(() => {
    if (!video.current || !url) return undefined;
    listener.current = new Listener(video.current, () => Promise.resolve(latest.current));
    return () => {
      listener.current?.close();
      listener.current = null;
    };
  }, [url]);
  if (listener.current) listener.current.expecting = speaks;
}

interface Speaking {
  state: SpeakState;
  microphone: MicrophoneFault;
  seen: Seen;
}

/** Publishes this room while it may speak; the picture that goes out stands in `place`. */
function useSpeaker(door: Door | null, muted: boolean, name: string, place: Element<HTMLElement>): Speaking {
  const latest = useLatest(door);
  const speaker = useRef<Speaker | null>(null);
  const [told, tell] = useState<Speaking>({ state: "connecting", microphone: null, seen: "name" });
  const url = door?.url;
  useEffect(() => {
    if (!url) return undefined;
    tell({ state: "connecting", microphone: null, seen: "name" });
    const picture = new RoomPicture(name, (seen) => tell((before) => ({ ...before, seen })));
    place.current?.replaceChildren(picture.canvas);
    speaker.current = new Speaker(picture.track(), () => Promise.resolve(latest.current), {
      onState: (state) => tell((before) => ({ ...before, state })),
      onMicrophone: (microphone) => tell((before) => ({ ...before, microphone })),
    });
    return () => {
      picture.close();
      picture.canvas.remove();
      void speaker.current?.close();
      speaker.current = null;
    };
  }, [url]);
  useEffect(() => speaker.current?.mute(muted), [muted, url]);
  return told;
}

/** Everything of the floor on the big screen; `lecture` is the element that plays the lecture. */
export function FloorPanel(props: {
  state: LocalState;
  nowMs: number;
  lecture: Element<HTMLVideoElement>;
}): JSX.Element {
  const { state, nowMs, lecture } = props;
  const floor = floorOf(state);
  const others = useRef<HTMLVideoElement>(null);
  const centre = useRef<HTMLVideoElement>(null);
  const own = useRef<HTMLDivElement>(null);
  const speaker = floor?.speaker ?? null;
  const aside = floor?.aside ?? null;
  const here = Boolean(floor?.speak) && !aside;
  const other = speaker !== null && !speaker.here && !aside;
  useListener(others, floor?.hear ?? null, other);
  useListener(centre, aside?.hear ?? null, false);
  const speaking = useSpeaker(
    aside?.speak ?? floor?.speak ?? null,
    !aside && Boolean(floor?.muted),
    state.site.name,
    own,
  );
  const volume = aside ? DUCKED.aside : other ? DUCKED.other : here ? DUCKED.here : 1;
  useLayoutEffect(() => {
    if (lecture.current) lecture.current.volume = volume;
  }, [volume]);
  const kind = aside ? "aside" : here ? "here" : other ? "other" : "none";
  return (
    <aside class={`floor floor-${kind}`} data-floor={kind}>
      {here && <OnAir floor={floor} speaking={speaking} />}
      {aside && (
        <>
          <p class="on-air">
            <span class="lamp" /> {t.aside}
          </p>
          <p class="hint">{t.asideWith(aside.said_by)}</p>
        </>
      )}
      {other && <p class="kicker">{t.speaking}</p>}
      {other && <h2>{[speaker.code, speaker.name].filter(Boolean).join(" · ")}</h2>}
      {/* Own voice and one's own picture never come back: the room would hear itself. */}
      <video ref={others} class="others" autoplay playsInline muted={!other} />
      <div class="own" ref={own} />
      <video ref={centre} class="centre" autoplay playsInline />
      {(here || other) && speaker && (
        <p class="time-left num">
          {t.left} <strong>{countdown(speaker.until_ms, nowMs)}</strong>
        </p>
      )}
    </aside>
  );
}

const SEEN: Record<Seen, () => string> = {
  clear: () => t.onAirHint,
  blurred: () => t.onAirBlurred,
  name: () => t.onAirUnseen,
};

function OnAir(props: { floor: LocalFloor | null; speaking: Speaking }): JSX.Element {
  const { floor, speaking } = props;
  return (
    <>
      <p class="on-air">
        <span class="lamp" /> {t.onAir}
      </p>
      {speaking.microphone ? (
        <p class="bad">{t.microphone}</p>
      ) : floor?.muted ? (
        <p class="bad">
          <Icon name="mute" /> {t.muted}
        </p>
      ) : (
        <p class="hint">{speaking.state === "on" ? SEEN[speaking.seen]() : t.connecting}</p>
      )}
    </>
  );
}

/** One button and one key: raise the hand, lower it, or stop speaking. */
export function HandButton(props: { state: LocalState }): JSX.Element | null {
  const floor = floorOf(props.state);
  const move = (): void => {
    if (floor) void moveHand(floor).catch(() => undefined);
  };
  useHandKey(move);
  usePointer();
  if (!floor || floor.aside) return null;
  const word = floor.speak
    ? t.stop
    : floor.hand === "sending"
      ? t.sending
      : floor.hand === "up"
        ? t.raised(floor.place)
        : t.raise;
  return (
    <button class={`hand hand-${floor.speak ? "speaking" : floor.hand}`} onClick={move}>
      <Icon name="hand" /> {word}
    </button>
  );
}

const POINTER_MS = 3000;

/** The big screen hides the pointer; whoever moves the mouse sees it for a moment. */
function usePointer(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moved = (): void => {
      document.body.classList.add("pointing");
      clearTimeout(timer);
      timer = setTimeout(() => document.body.classList.remove("pointing"), POINTER_MS);
    };
    addEventListener("mousemove", moved);
    return () => {
      clearTimeout(timer);
      removeEventListener("mousemove", moved);
    };
  }, []);
}
