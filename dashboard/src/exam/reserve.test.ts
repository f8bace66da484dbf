import { expect, test } from "vitest";
import type { Card } from "./messages";
import { heard, START, type State } from "./model";

const CARD: Card = {
  type: "exam",
  exam: "exam-1",
  title: "Thi",
  state: "open",
  t0_ms: 0,
  duration_s: 60,
  now_ms: 0,
  sign_in: true,
  wants_code: false,
  closes_ms: 60_000,
};

const WRITING = {
  ...START,
  exams: [CARD],
  seat: { exam: "exam-1" },
  items: [],
  kept: { "item-1": { option: "opt-1", mark: 2 } },
  receipt: "ABCDEFGHIJ",
  closed: true,
} as unknown as State;

test("the reserve paper clears the old one away, once", () => {
  const turned = heard(WRITING, { ...CARD, state: "armed", reserve: true });
  expect([turned.items, turned.kept, turned.receipt, turned.closed]).toEqual([null, {}, null, false]);
  const going = { ...turned, kept: { "item-9": { option: "opt-9", mark: 1 as const } } };
  expect(heard(going, { ...CARD, reserve: true }).kept).toEqual(going.kept);
});

test("whoever handed in the old paper has not handed in the new one", () => {
  const turned = heard({ ...WRITING, handedIn: true }, { ...CARD, state: "armed", reserve: true });
  const over = heard(turned, { type: "closed", exam: "exam-1", receipt: "KLMNPQRSTV", answered: 0 });
  expect([turned.handedIn, over.handedIn, over.receipt]).toEqual([false, false, "KLMNPQRSTV"]);
});

test("another exam's reserve changes nothing here", () => {
  expect(heard(WRITING, { ...CARD, exam: "exam-2", reserve: true }).kept).toEqual(WRITING.kept);
});
