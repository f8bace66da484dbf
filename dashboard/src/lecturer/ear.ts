/** Whether anybody is still at the other end: the relay reports twice a second, whatever it gets. */

/** So long without a word mean that it is gone; ICE itself would notice after many seconds more. */
export const SILENT_MS = 1_600;
const LOOK_MS = 250;

/** What was heard last. `bytes` null: nothing yet, the connection has just begun. */
export interface Heard {
  bytes: number | null;
  atMs: number;
}

export function listened(before: Heard, bytes: number, now: number): Heard {
  return bytes === before.bytes ? before : { bytes, atMs: now };
}

export function silent(heard: Heard, now: number): boolean {
  return heard.bytes !== null && now - heard.atMs > SILENT_MS;
}

/** Calls `gone` once when the relay falls silent; the function it returns stops listening. */
export function listenTo(peer: RTCPeerConnection, gone: () => void): () => void {
  let heard: Heard = { bytes: null, atMs: performance.now() };
  let looked = performance.now();
  const look = async (): Promise<void> => {
    const bytes = received(await peer.getStats());
    const now = performance.now();
    // A page that was asleep heard nothing because it did not listen.
    const slept = now - looked > SILENT_MS;
    looked = now;
    heard = slept ? { bytes, atMs: now } : listened(heard, bytes, now);
    if (!silent(heard, now)) return;
    clearInterval(timer);
    gone();
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  return () => clearInterval(timer);
}

function received(stats: RTCStatsReport): number {
  let sum = 0;
  stats.forEach((report: { type: string; bytesReceived?: number }) => {
    if (report.type === "transport") sum += report.bytesReceived ?? 0;
  });
  return sum;
}
