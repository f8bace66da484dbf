import type { Room } from "../shared/session";

/** What a room lacks, the worst first. */
export type Lack = "lost" | "dark" | "stalled" | "silent";

export interface Trouble {
  room: Room;
  lack: Lack;
}

export interface Standing {
  room: Room;
  /** Null: nothing. */
  lack: Lack | null;
}

const WORST: readonly Lack[] = ["lost", "dark", "stalled", "silent"];

/** `sound`: somebody is on air who can be heard, not the slate. */
function lackOf(room: Room, sound: boolean): Lack | null {
  if (room.state === "playing") return room.hears || !sound ? null : "silent";
  if (room.state === "phone") return null;
  if (room.state === "stalled") return "stalled";
  return room.state === "dark" || room.state === "idle" || room.state === "online" ? "dark" : "lost";
}

function weight({ lack }: Standing): number {
  return lack ? WORST.indexOf(lack) : WORST.length;
}

/** All rooms: those that do not see or hear first, the worst of them before the others, then by code. */
export function standings(rooms: readonly Room[], sound: boolean): Standing[] {
  return rooms
    .map((room) => ({ room, lack: lackOf(room, sound) }))
    .sort((a, b) => weight(a) - weight(b) || (a.room.code < b.room.code ? -1 : 1));
}

/** The rooms that do not see or hear, in the same order. */
export function troubles(rooms: readonly Room[], sound: boolean): Trouble[] {
  return standings(rooms, sound).flatMap(({ room, lack }) => (lack ? [{ room, lack }] : []));
}
