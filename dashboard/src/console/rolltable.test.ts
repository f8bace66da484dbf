import { expect, test } from "vitest";
import { type RoomCount, totalsOf } from "./rolltable";

function room(rest: Partial<RoomCount>): RoomCount {
  return {
    site: "a",
    code: "A",
    expected: 30,
    count: null,
    minimum: null,
    maximum: null,
    quality: null,
    still: null,
    hand_ratio: null,
    about: null,
    reason: null,
    declared: null,
    signed_by: "",
    beside: null,
    verified: false,
    received_ms: null,
    ...rest,
  };
}

test("a count that the room did not sign is in no total", () => {
  const rooms = [
    room({ count: 28, verified: true, received_ms: 1, declared: 30 }),
    room({ count: 500, verified: false, received_ms: 1 }),
    room({}),
  ];
  expect(totalsOf(rooms)).toEqual({ expected: 90, counted: 28, declared: 30 });
});
