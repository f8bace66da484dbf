/** The level of the sound that really comes out of the decoder: RMS relative to full scale. */

import { AUDIBLE_DBFS, isAudible } from "../shared/loudness";

export const FLOOR_DBFS = -120;

export function dbfs(samples: Float32Array): number {
  let power = 0;
  for (const sample of samples) power += sample * sample;
  const rms = Math.sqrt(power / Math.max(1, samples.length));
  return rms > 0 ? Math.max(FLOOR_DBFS, Math.round(200 * Math.log10(rms)) / 10) : FLOOR_DBFS;
}

/** How many of `marks` bars to light: none below −60 dBFS, all from −12 dBFS on. */
export function lit(level: number | null, marks: number): number {
  if (!isAudible(level)) return 0;
  return Math.min(marks, 1 + Math.floor(((level - AUDIBLE_DBFS) / (-12 - AUDIBLE_DBFS)) * (marks - 1)));
}

/** Whoever speaks pauses: what a room hears is the loudest of the last few seconds. */
const HELD_MS = 5000;

export interface Heard {
  level: number;
  atMs: number;
}

/** What was heard lately, with the level of now; nothing once there is nothing to measure. */
export function heardWith(before: Heard[], level: number | null, nowMs: number): Heard[] {
  if (level === null) return [];
  return [...before.filter(({ atMs }) => nowMs - atMs < HELD_MS), { level, atMs: nowMs }];
}

export function loudest(heard: Heard[]): number | null {
  return heard.length ? Math.max(...heard.map(({ level }) => level)) : null;
}

/** Measures a stream's sound; the loudspeaker is fed by the video element, not from here. */
export class SoundMeter {
  private context: AudioContext | null = null;
  private source: MediaStreamAudioSourceNode | null = null;
  private analyser: AnalyserNode | null = null;
  private samples = new Float32Array(0);

  listen(stream: MediaStream): void {
    this.source?.disconnect();
    if (!stream.getAudioTracks().length) return;
    this.context ??= new AudioContext();
    this.analyser ??= new AnalyserNode(this.context, { fftSize: 32_768 });
    this.samples = new Float32Array(this.analyser.fftSize);
    this.source = this.context.createMediaStreamSource(stream);
    this.source.connect(this.analyser);
  }

  /** The level over about the last 0.7 s; null while nothing can be measured. */
  level(): number | null {
    if (!this.analyser || this.context?.state !== "running") {
      void this.context?.resume();
      return null;
    }
    this.analyser.getFloatTimeDomainData(this.samples);
    return dbfs(this.samples);
  }

  silence(): void {
    this.source?.disconnect();
    this.source = null;
  }
}
