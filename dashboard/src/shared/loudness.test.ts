import { expect, test } from "vitest";
import { isAudible, loudness } from "./loudness";

test("silence is called so, a sound has its level, and nothing measured is a dash", () => {
  expect(loudness(-120)).toBe("im lặng");
  expect(loudness(-60.1, { digits: 0, unit: "dB" })).toBe("im lặng");
  expect(loudness(-20.46)).toBe("-20,5 dBFS");
  expect(loudness(-20.46, { digits: 0, unit: "dB" })).toBe("-20 dB");
  expect(loudness(null)).toBe("–");
});

test("a microphone's own noise has a level where a lecture would be silent", () => {
  expect(loudness(-72, { digits: 0, from: -90 })).toBe("-72 dBFS");
  expect(loudness(-120, { digits: 0, from: -90 })).toBe("im lặng");
});

test("a room hears what is loud enough", () => {
  expect([null, -120, -60, -12].map(isAudible)).toEqual([false, false, true, true]);
});
