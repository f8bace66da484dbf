import { expect, test } from "vitest";
import { centreNow, heard, minutesLeft } from "./clock";

test("minutes are rounded away from now, so that the last one is told", () => {
  expect([61_000, 60_000, 1, 0, -1, -61_000].map((left) => minutesLeft(left, 0))).toEqual([
    2, 1, 1, 0, -1, -2,
  ]);
});

test("the centre's clock counts, not this computer's", () => {
  heard(5000, 2000);
  expect(centreNow(2500)).toBe(5500);
});
