import { expect, test } from "vitest";
import { climb, type Ladder, PHONE_AFTER_MS, start } from "./ladder";

const NOW = 100_000;
const after = (picture: number, sound: number, before: Ladder = start): string =>
  climb(before, true, NOW - picture, NOW - sound, NOW).rung;

test("a moving picture is the first rung, whatever was before", () => {
  expect(after(100, 20)).toBe("picture");
  expect(after(100, 60_000, { rung: "phone", why: "nothing_comes" })).toBe("picture");
});

test("sound that goes on without its picture is the rung of sound", () => {
  expect(after(4_000, 20)).toBe("sound");
  expect(climb(start, true, NOW - 4_000, NOW - 20, NOW).why).toBe("picture_stopped");
});

test("a short silence changes nothing", () => {
  expect(after(5_000, 5_000)).toBe("picture");
  expect(after(9_000, 5_000, { rung: "sound", why: "picture_stopped" })).toBe("sound");
});

test("a long silence asks for the telephone", () => {
  expect(after(PHONE_AFTER_MS, PHONE_AFTER_MS)).toBe("phone");
  expect(after(600_000, PHONE_AFTER_MS - 1)).toBe("picture");
});

test("without a lecture there is no rung", () => {
  expect(climb({ rung: "phone", why: "nothing_comes" }, false, 0, 0, NOW)).toEqual(start);
});
