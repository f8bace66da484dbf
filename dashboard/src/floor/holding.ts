import { backoff } from "../shared/backoff";

/** ICE often mends a short break by itself; longer than this and a new connection is quicker. */
export const MEND_MS = 2000;
/** Somebody speaks and nothing comes: the relay may have lost this connection without a word. */
export const DEAF_MS = 4000;
export const CONNECT_MS = 10_000;

/**
 * A connection that is open before anything is sent on it: that nothing comes is no fault of it unless somebody is said
 * to speak. Times are milliseconds of one steady clock.
 */
export interface Holding {
  phase: "off" | "asking" | "open" | "broken" | "waiting";
  sinceMs: number;
  packets: number;
  movedMs: number;
  attempt: number;
  askAtMs: number;
}

export const off: Holding = { phase: "off", sinceMs: 0, packets: 0, movedMs: 0, attempt: 0, askAtMs: 0 };

export function asking(before: Holding, now: number): Holding {
  return { ...before, phase: "asking", sinceMs: now, packets: 0, movedMs: now };
}

export function failed(before: Holding, now: number, chance: number): Holding {
  if (before.phase === "off" || before.phase === "waiting") return before;
  const askAtMs = now + backoff(before.attempt, chance, 300, 10_000);
  return { ...before, phase: "waiting", sinceMs: now, attempt: before.attempt + 1, askAtMs };
}

/** What the browser says of the connection. */
export function heard(before: Holding, state: RTCPeerConnectionState, now: number, chance: number): Holding {
  if (before.phase === "off" || before.phase === "waiting") return before;
  if (state === "connected")
    return before.phase === "open" ? before : { ...before, phase: "open", sinceMs: now, movedMs: now };
  if (state === "failed" || state === "closed") return failed(before, now, chance);
  return state === "disconnected" && before.phase === "open"
    ? { ...before, phase: "broken", sinceMs: now }
    : before;
}

/** Looked at a few times a second: `speaks` when somebody should be heard; `patienceMs` for a connection to stand. */
export function looked(
  before: Holding,
  packets: number,
  speaks: boolean,
  now: number,
  chance: number,
  patienceMs = CONNECT_MS,
): Holding {
  if (before.phase === "asking")
    return now - before.sinceMs > patienceMs ? failed(before, now, chance) : before;
  if (before.phase === "broken") return now - before.sinceMs > MEND_MS ? failed(before, now, chance) : before;
  if (before.phase !== "open") return before;
  if (packets !== before.packets || !speaks) {
    const attempt = packets > before.packets ? 0 : before.attempt;
    return { ...before, packets, movedMs: now, attempt };
  }
  return now - before.movedMs > DEAF_MS ? failed(before, now, chance) : before;
}

export function due(state: Holding, now: number): boolean {
  return state.phase === "waiting" && now >= state.askAtMs;
}
