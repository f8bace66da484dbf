/** Where the marks of a time axis stand: round times of the day that a person reads at a glance. Pure. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
];

export interface Mark {
  atMs: number;
  /** A new day begins here. */
  day: boolean;
}

/** Marks between two moments, at most `most`, at round times of this computer's zone. */
export function marks(fromMs: number, untilMs: number, most: number): Mark[] {
  const step = STEPS.find((each) => (untilMs - fromMs) / each <= most) ?? 7 * DAY;
  const made: Mark[] = [];
  const at = midnight(fromMs);
  for (let day = 0; at.getTime() < untilMs; day++) {
    const start = at.getTime();
    at.setDate(at.getDate() + 1);
    if (step >= DAY && day % (step / DAY)) continue;
    for (let ms = start; ms < at.getTime() && ms < untilMs; ms += Math.min(step, DAY)) {
      if (ms >= fromMs) made.push({ atMs: ms, day: ms === start });
    }
  }
  return made;
}

function midnight(ms: number): Date {
  const at = new Date(ms);
  at.setHours(0, 0, 0, 0);
  return at;
}
