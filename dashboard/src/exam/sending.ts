import { backoff } from "../shared/backoff";
import type { Outbox, Said, Waiting } from "./outbox";

/** How much is on its way at once: the desk takes one after another, so that more would only queue there. */
const WINDOW = 8;
/** Well below what the desk lets through (`site_agent/exam/desk.py`), for other words need room too. */
const BURST = 100;
const PER_MS = 0.015;
const SILENT_MS = 10_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;
/** How long a computer where nobody sits rests before it brings everything again. */
const ROUND_MS = 9_000;

const UNDER_WAY = 0;
const REFUSED = 1;
const DONE = 2;

/** Decides what of an outbox goes to the desk when; times are milliseconds of any monotonic clock. */
export interface Sending {
  /** Another line or another seat: the desk may be another one, and everything is brought once. */
  anew(): void;
  /** The candidate has chosen, or the paper has opened: no longer wait. */
  hurry(): void;
  /**
   * What goes now. What has no ✓ goes first, in its order, a hand-in after the answers of its box; then what has ✓ and may
   * be unknown here, the newest first. `repeat`: nobody sits here who would be told of ✓✓, so ask again and again.
   */
  due(boxes: readonly Outbox[], now: number, repeat: boolean): Said[];
  /** The desk has said something of this message. */
  heard(session: string, seq: number, refused: boolean, now: number): void;
}

export function keepSending(chance: () => number): Sending {
  const courses = new Map<string, number>();
  let level = 0;
  let leakedAt = 0;
  let heardAt = 0;
  let attempt = 0;
  let pauseEnds = 0;

  const keyOf = (session: string, seq: number): string => `${session} ${seq}`;

  function onCourse(course: number, then: (key: string) => void): number {
    const found = Array.from(courses.keys()).filter((key) => courses.get(key) === course);
    found.forEach(then);
    return found.length;
  }

  const forget = (key: string): void => void courses.delete(key);
  const refuse = (key: string): void => void courses.set(key, REFUSED);

  /** Grows, and is spread: pages that were refused together do not come back in step. */
  function pause(now: number): void {
    if (now >= pauseEnds) pauseEnds = now + backoff(attempt++, chance(), FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  }

  function next(boxes: readonly Outbox[]): Waiting[] {
    const fresh: Waiting[] = [];
    const old: Waiting[] = [];
    boxes.forEach((box) => {
      const answering = box.some(({ said, saved }) => !saved && said.item);
      box.forEach((waiting) => {
        const { said, saved } = waiting;
        if (courses.has(keyOf(said.session, said.client_seq))) return;
        if (saved) old.unshift(waiting);
        // What comes to the desk after the hand-in counts for nothing.
        else if (said.item || !answering) fresh.push(waiting);
      });
    });
    return fresh.concat(old);
  }

  return {
    anew: () => {
      courses.clear();
      attempt = pauseEnds = 0;
    },
    hurry: () => {
      onCourse(REFUSED, forget);
      pauseEnds = 0;
    },
    due: (boxes, now, repeat) => {
      level = Math.max(0, level - (now - leakedAt) * PER_MS);
      leakedAt = now;
      if (now - heardAt > SILENT_MS && onCourse(UNDER_WAY, refuse)) pause(now);
      if (now < pauseEnds) return [];
      const underWay = onCourse(UNDER_WAY, () => undefined);
      const waiting = next(boxes);
      if (!waiting.length && !underWay) {
        onCourse(REFUSED, forget);
        if (repeat) {
          courses.clear();
          pauseEnds = now + ROUND_MS;
        }
      }
      // While the desk refuses, one message at a time is enough to see whether it still does.
      const room = Math.min((attempt ? 1 : WINDOW) - underWay, Math.floor(BURST - level));
      const going = waiting.slice(0, Math.max(0, room)).map(({ said }) => said);
      going.forEach((said) => courses.set(keyOf(said.session, said.client_seq), UNDER_WAY));
      level += going.length;
      if (going.length) heardAt = now;
      return going;
    },
    heard: (session, seq, refused, now) => {
      const key = keyOf(session, seq);
      if (!courses.has(key)) return;
      courses.set(key, refused ? REFUSED : DONE);
      heardAt = now;
      if (refused) pause(now);
      else attempt = pauseEnds = 0;
    },
  };
}
