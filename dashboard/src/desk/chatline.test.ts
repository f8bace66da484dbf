import { expect, test } from "vitest";
import { lineName } from "./chatline";

test("a line's name is of the length that the agent takes and differs each time", () => {
  expect(lineName((into) => into.fill(10))).toBe(`said-${"0a".repeat(12)}`);
  expect(lineName()).not.toBe(lineName());
  expect(lineName().length).toBeLessThanOrEqual(40);
});
