import { expect, test } from "vitest";
import { dbfs, needle } from "./level";

test("full scale is 0 dBFS, a tenth of it 20 dB less, silence the floor", () => {
  expect(dbfs(new Float32Array([1, -1, 1, -1]))).toBeCloseTo(0);
  expect(dbfs(new Float32Array(8).fill(0.1))).toBeCloseTo(-20, 3);
  expect(dbfs(new Float32Array(8))).toBe(-100);
  expect(dbfs(new Float32Array(0))).toBe(-100);
});

test("the needle stays on its scale", () => {
  expect([-100, -60, -30, 0, 6].map(needle)).toEqual([0, 0, 0.5, 1, 1]);
});
