import { expect, test } from "vitest";
import { type Heard, listened, SILENT_MS, silent } from "./ear";

const start: Heard = { bytes: null, atMs: 0 };

test("a relay that goes on talking is there", () => {
  let heard = start;
  for (let n = 1; n < 20; n++) heard = listened(heard, n * 100, n * 500);
  expect(silent(heard, 20 * 500)).toBe(false);
});

test("one that has said nothing for a while is gone", () => {
  const heard = listened(listened(start, 100, 500), 100, 1500);
  expect(silent(heard, 500 + SILENT_MS)).toBe(false);
  expect(silent(heard, 501 + SILENT_MS)).toBe(true);
});

test("nothing is missed before the first word", () => {
  expect(silent(start, 1e6)).toBe(false);
});
