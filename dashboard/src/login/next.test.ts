import { expect, test } from "vitest";
import { afterSignIn } from "./next";

test("the page that asked for the sign-in is opened again", () => {
  expect(afterSignIn("?next=%2Fresults%2Fexam-1", [])).toBe("/results/exam-1");
});

test.each(["//evil.example", "/\\evil.example", "https://evil.example", "/login?next=/login"])(
  "%s is not a page of ours",
  (next) => {
    expect(afterSignIn(`?next=${encodeURIComponent(next)}`, ["wall.see"])).toBe("/wall");
  },
);

test("without a wish, each role begins where its work is", () => {
  expect(afterSignIn("", ["wall.see", "lecture.publish"])).toBe("/wall");
  expect(afterSignIn("", ["lecture.publish"])).toBe("/lecturer");
  expect(afterSignIn("", [])).toBe("/console");
});
