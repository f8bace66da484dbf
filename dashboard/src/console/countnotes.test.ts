import { expect, test } from "vitest";
import { aboutOf, type Counted, qualityOf, spanOf, stillOf } from "./countnotes";

const KNOWN: Counted = { minimum: 19, maximum: 22, quality: 0.938, still: 2, hand_ratio: 1.25, about: 25 };
const OLDER: Counted = { ...KNOWN, still: null, hand_ratio: null, about: null };

test("what is promised beside a count is said", () => {
  expect(spanOf(KNOWN)).toBe("từng hình 19–22");
  expect(qualityOf(KNOWN)).toBe("chất lượng 94 %");
  expect(aboutOf(KNOWN)).toBe("khoảng 25 theo đếm tay (× 1,25)");
  expect(stillOf(KNOWN)).toBe("2 chỗ không cử động");
});

test("what nobody knows, or what says nothing, is left out", () => {
  expect([aboutOf(OLDER), stillOf(OLDER)]).toEqual(["", ""]);
  expect([spanOf({ ...KNOWN, maximum: 19 }), stillOf({ ...KNOWN, still: 0 })]).toEqual(["", ""]);
  expect(qualityOf({ ...KNOWN, quality: null })).toBe("");
});
