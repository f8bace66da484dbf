import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { clockLength, timeOfDay } from "../shared/format";
import { Alert } from "../shared/parts";
import { markSentence } from "./markwords";
import { beside, currentMark, fileAddress, type Mark, type Recording, share } from "./model";
import { w } from "./words";

/** Beyond it the room that speaks is set right beside the lecture; below it nobody hears the difference. */
const APART_S = 0.25;

/** The lecture, the room that spoke beside it, and everything that happened, each moment one press away. */
export function Player({ recording, look }: { recording: Recording; look: string }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const [atMs, at] = useState(0);
  const [broken, breaks] = useState(false);
  const go = (placeMs: number): void => {
    if (!video.current) return;
    video.current.currentTime = placeMs / 1000;
    at(placeMs);
  };
  return (
    <div class="recording-player">
      <div class="stack">
        {broken && <Alert tone="bad">{w.cannotPlay}</Alert>}
        <div class="recording-stage">
          <video
            ref={video}
            class="recording-video"
            controls
            preload="metadata"
            src={fileAddress(recording.session, "lecture", look)}
            onTimeUpdate={(event) => at(event.currentTarget.currentTime * 1000)}
            onError={() => breaks(true)}
          />
          <Floor recording={recording} look={look} lecture={video} atMs={atMs} />
        </div>
        <Strip recording={recording} atMs={atMs} go={go} />
      </div>
      <Marks marks={recording.marks} current={currentMark(recording.marks, atMs)} go={go} />
    </div>
  );
}

interface FloorProps {
  recording: Recording;
  look: string;
  lecture: { current: HTMLVideoElement | null };
  atMs: number;
}

/** The room that spoke, in step with the lecture; gone when nobody did. */
function Floor({ recording, look, lecture, atMs }: FloorProps): JSX.Element | null {
  const box = useRef<HTMLVideoElement>(null);
  const found = beside(recording.segments, atMs);
  const number = found?.segment.number ?? 0;
  useEffect(() => {
    const main = lecture.current;
    const floor = box.current;
    if (!main || !floor || !found) return;
    const should = found.atMs / 1000;
    if (Math.abs(floor.currentTime - should) > APART_S) floor.currentTime = should;
    floor.playbackRate = main.playbackRate;
    floor.volume = main.volume;
    floor.muted = main.muted;
    if (main.paused) floor.pause();
    else void floor.play().catch(() => undefined);
  }, [atMs, number]);
  useEffect(() => {
    const main = lecture.current;
    if (!main || !number) return undefined;
    const pause = (): void => box.current?.pause();
    main.addEventListener("pause", pause);
    return () => main.removeEventListener("pause", pause);
  }, [number]);
  if (!found) return null;
  return (
    <figure class="recording-floor">
      <video
        key={number}
        ref={box}
        preload="auto"
        playsInline
        src={fileAddress(recording.session, "floor", look, number)}
      />
      <figcaption>{w.floorSpeaks}</figcaption>
    </figure>
  );
}

interface StripProps {
  recording: Recording;
  atMs: number;
  go: (placeMs: number) => void;
}

/** The whole session in one line: where rooms spoke, every mark, and where we are. */
function Strip({ recording, atMs, go }: StripProps): JSX.Element {
  const length = recording.length_ms;
  return (
    <div
      class="recording-strip"
      onClick={(event) => {
        const field = event.currentTarget.getBoundingClientRect();
        go(((event.clientX - field.left) / field.width) * length);
      }}
    >
      {recording.segments.map(
        (segment) =>
          segment.track === "floor" &&
          segment.beside_ms !== null && (
            <span
              key={segment.number}
              class="spoke"
              style={{
                left: `${share(segment.beside_ms, length)}%`,
                width: `${share(segment.length_ms, length)}%`,
              }}
            />
          ),
      )}
      {recording.marks.map(
        (mark, index) =>
          mark.place_ms !== null && (
            <span
              key={index}
              class={`tick ${mark.kind.split("_")[0]}`}
              style={{ left: `${share(mark.place_ms, length)}%` }}
              title={`${clockLength(mark.place_ms)} ${markSentence(mark)}`}
            />
          ),
      )}
      <span class="here" style={{ left: `${share(atMs, length)}%` }} />
    </div>
  );
}

interface MarksProps {
  marks: Mark[];
  current: number;
  go: (placeMs: number) => void;
}

function Marks({ marks, current, go }: MarksProps): JSX.Element {
  return (
    <section class="card recording-marks" aria-label={w.timeline}>
      <h2>{w.timeline}</h2>
      <ol>
        {marks.map((mark, index) => (
          <li key={index} class={index === current ? "current" : ""}>
            {mark.place_ms === null ? (
              <span class="row gone">
                <span class="num muted">{timeOfDay(mark.at_ms)}</span>
                <span class="grow">{markSentence(mark)}</span>
                <small class="muted">{w.notRecorded}</small>
              </span>
            ) : (
              <button
                class="row"
                aria-current={index === current ? "true" : undefined}
                title={w.goTo(clockLength(mark.place_ms))}
                onClick={() => go(mark.place_ms ?? 0)}
              >
                <b class="num">{clockLength(mark.place_ms)}</b>
                <span class="grow">{markSentence(mark)}</span>
                <small class="num muted">{timeOfDay(mark.at_ms)}</small>
              </button>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
