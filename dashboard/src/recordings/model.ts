/** What the centre tells of recordings. Times in milliseconds of centre time; places in milliseconds of the recording. */

export interface Switched {
  on: boolean;
  at_ms: number;
  who: string;
}

export interface Standing {
  on: boolean;
  running: boolean;
  trouble: string;
  switched: Switched | null;
}

export interface Segment {
  track: "lecture" | "floor";
  number: number;
  at_ms: number;
  place_ms: number;
  length_ms: number;
  size: number;
  width: number;
  height: number;
  digest: string;
  why: string;
  /** Where a floor file begins beside the lecture. */
  beside_ms: number | null;
}

export interface Mark {
  kind: string;
  text: string;
  at_ms: number;
  place_ms: number | null;
}

export interface Erasure {
  file: string;
  digest: string;
  size: number;
  at_ms: number;
  who: string;
  why: string;
}

export interface Row {
  session: string;
  topic: string;
  lecturer_name: string;
  state: string;
  starts_ms: number;
  length_ms: number;
  size: number;
  files: number;
  erased: number;
  due_ms: number | null;
  standing: Standing;
}

export interface RecordingList {
  rows: Row[];
  free: number;
  reserve: number;
}

export interface Recording {
  session: string;
  topic: string;
  lecturer_name: string;
  state: string;
  length_ms: number;
  size: number;
  due_ms: number | null;
  standing: Standing;
  segments: Segment[];
  marks: Mark[];
  switches: Switched[];
  erasures: Erasure[];
}

/** Bytes of an hour of a lecture of 2.6 Mbit/s with sound. */
const HOUR_BYTES = 1.2e9;

/** Hours of a usual lecture that still fit; none below the reserve. */
export function hoursLeft(free: number, reserve: number): number {
  return Math.max(0, Math.floor((free - reserve) / HOUR_BYTES));
}

/** The floor file that belongs beside a moment of the lecture, and where in it that moment is. */
export function beside(
  segments: readonly Segment[],
  atMs: number,
): { segment: Segment; atMs: number } | null {
  for (const segment of segments) {
    if (segment.track !== "floor" || segment.beside_ms === null) continue;
    const inside = atMs - segment.beside_ms;
    if (inside >= 0 && inside < segment.length_ms) return { segment, atMs: inside };
  }
  return null;
}

/** The last mark at or before a moment of the recording, by its place in the list. */
export function currentMark(marks: readonly Mark[], atMs: number): number {
  let current = -1;
  marks.forEach((mark, index) => {
    if (mark.place_ms !== null && mark.place_ms <= atMs + 500) current = index;
  });
  return current;
}

/** Where a place stands on the strip, from 0 to 100. */
export function share(placeMs: number, lengthMs: number): number {
  return lengthMs > 0 ? Math.min(100, Math.max(0, (placeMs / lengthMs) * 100)) : 0;
}

/** The address of a track joined, or of one of its files. */
export function fileAddress(session: string, track: string, look: string, number = 0, save = false): string {
  const base = `/api/v1/recordings/${encodeURIComponent(session)}/${track}`;
  return `${base}${number ? `/${number}` : ""}.mp4?look=${encodeURIComponent(look)}${save ? "&save=1" : ""}`;
}
