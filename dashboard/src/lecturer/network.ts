/** The line from this computer to the centre, as the browser's own statistics tell it (webrtc-stats §8.4, §8.5). */

export interface Network {
  /** Round trip in milliseconds; null until the centre has reported. */
  rttMs: number | null;
  /** Share of packets that were lost on the way up, 0 to 1. */
  lost: number;
  /** Why the browser sends less than it would: the line, the processor, or nothing. */
  limited: "bandwidth" | "cpu" | null;
  /** What is sent, in kbit/s since the last look. */
  kbps: number;
  bytes: number;
  atMs: number;
}

export type Verdict = "good" | "weak" | "bad";

interface Report {
  type?: string;
  kind?: string;
  roundTripTime?: number;
  currentRoundTripTime?: number;
  nominated?: boolean;
  fractionLost?: number;
  bytesSent?: number;
  qualityLimitationReason?: string;
}

/** The figures now; `before` gives the bytes that were sent until the last look. */
export function networkOf(reports: Iterable<unknown>, before: Network | null, nowMs: number): Network {
  let rtt: number | undefined;
  let pairRtt: number | undefined;
  const found: Network = { rttMs: null, lost: 0, limited: null, kbps: 0, bytes: 0, atMs: nowMs };
  for (const each of reports) {
    const report = each as Report;
    if (report.type === "remote-inbound-rtp") {
      rtt = report.roundTripTime ?? rtt;
      found.lost = Math.max(found.lost, report.fractionLost ?? 0);
    } else if (report.type === "candidate-pair" && report.nominated) {
      pairRtt = report.currentRoundTripTime ?? pairRtt;
    } else if (report.type === "outbound-rtp") {
      found.bytes += report.bytesSent ?? 0;
      const reason = report.qualityLimitationReason;
      if (reason === "bandwidth" || reason === "cpu") found.limited ??= reason;
    }
  }
  const seconds = rtt ?? pairRtt;
  if (seconds !== undefined) found.rttMs = Math.round(seconds * 1000);
  if (before && nowMs > before.atMs && found.bytes >= before.bytes)
    found.kbps = Math.round(((found.bytes - before.bytes) * 8) / (nowMs - before.atMs));
  return found;
}

/** From where on rooms notice: a twentieth lost breaks the picture, more than 0.8 s makes a talk with a room hard. */
export function verdictOf(network: Network): Verdict {
  const rtt = network.rttMs ?? 0;
  if (network.lost >= 0.05 || rtt >= 800) return "bad";
  return network.lost >= 0.02 || rtt >= 300 || network.limited !== null ? "weak" : "good";
}
