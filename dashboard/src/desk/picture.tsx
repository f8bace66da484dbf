import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { TrialBox } from "./room";
import { inserted, moved, outline, outside, split, without, type Corner } from "./polygon";
import { t } from "./roomwords";

const EVERY_MS = 1000;
const AGAIN_MS = 3000;
const STEP = 0.01;
const STRIDE = 0.05;
const TAP_PX = 6;

const ARROWS: Record<string, Corner> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The room as it is now, a new picture each second; one is asked for only when the one before it has come. */
function useLive(on: boolean): { src: string; fault: boolean; arrived: () => void; missed: () => void } {
  const [turn, setTurn] = useState(1);
  const [fault, setFault] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const next = (after: number): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setTurn((turn) => turn + 1), after);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (on) setTurn((turn) => turn + 1);
    else clearTimeout(timer.current);
  }, [on]);
  return {
    src: `/local/room/picture.jpg?n=${turn}`,
    fault,
    arrived: () => {
      setFault(false);
      if (on) next(EVERY_MS);
    },
    missed: () => {
      setFault(true);
      if (on) next(AGAIN_MS);
    },
  };
}

export interface PictureProps {
  corners: readonly Corner[];
  onCorners: (corners: Corner[]) => void;
  /** The newest trial's places and its picture, in place of the room now. */
  trial: { boxes: TrialBox[]; src: string } | null;
}

/** The room with its seats drawn over it: corners by mouse, finger and keyboard. */
export function RoomPicture(props: PictureProps): JSX.Element {
  const { corners, onCorners, trial } = props;
  const frame = useRef<HTMLDivElement>(null);
  const live = useLive(trial === null);
  const dragged = useRef<number | null>(null);
  const pressed = useRef<{ x: number; y: number } | null>(null);

  function share(event: PointerEvent): Corner {
    const box = frame.current?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  }

  // With the corners themselves, before the next key: a Delete a moment later must meet the corner that was just put.
  const wanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    frame.current?.querySelectorAll<HTMLElement>(".corner")[wanted.current]?.focus();
    wanted.current = null;
  }, [corners]);

  function put(change: { corners: Corner[]; index: number }): void {
    wanted.current = change.index;
    onCorners(change.corners);
  }

  function onKey(event: KeyboardEvent, index: number): void {
    const corner = corners[index];
    const arrow = ARROWS[event.key];
    if (!corner) return;
    if (arrow) {
      const by = event.shiftKey ? STRIDE : STEP;
      onCorners(moved(corners, index, { x: corner.x + arrow.x * by, y: corner.y + arrow.y * by }));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      wanted.current = Math.max(0, index - 1);
      onCorners(without(corners, index));
    } else if (event.key === "Enter" || event.key === "+") put(split(corners, index));
    else return;
    event.preventDefault();
  }

  return (
    <div
      class={!trial && live.fault ? "room-picture empty" : "room-picture"}
      ref={frame}
      onPointerDown={(event) => {
        if ((event.target as Element).classList.contains("corner")) return;
        pressed.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerMove={(event) => {
        if (dragged.current !== null) onCorners(moved(corners, dragged.current, share(event)));
      }}
      onPointerUp={(event) => {
        const from = pressed.current;
        pressed.current = null;
        if (dragged.current !== null) dragged.current = null;
        else if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) < TAP_PX)
          put(inserted(corners, share(event)));
      }}
      onPointerCancel={() => {
        dragged.current = null;
        pressed.current = null;
      }}
    >
      {trial ? (
        <img src={trial.src} alt={t.counted} draggable={false} />
      ) : (
        <img src={live.src} alt={t.live} draggable={false} onLoad={live.arrived} onError={live.missed} />
      )}
      {!trial && live.fault && <p class="room-dark">{t.noPicture}</p>}
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {corners.length > 2 && <path class="outside" d={outside(corners)} />}
        {corners.length > 1 && <polygon class="seats" points={outline(corners)} />}
        {trial?.boxes.map((box) => (
          <rect
            key={`${box.x}-${box.y}`}
            class={box.still ? "place still" : "place"}
            x={box.x * 100}
            y={box.y * 100}
            width={box.w * 100}
            height={box.h * 100}
          />
        ))}
      </svg>
      {corners.map((corner, index) => (
        <button
          key={index}
          type="button"
          class="corner"
          style={{ left: `${corner.x * 100}%`, top: `${corner.y * 100}%` }}
          aria-label={t.corner(index + 1, Math.round(corner.x * 100), Math.round(corner.y * 100))}
          onPointerDown={(event) => {
            dragged.current = index;
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onKeyDown={(event) => onKey(event, index)}
        />
      ))}
    </div>
  );
}
