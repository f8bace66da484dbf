import { backoff } from "../shared/backoff";

/** A flowing stream is lost after this long without a packet. */
export const SILENCE_MS = 1000;
/** A new connection may take this long until its first packet. */
export const FIRST_PACKET_MS = 5000;
/** After this long of flow the next fault counts as the first again. */
export const STEADY_MS = 3000;
const LONGEST_MS = 5000;

export type Phase = "off" | "asking" | "flowing" | "waiting";

/** Where a player stands with its stream; times are milliseconds of one steady clock. */
export interface Recovery {
  phase: Phase;
  sinceMs: number;
  packets: number;
  movedMs: number;
  /** Faults in a row. */
  attempt: number;
  /** When to ask again; only in `waiting`. */
  askAtMs: number;
}

export const off: Recovery = { phase: "off", sinceMs: 0, packets: 0, movedMs: 0, attempt: 0, askAtMs: 0 };

/** A connection is being asked for. */
export function asking(now: number, attempt: number): Recovery {
  return { phase: "asking", sinceMs: now, packets: 0, movedMs: now, attempt, askAtMs: 0 };
}

/** The answer was no, or the connection failed. The old connection stays open meanwhile: it may come back first. */
export function failed(before: Recovery, now: number, chance: number): Recovery {
  if (before.phase === "off" || before.phase === "waiting") return before;
  const askAtMs = now + backoff(before.attempt, chance, 300, LONGEST_MS);
  return { ...before, phase: "waiting", sinceMs: now, attempt: before.attempt + 1, askAtMs };
}

/** The packets received so far on the newest connection were counted. */
export function counted(before: Recovery, packets: number, now: number, chance: number): Recovery {
  if (before.phase === "off") return before;
  if (packets > before.packets) {
    const began = before.phase === "flowing" ? before.sinceMs : now;
    const attempt = before.phase === "flowing" && now - began >= STEADY_MS ? 0 : before.attempt;
    return { phase: "flowing", sinceMs: began, packets, movedMs: now, attempt, askAtMs: 0 };
  }
  const patience = before.phase === "flowing" ? SILENCE_MS : FIRST_PACKET_MS;
  return now - before.movedMs > patience ? failed(before, now, chance) : before;
}

/** Whether it is time to ask for a new connection. */
export function due(state: Recovery, now: number): boolean {
  return state.phase === "waiting" && now >= state.askAtMs;
}
