import { expect, test } from "vitest";
import { openSites, secondsHeld, standing, targetsOf } from "./model";

test("sites that wait, were told or have it have not answered yet", () => {
  expect(openSites({ counts: { waiting: 2, sent: 3, taken: 1, done: 9, failed: 1 } })).toBe(6);
});

test("an order's states come with those that matter first", () => {
  expect(standing({ counts: { done: 9, failed: 1, waiting: 2 } })).toEqual([
    ["waiting", 2],
    ["failed", 1],
    ["done", 9],
  ]);
});

test("whoever is not linked is away, and nobody is called so before the links are known", () => {
  const sites = [{ id: "a" }, { id: "b" }];
  expect(targetsOf(sites, { linked: ["b", "c"] })).toEqual([
    { id: "a", away: true },
    { id: "b", away: false },
  ]);
  expect(targetsOf(sites, null).map(({ away }) => away)).toEqual([false, false]);
});

test("the seconds that are left round up and are over once it has left", () => {
  const order = { counts: { held: 3 }, leaves_ms: 10_000 };
  expect(secondsHeld(order, 5_100)).toBe(5);
  expect(secondsHeld(order, 10_001)).toBe(0);
  expect(secondsHeld({ counts: { undone: 3 }, leaves_ms: 10_000 }, 5_100)).toBe(0);
});
