/** How this computer's clock stands to the centre's, learned from each answer. */
let aheadMs = 0;

export function heard(centreMs: number, hereMs: number): void {
  aheadMs = centreMs - hereMs;
}

export function centreNow(hereMs: number): number {
  return hereMs + aheadMs;
}

/** Whole minutes until `atMs`, rounded up; negative once it is past. */
export function minutesLeft(atMs: number, nowMs: number): number {
  const left = (atMs - nowMs) / 60_000;
  return left >= 0 ? Math.ceil(left) : Math.floor(left);
}
