import { backoff } from "../shared/backoff";

/**
 * A flowing stream is lost after this long without a packet. A lecturer who dies is no reason to connect anew: the relay
 * judges so after 1.0 s and then waits for a keyframe of the slate (1.3 s in all), Janus after 0.7 s and up to 0.4 s to
 * look (up to 2.0 s in all on a busy computer). A relay worker that dies is one: all play again within 5 s.
 */
export const SILENCE_MS = 2200;
/** A new connection may take this long until its first packet. */
export const FIRST_PACKET_MS = 5000;
/** After this long of flow the next fault counts as the first again. */
export const STEADY_MS = 3000;
/** A picture that comes and is not decoded for so long never will be: the relay has been asked for a keyframe by then. */
export const BLIND_MS = 6000;
/** Each connection in a row that decodes nothing gets twice as long, so that the sound is not torn at every moment. */
const MOST_BLIND = 4;
/** A picture that comes at all comes once a second; one that does not is paused, by the centre or by the lecturer. */
const PAUSED_MS = 2000;
/** Looked at less often than this, the page or the computer was asleep. */
const ASLEEP_MS = 2000;
const LONGEST_MS = 5000;

export type Phase = "off" | "asking" | "flowing" | "waiting";

/** What the newest connection has received and decoded so far. */
export interface Received {
  packets: number;
  /** Of the picture, without what was sent again or to try the line. */
  pictureBytes: number;
  frames: number;
}

const nothing: Received = { packets: 0, pictureBytes: 0, frames: 0 };

/** Where a player stands with its stream; times are milliseconds of one steady clock. */
export interface Recovery {
  phase: Phase;
  sinceMs: number;
  received: Received;
  movedMs: number;
  lookedMs: number;
  /** When the picture last came. */
  pictureMs: number;
  /** Since when it comes and is not decoded; null while it is decoded, or none comes, or nobody could see it. */
  blindMs: number | null;
  /** Connections in a row that were given up for that. */
  blind: number;
  /** Faults in a row. */
  attempt: number;
  /** When to ask again; only in `waiting`. */
  askAtMs: number;
}

export const off: Recovery = {
  phase: "off",
  sinceMs: 0,
  received: nothing,
  movedMs: 0,
  lookedMs: 0,
  pictureMs: 0,
  blindMs: null,
  blind: 0,
  attempt: 0,
  askAtMs: 0,
};

/** A connection is being asked for, because of what befell the one before if there was any. */
export function asking(now: number, before: Recovery = off): Recovery {
  const { attempt, blind } = before;
  return {
    ...off,
    phase: "asking",
    sinceMs: now,
    movedMs: now,
    lookedMs: now,
    pictureMs: now,
    attempt,
    blind,
  };
}

/** The answer was no, or the connection failed. The old connection stays open meanwhile: it may come back first. */
export function failed(before: Recovery, now: number, chance: number): Recovery {
  if (before.phase === "off" || before.phase === "waiting") return before;
  const askAtMs = now + backoff(before.attempt, chance, 300, LONGEST_MS);
  return { ...before, phase: "waiting", sinceMs: now, attempt: before.attempt + 1, askAtMs };
}

/** What came so far on the newest connection was counted; `seen`: the page is not hidden, whose browser may not decode. */
export function counted(
  before: Recovery,
  received: Received,
  now: number,
  chance: number,
  seen = true,
): Recovery {
  if (before.phase === "off") return before;
  const looked = watched(before, received, now, seen);
  // What is given up because nothing is decoded goes on to flow.
  if (before.phase === "waiting" && looked.blindMs !== null) return { ...looked, received };
  if (received.packets > before.received.packets) return flowed(looked, received, now, chance);
  const patience = before.phase === "flowing" ? SILENCE_MS : FIRST_PACKET_MS;
  return now - before.movedMs > patience ? failed(looked, now, chance) : looked;
}

function watched(before: Recovery, received: Received, now: number, seen: boolean): Recovery {
  const looked = { ...before, lookedMs: now };
  if (received.pictureBytes > before.received.pictureBytes) looked.pictureMs = now;
  const paused = now - looked.pictureMs > PAUSED_MS;
  const asleep = now - before.lookedMs > ASLEEP_MS;
  if (received.frames > before.received.frames || paused || asleep || !seen) looked.blindMs = null;
  else if (looked.pictureMs === now) looked.blindMs ??= now;
  return looked;
}

function flowed(before: Recovery, received: Received, now: number, chance: number): Recovery {
  const sinceMs = before.phase === "flowing" ? before.sinceMs : now;
  const flowing: Recovery = { ...before, phase: "flowing", sinceMs, received, movedMs: now, askAtMs: 0 };
  if (before.blindMs !== null) {
    const patience = BLIND_MS * 2 ** Math.min(before.blind, MOST_BLIND);
    if (now - before.blindMs <= patience) return flowing;
    return { ...failed(flowing, now, chance), blind: before.blind + 1 };
  }
  const steady = before.phase === "flowing" && now - sinceMs >= STEADY_MS;
  return steady ? { ...flowing, attempt: 0, blind: 0 } : flowing;
}

/** Whether it is time to ask for a new connection. */
export function due(state: Recovery, now: number): boolean {
  return state.phase === "waiting" && now >= state.askAtMs;
}

/** Whether what comes can be heard: also while a connection is given up for its picture alone. */
export function sounds(state: Recovery): boolean {
  return state.phase === "flowing" || (state.phase === "waiting" && state.blindMs !== null);
}
