/** What of the lecture reaches this room: the picture, the sound alone, or nothing, so that one has to telephone. */

export type Rung = "" | "picture" | "sound" | "phone";

export interface Ladder {
  rung: Rung;
  /** A stable word: why it is no picture. */
  why: "" | "picture_stopped" | "nothing_comes" | "ordered";
}

/** By an operator's order nothing is asked for: the room telephones. */
export const byOrder: Ladder = { rung: "phone", why: "ordered" };

export const start: Ladder = { rung: "", why: "" };

/** A picture that stands so long while sound goes on has been taken away, by the centre or by the lecturer. */
export const PICTURE_GONE_MS = 3_000;
/** Sound comes fifty times a second. */
export const SOUND_GONE_MS = 1_500;
/** Reconnecting by itself has failed for so long that somebody should telephone. */
export const PHONE_AFTER_MS = 25_000;

/** Judged from when the picture and the sound last moved; all times of one steady clock. */
export function climb(
  before: Ladder,
  lecture: boolean,
  pictureMs: number,
  soundMs: number,
  now: number,
): Ladder {
  if (!lecture) return start;
  if (now - pictureMs < PICTURE_GONE_MS) return { rung: "picture", why: "" };
  if (now - soundMs < SOUND_GONE_MS) return { rung: "sound", why: "picture_stopped" };
  if (now - Math.max(pictureMs, soundMs) >= PHONE_AFTER_MS) return { rung: "phone", why: "nothing_comes" };
  return before.rung === "" ? { rung: "picture", why: "" } : before;
}
