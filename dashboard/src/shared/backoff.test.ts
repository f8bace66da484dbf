import { expect, test } from "vitest";
import { backoff } from "./backoff";

test("the wait doubles up to its limit", () => {
  expect([0, 1, 2, 3].map((attempt) => backoff(attempt, 1))).toEqual([500, 1000, 2000, 4000]);
  expect(backoff(900, 1)).toBe(15_000);
});

test("chance spreads the wait over its upper half", () => {
  expect(backoff(2, 0)).toBe(1000);
});
