import { climb, type Rung, start } from "./ladder";
import type { Path } from "../shared/ice";
import type { LocalState } from "./state";

export type PictureState = LocalState["screen"]["state"];

/** The same limits as in the agent (site_agent/lecture/figures.py), which decides for the centre. */
export const STALLED_AFTER_MS = 2000;
export const DARK_AFTER_MS = 10_000;

export function pictureState(lecture: boolean, stillMs: number): PictureState {
  if (!lecture) return "idle";
  if (stillMs >= DARK_AFTER_MS) return "dark";
  return stillMs >= STALLED_AFTER_MS ? "stalled" : "playing";
}

/** Counters of one connection, read from its statistics (webrtc-stats §8.2). */
export interface Counters {
  packets: number;
  /** Of these, sound. */
  soundPackets: number;
  /** Of the picture, without what was sent again or to try the line. */
  pictureBytes: number;
  frames: number;
  width: number;
  height: number;
  lost: number;
  jitterMs: number;
  /** Decoded sound, 0 to 1, as the browser tells it; null without sound. */
  audioLevel: number | null;
}

export const nothing: Counters = {
  packets: 0,
  soundPackets: 0,
  pictureBytes: 0,
  frames: 0,
  width: 0,
  height: 0,
  lost: 0,
  jitterMs: 0,
  audioLevel: null,
};

interface InboundRtp {
  type: string;
  kind?: string;
  packetsReceived?: number;
  packetsLost?: number;
  bytesReceived?: number;
  retransmittedBytesReceived?: number;
  framesDecoded?: number;
  frameWidth?: number;
  frameHeight?: number;
  jitter?: number;
  audioLevel?: number;
}

export function countersOf(reports: Iterable<unknown>): Counters {
  const sum = { ...nothing };
  for (const report of reports) {
    const rtp = report as InboundRtp;
    if (rtp.type !== "inbound-rtp") continue;
    sum.packets += rtp.packetsReceived ?? 0;
    sum.lost += Math.max(0, rtp.packetsLost ?? 0);
    if (rtp.kind === "audio") {
      sum.audioLevel = rtp.audioLevel ?? null;
      sum.soundPackets = rtp.packetsReceived ?? 0;
    }
    if (rtp.kind !== "video") continue;
    sum.pictureBytes = (rtp.bytesReceived ?? 0) - (rtp.retransmittedBytesReceived ?? 0);
    sum.frames = rtp.framesDecoded ?? 0;
    sum.width = rtp.frameWidth ?? 0;
    sum.height = rtp.frameHeight ?? 0;
    sum.jitterMs = (rtp.jitter ?? 0) * 1000;
  }
  return sum;
}

/** What the page sends each second. */
export interface Figures {
  type: "figures";
  state: PictureState;
  frames_decoded: number;
  fps: number;
  width: number;
  height: number;
  audio_dbfs: number | null;
  packets_lost: number;
  jitter_ms: number;
  rung: Rung;
  rung_why: string;
  path: Path;
}

/** Totals over all connections of this page, and when the picture last moved. */
export class Totals {
  private ended = { frames: 0, lost: 0 };
  private newest = nothing;
  private recent: { at: number; frames: number }[] = [];
  movedMs: number;
  /** When sound last came. */
  heardMs: number;
  private ladder = start;

  constructor(now: number) {
    this.movedMs = this.heardMs = now;
  }

  /** A new connection begins: its counters start from zero. */
  connection(): void {
    this.ended.frames += this.newest.frames;
    this.ended.lost += this.newest.lost;
    this.newest = { ...nothing, width: this.newest.width, height: this.newest.height };
  }

  read(counters: Counters, now: number): void {
    if (counters.frames > this.newest.frames) this.movedMs = now;
    if (counters.soundPackets > this.newest.soundPackets) this.heardMs = now;
    const { width, height } = counters.width ? counters : this.newest;
    this.newest = { ...counters, width, height };
    this.recent = [...this.recent.filter(({ at }) => now - at <= 3000), { at: now, frames: this.frames }];
  }

  get frames(): number {
    return this.ended.frames + this.newest.frames;
  }

  get fps(): number {
    const first = this.recent[0];
    const last = this.recent[this.recent.length - 1];
    if (!first || !last || last.at === first.at) return 0;
    return ((last.frames - first.frames) * 1000) / (last.at - first.at);
  }

  figures(lecture: boolean, audioDbfs: number | null, now: number, path: Path = ""): Figures {
    this.ladder = climb(this.ladder, lecture, this.movedMs, this.heardMs, now);
    return {
      type: "figures",
      state: pictureState(lecture, now - this.movedMs),
      frames_decoded: this.frames,
      fps: Math.round(this.fps * 100) / 100,
      width: this.newest.width,
      height: this.newest.height,
      audio_dbfs: audioDbfs,
      packets_lost: this.ended.lost + this.newest.lost,
      jitter_ms: Math.round(this.newest.jitterMs * 10) / 10,
      rung: this.ladder.rung,
      rung_why: this.ladder.why,
      path,
    };
  }
}
