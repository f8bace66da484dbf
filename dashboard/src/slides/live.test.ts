import { expect, test } from "vitest";
import { newer, type Show } from "./live";

const show = (version: number, page: number): Show => ({ version, page, deck: "d", layout: "both" });

test("an answer that was overtaken changes nothing; of equal ones the centre's counts", () => {
  expect(newer(show(5, 7), show(4, 6)).page).toBe(7);
  expect(newer(show(5, 8), show(5, 7)).page).toBe(7);
  expect(newer(show(5, 8), show(6, 9)).page).toBe(9);
});
