/** What the newest connection tells about its line so far (webrtc-stats §8.2, §8.11). */
export interface LineSeen {
  /** Times that something lost was asked for again. */
  nacks: number;
  /** Times that the picture froze. */
  freezes: number;
  /** Milliseconds to the relay and back; 0 while unknown. */
  roundTripMs: number;
}

/**
 * How long the player keeps what came before it shows it. On a line that loses nothing the browser's own choice, which
 * is the shortest; on one that does, as long as it takes until a lost packet is there again: it is missed when the next
 * one comes, asked for, and sent, and one in ten is lost on the way once more.
 */
export interface Cushion {
  /** Milliseconds to keep; null leaves it to the browser. */
  targetMs: number | null;
  /** When it was last made longer. */
  raisedMs: number;
  /** When something was last asked for again or the picture froze. */
  troubledMs: number;
  /** What had been seen when it was last looked at. */
  seen: LineSeen;
  /** Steadily losing: how many looks with a loss lately. */
  losses: number;
}

export const noCushion: Cushion = {
  targetMs: null,
  raisedMs: 0,
  troubledMs: 0,
  seen: { nacks: 0, freezes: 0, roundTripMs: 0 },
  losses: 0,
};

const LEAST_MS = 200;
const MOST_MS = 1000;
/** One loss is nobody's line; so many within {@link CALM_MS} are. */
const LOSSES = 3;
const ROUND_TRIPS = 4;
const JITTER_MS = 60;
const AFTER_FREEZE = 1.5;
/** A browser grows into a longer wait by a tenth of a second each second: until then a freeze says nothing about it. */
const GROWING_MS = 8000;
/** After this long without a loss the line counts as mended. */
const CALM_MS = 30_000;

/** The line was looked at, `now` in milliseconds of one steady clock. */
export function cushioned(before: Cushion, seen: LineSeen, now: number): Cushion {
  // A new connection counts from zero again.
  const anew = seen.nacks < before.seen.nacks || seen.freezes < before.seen.freezes;
  const lost = seen.nacks > (anew ? 0 : before.seen.nacks);
  const froze = seen.freezes > (anew ? 0 : before.seen.freezes);
  if (!lost && !froze) {
    const calm = now - before.troubledMs >= CALM_MS;
    return calm ? { ...noCushion, seen } : { ...before, seen };
  }
  const losses = lost ? before.losses + 1 : before.losses;
  const cushion = { ...before, seen, losses, troubledMs: now };
  if (losses < LOSSES) return cushion;
  const needed = ROUND_TRIPS * seen.roundTripMs + JITTER_MS;
  const kept = before.targetMs ?? 0;
  const tooShort = froze && now - before.raisedMs >= GROWING_MS;
  const targetMs = bounded(Math.max(needed, tooShort ? kept * AFTER_FREEZE : kept));
  return { ...cushion, targetMs, raisedMs: targetMs === before.targetMs ? before.raisedMs : now };
}

function bounded(ms: number): number {
  return Math.round(Math.min(MOST_MS, Math.max(LEAST_MS, ms)));
}

/** Both streams wait equally long, so that lips and voice stay together. */
export function lay(peer: RTCPeerConnection, { targetMs }: Cushion): void {
  for (const receiver of peer.getReceivers())
    if ("jitterBufferTarget" in receiver && receiver.jitterBufferTarget !== targetMs)
      receiver.jitterBufferTarget = targetMs;
}

interface Report {
  type: string;
  kind?: string;
  nackCount?: number;
  freezeCount?: number;
  nominated?: boolean;
  currentRoundTripTime?: number;
}

/** Reads the statistics of one connection. */
export function lineOf(reports: Iterable<unknown>): LineSeen {
  const line = { nacks: 0, freezes: 0, roundTripMs: 0 };
  for (const each of reports) {
    const report = each as Report;
    if (report.type === "inbound-rtp" && report.kind === "video") {
      line.nacks = report.nackCount ?? 0;
      line.freezes = report.freezeCount ?? 0;
    }
    if (report.type === "candidate-pair" && report.nominated)
      line.roundTripMs = (report.currentRoundTripTime ?? 0) * 1000;
  }
  return line;
}
