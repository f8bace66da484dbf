/** Which questions an exam asks, as its form builds them and `POST /api/v1/exams` takes them. */

export type Way = "any" | "topics" | "hand";

export interface PaperChoice {
  way: Way;
  questions: number;
  /** Topic → how many. */
  topics: ReadonlyMap<string, number>;
  byHand: readonly string[];
  inOrder: boolean;
  /** Another order for every candidate. */
  shuffle: boolean;
}

export const NO_CHOICE: PaperChoice = {
  way: "any",
  questions: 20,
  topics: new Map(),
  byHand: [],
  inOrder: false,
  shuffle: false,
};

export function counted(choice: PaperChoice): number {
  if (choice.way === "hand") return choice.byHand.length;
  if (choice.way === "topics") return [...choice.topics.values()].reduce((sum, each) => sum + each, 0);
  return choice.questions;
}

export function asked(choice: PaperChoice): Record<string, unknown> {
  const topics = [...choice.topics].filter(([, questions]) => questions > 0);
  return {
    questions: counted(choice),
    topics: choice.way === "topics" ? topics.map(([topic, questions]) => ({ topic, questions })) : [],
    by_hand: choice.way === "hand" ? choice.byHand : [],
    in_order: choice.way !== "any" && choice.inOrder,
    shuffle: choice.shuffle,
  };
}

/** The list with the thing at `place` moved by `step`. */
export function moved<T>(list: readonly T[], place: number, step: -1 | 1): T[] {
  const next = [...list];
  const other = place + step;
  const [one, two] = [next[place], next[other]];
  if (one !== undefined && two !== undefined) {
    next[place] = two;
    next[other] = one;
  }
  return next;
}
