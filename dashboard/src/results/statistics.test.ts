import { expect, test } from "vitest";
import { analysed, type ExamStatistics, inOrder, type ItemFigures, letter } from "./statistics";

function figures(item: string, facility: number | null, discrimination: number | null): ItemFigures {
  const others = { efficiency: null, point_biserial: null, upper_lower: null, alpha_without: null };
  return { item, facility, discrimination, ...others, answered: 3, options: [], notes: [] };
}

const told: ExamStatistics = {
  statistics: {
    paper: {
      candidates: 3,
      items: 3,
      mean: 1,
      median: 1,
      sd: 1,
      minimum: 0,
      maximum: 3,
      skewness: null,
      kurtosis: null,
      kr20: null,
      sem: null,
    },
    items: [figures("a", 0.9, 0.1), figures("b", 0.2, 0.5), figures("void", null, null)],
    codes: [],
    comparisons: [
      {
        code: "102",
        against: "101",
        difference: 0,
        p: null,
        d: null,
        items: [
          { item: "a", note: null },
          { item: "b", note: "harder" },
        ],
      },
    ],
  },
  questions: { a: { text: "Câu a?", places: { "101": 1, "102": 2 }, options: {} } },
};

test("an item comes with its question and with what other codes did to it", () => {
  const items = analysed(told);
  expect(items.map(({ question }) => question.text)).toEqual(["Câu a?", "b", "void"]);
  expect(items.map(({ codeNotes }) => codeNotes)).toEqual([[], [["102", "harder"]], []]);
});

test("the most troubling items stand first, and void ones last", () => {
  const order = (by: "place" | "facility" | "discrimination"): string[] =>
    inOrder(analysed(told), by).map(({ item }) => item);
  expect(order("place")).toEqual(["a", "b", "void"]);
  expect(order("facility")).toEqual(["b", "a", "void"]);
  expect(order("discrimination")).toEqual(["a", "b", "void"]);
});

test("options have letters", () => {
  expect([0, 3].map(letter)).toEqual(["A", "D"]);
});
