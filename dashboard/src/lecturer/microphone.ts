/** Whether the lecturer's own microphone gives anything that a room could hear. Times are milliseconds of one clock. */

/** Who was this loud (dBFS) so lately speaks: rooms that hear nothing then are deaf. */
export const SPEAKS_DBFS = -45;
/** Less than any room sounds: an unplugged or muted microphone, or one that is none. */
const NOTHING_DBFS = -70;
/** A microphone that was heard before may give as little in a pause, cleaned by the browser; only a dead one less. */
const DEAD_DBFS = -95;
export const DEAD_MS = 10_000;
export const FAINT_MS = 30_000;

export interface Microphone {
  /** Which one; empty without any. */
  id: string;
  /** It gave speech once. */
  spoke: boolean;
  /** Since when it gives nothing; null while it does, or nobody should hear it. */
  deadMs: number | null;
  /** Since when nothing was as loud as speech. */
  faintMs: number | null;
}

export const noMicrophone: Microphone = { id: "", spoke: false, deadMs: null, faintMs: null };

/** `dead`: nobody can hear the lecturer. `faint`: perhaps it is the wrong one. */
export type Doubt = "dead" | "faint";

/**
 * It was listened to: `dbfs` its level, null while nobody knows it. `wanted`: the rooms are to hear it now, not a film,
 * another room or the slate, and the lecturer has not turned it off here.
 */
export function heardFrom(
  before: Microphone,
  id: string,
  dbfs: number | null,
  wanted: boolean,
  now: number,
): Microphone {
  const same = id === before.id ? before : { ...noMicrophone, id };
  const spoke = same.spoke || (dbfs !== null && dbfs > SPEAKS_DBFS);
  if (dbfs === null || !wanted) return { id, spoke, deadMs: null, faintMs: null };
  return {
    id,
    spoke,
    deadMs: dbfs < (spoke ? DEAD_DBFS : NOTHING_DBFS) ? (same.deadMs ?? now) : null,
    faintMs: dbfs > SPEAKS_DBFS ? null : (same.faintMs ?? now),
  };
}

export function doubtOf({ deadMs, faintMs }: Microphone, now: number): Doubt | null {
  if (deadMs !== null && now - deadMs >= DEAD_MS) return "dead";
  return faintMs !== null && now - faintMs >= FAINT_MS ? "faint" : null;
}
