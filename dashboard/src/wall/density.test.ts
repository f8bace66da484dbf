import { expect, test } from "vitest";
import { bigTiles, gridFor } from "./density";

test("eight sites get very large tiles on a full-HD wall", () => {
  const grid = gridFor(8, 0, 1600, 905, 10);
  expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(8);
  expect(grid.density).toBe("xl");
});

test("a province of 164 sites still fits with names, its troubled sites larger", () => {
  const big = bigTiles(164, 9);
  const grid = gridFor(164, big, 1600, 905, 5);
  expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(164 + 3 * big);
  expect(grid.density).toBe("s");
  expect(grid.bigDensity).toBe("m");
});

test("a thousand sites become small marks that still all fit", () => {
  const grid = gridFor(1000, 0, 1600, 905, 3);
  expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(1000);
  expect(["dot", "pip"]).toContain(grid.density);
});

test("one more site in trouble seldom changes the grid", () => {
  expect([0, 1, 6, 7, 100].map((inTrouble) => bigTiles(164, inTrouble))).toEqual([0, 6, 6, 12, 12]);
  expect(bigTiles(8, 5)).toBe(0);
});

test("nothing to show is one empty cell", () => {
  expect(gridFor(0, 0, 1600, 905, 10).columns).toBe(1);
  expect(gridFor(5, 0, 0, 0, 10).columns).toBe(1);
});
