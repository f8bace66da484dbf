import { expect, test } from "vitest";
import { SiteClock, dueWarning } from "./clock";

test("the site's time goes on by the page's own monotonic clock", () => {
  let tick = 100;
  const clock = new SiteClock(() => tick);
  expect(clock.now()).toBeNull();
  clock.set(5000);
  tick = 350;
  expect(clock.now()).toBe(5250);
});

test.each([
  [30 * 60_000 + 1, 30 * 60_000, 30],
  [60_001, 59_900, 1],
  [5 * 60_000, 5 * 60_000 - 250, null],
  [31 * 60_000, 4 * 60_000, 5],
])("from %i to %i ms left the warning is %j", (before, after, minutes) => {
  expect(dueWarning(before, after)).toBe(minutes);
});
