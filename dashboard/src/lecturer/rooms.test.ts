import { expect, test } from "vitest";
import type { Room } from "../shared/session";
import { standings, troubles } from "./rooms";

const room = (code: string, state: string, hears: boolean): Room => ({
  site: code,
  code,
  name: code,
  state,
  hears,
});

const ROOMS = [
  room("A", "playing", true),
  room("B", "playing", false),
  room("C", "stalled", false),
  room("E", "unknown", false),
  room("D", "never", false),
  room("F", "dark", false),
  // By order: the operator knows, and the room hears by another way.
  room("G", "phone", false),
];

test("all rooms are listed, those in trouble first, the rest by code", () => {
  expect(standings(ROOMS, true).map(({ room, lack }) => `${room.code} ${lack ?? "well"}`)).toEqual([
    "D lost",
    "E lost",
    "F dark",
    "C stalled",
    "B silent",
    "A well",
    "G well",
  ]);
});

test("nobody need be heard while the slate is on air", () => {
  expect(troubles(ROOMS, false).map(({ room }) => room.code)).toEqual(["D", "E", "F", "C"]);
});

test("rooms that see and hear are no trouble; the others come the worst first", () => {
  const found = troubles(ROOMS, true);
  expect(found.map(({ room, lack }) => `${room.code} ${lack}`)).toEqual([
    "D lost",
    "E lost",
    "F dark",
    "C stalled",
    "B silent",
  ]);
});
