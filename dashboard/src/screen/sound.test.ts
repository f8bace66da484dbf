import { expect, test } from "vitest";
import { dbfs, FLOOR_DBFS, lit } from "./sound";

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
