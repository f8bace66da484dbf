import { expect, test } from "vitest";
import { chosen, draftOf, folded, type QuestionLine, topicsOf, withoutImage, withoutOption } from "./model";

const LINE: QuestionLine = {
  id: "item-1",
  title: "",
  category: "Toán",
  text: "Đáp án nào đúng?",
  options: ["Một", "Hai"],
  added_ms: 0,
  images: [],
  source: "gift",
  version: 1,
  archived: false,
  held: null,
  findings: [],
};
const ALL = { wanted: "", topic: "", source: "", remark: "", archived: false };

test("words are found without their marks", () => {
  expect(folded("Đáp ÁN")).toBe("dap an");
  expect(chosen([LINE], { ...ALL, wanted: "dap an" })).toHaveLength(1);
  expect(chosen([LINE], { ...ALL, wanted: "khác" })).toHaveLength(0);
});

test("filters go by topic, format, remark and archive", () => {
  const finding = { kind: "loose_tail", reason: "", other: null };
  const lines = [LINE, { ...LINE, category: "Văn", source: "docx", findings: [finding] }];
  expect(chosen(lines, { ...ALL, topic: "Văn" })).toHaveLength(1);
  expect(chosen(lines, { ...ALL, source: "gift" })).toHaveLength(1);
  expect(chosen(lines, { ...ALL, remark: "any" })).toHaveLength(1);
  expect(chosen(lines, { ...ALL, remark: "no_image" })).toHaveLength(0);
  expect(chosen([{ ...LINE, archived: true }], ALL)).toHaveLength(0);
  expect(topicsOf([...lines, LINE])).toEqual([
    ["Toán", 2],
    ["Văn", 1],
  ]);
});

test("key and pins stay with their options when one goes", () => {
  const draft = { ...draftOf(null), options: ["a", "b", "c"], right: 2, pinned: [0, 2] };
  expect(withoutOption(draft, 1)).toMatchObject({ options: ["a", "c"], right: 1, pinned: [0, 1] });
  expect(withoutOption(draft, 2).right).toBe(-1);
});

test("an image takes its marks with it", () => {
  const draft = {
    ...draftOf(null),
    text: "x [Hình 1]\n[Hình 2]",
    options: ["[Hình 3]"],
    images: ["p", "q", "r"],
  };
  expect(withoutImage(draft, 0)).toMatchObject({
    text: "x \n[Hình 1]",
    options: ["[Hình 2]"],
    images: ["q", "r"],
  });
});
