/**
 * The site's time on this page: the newest `now_ms` plus what a monotonic clock has counted since. The desk decides;
 * this only draws the countdown, and is set anew by each word of the desk (a phone's clock stops while it sleeps).
 */
export class SiteClock {
  private base: number | null = null;
  private at = 0;

  constructor(private readonly monotonic: () => number) {}

  set(nowMs: number): void {
    this.base = nowMs;
    this.at = this.monotonic();
  }

  now(): number | null {
    return this.base === null ? null : this.base + (this.monotonic() - this.at);
  }
}

const WARNINGS = [30, 10, 5, 1];

/** How long a warning stays: it says what was true when it came. */
export const WARNING_MS = 40_000;

/** Whole minutes left, as people count them: 0:30 is still one minute. */
export function minutesLeft(leftMs: number): number {
  return Math.max(0, Math.ceil(leftMs / 60_000));
}

/** The warning in minutes that falls due between two looks at the time left (WCAG 2.2, 2.2.1: before time runs out). */
export function dueWarning(beforeMs: number, nowMs: number): number | null {
  const due = WARNINGS.filter((minutes) => beforeMs > minutes * 60_000 && nowMs <= minutes * 60_000);
  return due.length ? Math.min(...due) : null;
}
