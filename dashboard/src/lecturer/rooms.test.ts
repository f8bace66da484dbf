import { expect, test } from "vitest";
import type { Room } from "../shared/session";
import { troubles } from "./rooms";

const room = (code: string, state: string, hears: boolean): Room => ({
  site: code,
  code,
  name: code,
  state,
  hears,
});

test("rooms that see and hear are no trouble; the others come the worst first", () => {
  const found = troubles([
    room("A", "playing", true),
    room("B", "playing", false),
    room("C", "stalled", false),
    room("E", "unknown", false),
    room("D", "never", false),
    room("F", "dark", false),
    // By order: the operator knows, and the room hears by another way.
    room("G", "phone", false),
  ]);
  expect(found.map(({ room, lack }) => `${room.code} ${lack}`)).toEqual([
    "D lost",
    "E lost",
    "F dark",
    "C stalled",
    "B silent",
  ]);
});
