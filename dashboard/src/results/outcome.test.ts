import { expect, test } from "vitest";
import { floorText, hundredths } from "./outcome";

test("a floor is typed with a comma or a point and kept in hundredths", () => {
  expect(["8", "8,5", "6.25", "10"].map(hundredths)).toEqual([800, 850, 625, 1000]);
  expect(["", "tám", "8,555", "-1", "1e3"].map(hundredths)).toEqual([null, null, null, null, null]);
  expect([800, 850, 0].map(floorText)).toEqual(["8", "8,5", "0"]);
});
