import type { Counted } from "./countnotes";

/** One room in a roll call; `declared` is the number that holds in it, `beside` what was said unsigned after that. */
export interface RoomCount extends Counted {
  site: string;
  code: string;
  expected: number;
  count: number | null;
  reason: string | null;
  declared: number | null;
  signed_by: string;
  beside: number | null;
  verified: boolean;
  received_ms: number | null;
}

/** `waiting` while a room that has not answered still may. */
export interface RollCall {
  id: string;
  at_ms: number;
  state: "complete" | "waiting" | "over";
  sites: RoomCount[];
}

export interface Totals {
  expected: number;
  counted: number;
  declared: number;
}

/** What the rooms come to; a count that is not what the room signed counts nought, as on the page of four numbers. */
export function totalsOf(rooms: readonly RoomCount[]): Totals {
  const total = { expected: 0, counted: 0, declared: 0 };
  for (const room of rooms) {
    total.expected += room.expected;
    total.counted += room.verified ? (room.count ?? 0) : 0;
    total.declared += room.declared ?? 0;
  }
  return total;
}
