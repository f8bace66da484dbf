import { expect, test } from "vitest";
import { piecesOf } from "./pieces";

test("an image stands where the text says, a mark without an image stays as words", () => {
  expect(piecesOf("Xem [Hình 1] rồi\n[Hình 2]", ["aa"])).toEqual([
    { kind: "words", text: "Xem " },
    { kind: "image", id: "aa", number: 1 },
    { kind: "words", text: " rồi\n[Hình 2]" },
  ]);
});

test("lines with cells that follow each other are a table, one alone is a line", () => {
  expect(piecesOf("Cho bảng:\nx | 1 | 2\ny | 3 | 4\nHỏi:\na | b")).toEqual([
    { kind: "words", text: "Cho bảng:" },
    { kind: "table", rows: [["x", "1", "2"], ["y", "3", "4"]] },
    { kind: "words", text: "Hỏi:\na | b" },
  ]); // prettier-ignore
});

test("a question's image that no mark names stands at its end", () => {
  expect(piecesOf("Hình vẽ gì?", ["aa"], [])).toEqual([
    { kind: "words", text: "Hình vẽ gì?" },
    { kind: "image", id: "aa", number: 1 },
  ]);
});

test("an image that an option names stands in that option alone", () => {
  expect(piecesOf("Hình nào?", ["aa", "bb"], ["[Hình 1]", "[Hình 2]"])).toEqual([
    { kind: "words", text: "Hình nào?" },
  ]);
});
