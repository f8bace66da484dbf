import { expect, test } from "vitest";
import { examOf, spaced } from "./model";

test("a receipt is read in two halves", () => {
  expect(spaced("ABCDEFGH23")).toBe("ABCDE FGH23");
  expect(spaced("")).toBe("");
});

test("the address names the exam", () => {
  expect([examOf("/portal/exam-1"), examOf("/portal"), examOf("/portal/")]).toEqual(["exam-1", null, null]);
});
