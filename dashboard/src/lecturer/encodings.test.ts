import { expect, test } from "vitest";
import { sizesFor } from "./encodings";

test("a good computer sends three sizes, the best first", () => {
  expect(sizesFor(8, 720).map(({ rid }) => rid)).toEqual(["h", "m", "l"]);
});

test("a small computer or a small picture makes two", () => {
  expect(sizesFor(2, 720).map(({ rid }) => rid)).toEqual(["h", "l"]);
  expect(sizesFor(8, 360).map(({ rid }) => rid)).toEqual(["h", "l"]);
});

test("the smallest fits where a phone call with a picture would", () => {
  for (const cores of [1, 2, 4, 16])
    expect(sizesFor(cores, 720).at(-1)?.maxBitrate).toBeLessThanOrEqual(200_000);
});
