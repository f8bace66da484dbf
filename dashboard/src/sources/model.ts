/** The sources of a session's lecture as the centre tells of them, and what a person reads from that. */

import type { Tone } from "../shared/parts";

export type Way = "rtmp" | "srt_in" | "rtsp" | "srt" | "file";
export type Seat = "lecturer" | "standby";

export interface Told {
  state: "stopped" | "connecting" | "running" | "paused" | "ended" | "failed";
  why: string;
  picture: string;
  sound: string;
  passes: boolean;
  converted: string;
  kbps: number;
  pictures: number;
  skipped: number;
  published: boolean;
  at_s: number;
  length_s: number;
}

export interface Source {
  id: string;
  way: Way;
  name: string;
  seat: Seat;
  shown: string;
  wanted: boolean;
  repeat: boolean;
  made_by: string;
  made_ms: number;
  told: Told;
  /** The film of the board that it plays, if somebody sent one. */
  clip: string;
  key: string;
  secret: string;
}

/** An encoder comes to us with a key. */
export function isPushed(way: Way): boolean {
  return way === "rtmp" || way === "srt_in";
}

/** A film that somebody sent for the session. */
export interface Clip {
  id: string;
  name: string;
  size: number;
  arrived: number;
  state: "uploading" | "checking" | "ready" | "refused";
  reason: string;
  at_s: number;
  length_s: number;
  picture: string;
  sound: string;
  converted: string;
  turned: boolean;
}

export interface Board {
  rtmp_url: string;
  rtmp_why: string;
  srt_url: string;
  srt_why: string;
  network: boolean;
  sources: Source[];
  clips: Clip[];
  clip_mb: number;
}

export interface Film {
  name: string;
  size: number;
}

/** Where a source stands, in one word that `states` knows. */
export function standing(source: Source): string {
  const { state, published } = source.told;
  if (isPushed(source.way) && state !== "running" && state !== "failed" && state !== "connecting")
    return source.wanted ? "awaited" : "off";
  if (state === "running" && !published) return "connecting";
  if (state === "stopped" && source.wanted) return "connecting";
  return state;
}

const TONES: Record<string, Tone> = {
  awaited: "minor",
  connecting: "warn",
  running: "good",
  paused: "warn",
  failed: "bad",
};

export function toneOf(word: string): Tone {
  return TONES[word] ?? "idle";
}

/** An SRT encoder's address in one line, as OBS, ffmpeg and vMix take it. */
export function srtAddress(server: string, { key, secret }: Source): string {
  return `${server}?mode=caller&streamid=${key}${secret ? `&passphrase=${secret}` : ""}`;
}

/** Whether somebody should press "start": it is not wanted, or it ended or failed and nobody tries any more. */
export function startable(source: Source): boolean {
  return !source.wanted;
}

/** 65 as "1:05", 3725 as "1:02:05". */
export function place(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

/** Seconds of a film that are still to come. */
export function remaining({ at_s, length_s }: Told): number {
  return Math.max(0, length_s - at_s);
}

/** Megabytes, or gigabytes from one on. */
export function size(octets: number): string {
  const mega = octets / 2 ** 20;
  return mega < 1024 ? `${mega.toFixed(mega < 10 ? 1 : 0)} MB` : `${(mega / 1024).toFixed(1)} GB`;
}
