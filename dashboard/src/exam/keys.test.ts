import { expect, test } from "vitest";
import { stepped, wishOf } from "./keys";

const press = (key: string, change: object = {}) => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...change,
});

test.each([
  ["1", { kind: "choose", option: 0 }],
  ["5", { kind: "choose", option: 4 }],
  ["a", { kind: "choose", option: 0 }],
  ["E", { kind: "choose", option: 4 }],
  ["ArrowRight", { kind: "step", by: 1 }],
  ["ArrowLeft", { kind: "step", by: -1 }],
  ["Enter", { kind: "step", by: 1 }],
  ["ArrowDown", null],
  ["Tab", null],
  ["z", null],
])("%s asks for %j", (key, wish) => {
  expect(wishOf(press(key), false)).toEqual(wish);
});

test("Enter on a button is the button's, and keys with a modifier are the browser's", () => {
  expect(wishOf(press("Enter"), true)).toBeNull();
  expect(wishOf(press("a", { ctrlKey: true }), false)).toBeNull();
});

test("steps end at both ends of the paper", () => {
  expect([stepped(0, -1, 3), stepped(-1, 1, 3), stepped(2, 1, 3)]).toEqual([0, 0, 2]);
});
