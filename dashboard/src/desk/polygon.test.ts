import { expect, test } from "vitest";
import { inserted, moved, outline, outside, same, split, START, without, type Corner } from "./polygon";

const square: Corner[] = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

test("the first corners come one after another, later ones into the nearest edge", () => {
  let corners: Corner[] = [];
  for (const corner of square) corners = inserted(corners, corner).corners;
  expect(corners).toEqual(square);
  expect(inserted(square, { x: 0.5, y: 0.9 })).toMatchObject({ index: 3 });
  expect(inserted(square, { x: 0.02, y: 0.5 })).toMatchObject({ index: 4 });
});

test("an edge is split in its middle, the last one too", () => {
  expect(split(square, 0).corners[1]).toEqual({ x: 0.5, y: 0 });
  expect(split(square, 3)).toMatchObject({ index: 4 });
  expect(split(square, 3).corners[4]).toEqual({ x: 0, y: 0.5 });
});

test("no corner leaves the picture", () => {
  expect(moved(square, 1, { x: 3, y: -2 })[1]).toEqual({ x: 1, y: 0 });
  expect(inserted([], { x: 0.33333, y: 9 }).corners).toEqual([{ x: 0.333, y: 1 }]);
});

test("a corner that is taken away leaves the others in their order", () => {
  expect(without(square, 1).map(({ x }) => x)).toEqual([0, 1, 0]);
});

test("the outline and the darkened rest are drawn from the same corners", () => {
  expect(outline(square)).toBe("0.00,0.00 100.00,0.00 100.00,100.00 0.00,100.00");
  expect(outside(square)).toContain("M0.00,0.00L100.00,0.00L");
  expect(same(START, [...START])).toBe(true);
  expect(same(START, moved(START, 0, { x: 0.2, y: 0.3 }))).toBe(false);
});
