import { expect, test } from "vitest";
import { forgetOnAir, type Kept, markOnAir, wasOnAir } from "./resume";

function store(): Kept {
  const held = new Map<string, string>();
  return {
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
  };
}

test("a page that was on air a moment ago knows it, in its own session only", () => {
  const kept = store();
  expect(wasOnAir("a", 1000, kept)).toBe(false);
  markOnAir("a", 1000, kept);
  expect(wasOnAir("a", 5000, kept)).toBe(true);
  expect(wasOnAir("b", 5000, kept)).toBe(false);
});

test("whoever stopped, or comes back much later, is not put on air by a page", () => {
  const kept = store();
  markOnAir("a", 1000, kept);
  expect(wasOnAir("a", 62_000, kept)).toBe(false);
  forgetOnAir("a", kept);
  expect(wasOnAir("a", 1000, kept)).toBe(false);
});

test("a browser without storage is no fault", () => {
  markOnAir("a", 1000, null);
  expect(wasOnAir("a", 1000, null)).toBe(false);
});
