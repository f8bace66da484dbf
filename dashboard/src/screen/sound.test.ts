import { expect, test } from "vitest";
import { dbfs, FLOOR_DBFS, type Heard, heardWith, lit, loudest } from "./sound";

test("full scale is zero, a tenth is twenty below, nothing is the floor", () => {
  expect(dbfs(new Float32Array(100).fill(1))).toBeCloseTo(0);
  expect(dbfs(new Float32Array(100).fill(-0.1))).toBe(-20);
  expect(dbfs(new Float32Array(100))).toBe(FLOOR_DBFS);
  expect(dbfs(new Float32Array(0))).toBe(FLOOR_DBFS);
});

test("speech lights most of the marks and silence none", () => {
  expect(lit(null, 5)).toBe(0);
  expect(lit(-70, 5)).toBe(0);
  expect(lit(-59, 5)).toBe(1);
  expect(lit(-20, 5)).toBe(4);
  expect(lit(-3, 5)).toBe(5);
});

test("a pause in speech is not silence, and what cannot be measured has no level", () => {
  let heard: Heard[] = [];
  expect(loudest(heard)).toBeNull();
  for (const [atMs, level] of [
    [0, -20],
    [1000, -90],
    [4900, -95],
  ] as const)
    heard = heardWith(heard, level, atMs);
  expect(loudest(heard)).toBe(-20);
  heard = heardWith(heard, -95, 5000);
  expect(loudest(heard)).toBe(-90);
  heard = heardWith(heard, null, 5100);
  expect(loudest(heard)).toBeNull();
});
