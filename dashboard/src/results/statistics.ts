/** The statistics of an exam as `/api/v1/exams/{id}/statistics` tells them: counts of right answers, and fractions. */

export interface OptionFigures {
  option: string;
  key: boolean;
  count: number;
  share: number | null;
  mean_rest: number | null;
  notes: string[];
}

export interface ItemFigures {
  item: string;
  facility: number | null;
  discrimination: number | null;
  efficiency: number | null;
  point_biserial: number | null;
  upper_lower: number | null;
  alpha_without: number | null;
  answered: number | null;
  options: OptionFigures[];
  notes: string[];
}

export interface PaperFigures {
  candidates: number;
  items: number;
  mean: number | null;
  median: number | null;
  sd: number | null;
  minimum: number | null;
  maximum: number | null;
  skewness: number | null;
  kurtosis: number | null;
  kr20: number | null;
  sem: number | null;
}

export interface CodeFigures {
  code: string;
  candidates: number;
  mean: number;
  sd: number | null;
}

export interface CodeComparison {
  code: string;
  against: string;
  difference: number;
  p: number | null;
  d: number | null;
  items: { item: string; note: string | null }[];
}

export interface Question {
  text: string;
  /** Its number under each code, from 1. */
  places: Record<string, number>;
  options: Record<string, string>;
}

export interface ExamStatistics {
  statistics: {
    paper: PaperFigures;
    items: ItemFigures[];
    codes: CodeFigures[];
    comparisons: CodeComparison[];
  };
  questions: Record<string, Question>;
}

/** A question with its figures, in the order of the first code. */
export interface AnalysedItem extends ItemFigures {
  question: Question;
  /** From 0. */
  place: number;
  /** "102: khó hơn": how this item differs under other codes, as code and note. */
  codeNotes: [code: string, note: string][];
}

export function analysed({ statistics, questions }: ExamStatistics): AnalysedItem[] {
  return statistics.items.map((figures, place) => ({
    ...figures,
    place,
    question: questions[figures.item] ?? { text: figures.item, places: {}, options: {} },
    codeNotes: statistics.comparisons.flatMap(({ code, items }) =>
      items.flatMap(({ item, note }): [string, string][] =>
        item === figures.item && note ? [[code, note]] : [],
      ),
    ),
  }));
}

export type ItemOrder = "place" | "facility" | "discrimination";

/** By place, or the most troubling first; items without the figure stand last. */
export function inOrder(items: readonly AnalysedItem[], by: ItemOrder): AnalysedItem[] {
  const figure = (item: AnalysedItem): number => (by === "place" ? item.place : (item[by] ?? Infinity));
  return [...items].sort((a, b) => figure(a) - figure(b) || a.place - b.place);
}

/** "A", "B", …: the letter of an option by its place. */
export function letter(place: number): string {
  return String.fromCharCode(65 + place);
}

/** Below this, chance alone would seldom make two codes differ so. */
export const UNLIKELY = 0.05;
