import type { Room } from "../shared/session";

/** What a room lacks, the worst first. */
export type Lack = "lost" | "dark" | "stalled" | "silent";

export interface Trouble {
  room: Room;
  lack: Lack;
}

const WORST: readonly Lack[] = ["lost", "dark", "stalled", "silent"];

function lackOf(room: Room): Lack | null {
  if (room.state === "playing") return room.hears ? null : "silent";
  if (room.state === "phone") return null;
  if (room.state === "stalled") return "stalled";
  return room.state === "dark" || room.state === "idle" || room.state === "online" ? "dark" : "lost";
}

/** The rooms that do not see or hear, the worst first, then by code. */
export function troubles(rooms: readonly Room[]): Trouble[] {
  return rooms
    .flatMap((room) => {
      const lack = lackOf(room);
      return lack ? [{ room, lack }] : [];
    })
    .sort((a, b) => WORST.indexOf(a.lack) - WORST.indexOf(b.lack) || (a.room.code < b.room.code ? -1 : 1));
}
