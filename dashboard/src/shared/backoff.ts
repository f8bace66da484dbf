/**
 * Milliseconds to wait before try number `attempt` (0, 1, 2…): doubles from `first` to `limit`, and is spread over the
 * upper half by `chance` in [0, 1) so that many pages do not come back in step.
 */
export function backoff(attempt: number, chance: number, first = 500, limit = 15_000): number {
  const full = Math.min(limit, first * 2 ** Math.min(attempt, 20));
  return Math.round(full * (0.5 + chance / 2));
}
