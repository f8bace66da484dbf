import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import * as outbox from "./outbox";
import type { Outbox, Said } from "./outbox";
import { type Sending, keepSending } from "./sending";

const answer = (client_seq: number, item = `i${client_seq}`, session = "s1"): Said => ({
  type: "answer",
  session,
  client_seq,
  item,
  option: "a",
  mac: "00",
});
const handIn = (client_seq: number, session = "s1"): Said => ({
  type: "hand_in",
  session,
  client_seq,
  mac: "00",
});
const box = (...said: Said[]): Outbox => said.reduce(outbox.add, [] as Outbox);
const upTo = (count: number): Said[] => Array.from({ length: count }, (_, n) => answer(n + 1));
const saved = (all: Outbox): Outbox => all.map(({ said }) => ({ said, saved: true }));
const numbers = (said: Said[]): number[] => said.map((each) => each.client_seq);
const going = (sending: Sending, all: Outbox, now: number): number[] =>
  numbers(sending.due([all], now, false));

/** A desk and a page in one: answers after `takes` whether a message has a ✓ now, or is refused. */
function talk(
  sending: Sending,
  all: Outbox,
  untilMs: number,
  takes: (now: number) => boolean,
): [Outbox, number[]] {
  let now = all;
  const sentAt: number[] = [];
  for (let at = 0; at <= untilMs; at += 250) {
    for (const said of sending.due([now], at, false)) {
      sentAt.push(at);
      const taken = takes(at);
      if (taken) now = outbox.saved(now, said.session, said.client_seq);
      sending.heard(said.session, said.client_seq, !taken, at);
    }
  }
  return [now, sentAt];
}

test("a few are under way at once, and each word of the desk lets another one go", () => {
  const sending = keepSending(() => 0);
  const all = box(...upTo(20));
  expect(going(sending, all, 0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(going(sending, all, 1)).toEqual([]);
  sending.heard("s1", 3, false, 2);
  expect(going(sending, outbox.saved(all, "s1", 3), 2)).toEqual([9]);
});

test("a disk that refuses for twenty seconds is asked ever more slowly, one answer at a time, and gets all of them", () => {
  const [after, sentAt] = talk(
    keepSending(() => 0.5),
    box(...upTo(20)),
    40_000,
    (at) => at > 20_000,
  );
  expect(outbox.unsaved(after)).toBe(0);
  const asked = Array.from(new Set(sentAt.filter((at) => at <= 20_000)));
  const pauses = asked.slice(1).map((at, place) => at - (asked[place] ?? 0));
  expect(pauses).toEqual(Array.from(pauses).sort((one, other) => one - other));
  expect(Math.max(...pauses)).toBeLessThanOrEqual(10_000);
  expect(sentAt.filter((at) => at > 0 && at <= 20_000)).toHaveLength(asked.length - 1);
});

test("pages that were refused together do not come back together", () => {
  const comesBack = (chance: number): number => {
    const sending = keepSending(() => chance);
    const all = box(answer(1));
    going(sending, all, 0);
    sending.heard("s1", 1, true, 0);
    let at = 0;
    while (!going(sending, all, at).length) at += 10;
    return at;
  };
  expect(comesBack(0)).toBeLessThan(600);
  expect(comesBack(0.99)).toBeGreaterThan(900);
});

test("a desk that says nothing is asked again, and what it had already is not", () => {
  const sending = keepSending(() => 0);
  const all = outbox.saved(box(answer(1), answer(2)), "s1", 1);
  expect(going(sending, all, 0)).toEqual([2, 1]);
  sending.heard("s1", 1, false, 100);
  expect(going(sending, all, 9_000)).toEqual([]);
  const later = [10_200, 10_800, 11_400, 12_000].map((at) => going(sending, all, at));
  expect(later.filter((each) => each.length)).toEqual([[2]]);
});

test("a new choice is tried at once, and a tick ends the pause for all", () => {
  const sending = keepSending(() => 0);
  let all = box(answer(1), answer(2));
  going(sending, all, 0);
  sending.heard("s1", 1, true, 1);
  sending.heard("s1", 2, true, 1);
  expect(going(sending, all, 10)).toEqual([]);
  all = outbox.add(all, answer(3, "i1"));
  sending.hurry();
  expect(going(sending, all, 20)).toEqual([2]);
  sending.heard("s1", 2, false, 30);
  expect(going(sending, outbox.saved(all, "s1", 2), 30)).toEqual([3]);
});

test("the hand-in goes when every answer has its tick", () => {
  const sending = keepSending(() => 0);
  let all = box(answer(1), handIn(2), answer(3));
  expect(going(sending, all, 0)).toEqual([1, 3]);
  sending.heard("s1", 1, true, 1);
  sending.heard("s1", 3, false, 2);
  all = outbox.saved(all, "s1", 3);
  expect([going(sending, all, 3), going(sending, all, 4)]).toEqual([[], [1]]);
  sending.heard("s1", 1, false, 5);
  expect(going(sending, outbox.saved(all, "s1", 1), 5)).toEqual([2]);
});

test("one person's answers do not hold back the hand-in of another who sat here", () => {
  const boxes = [box(answer(1, "i1", "s1")), box(handIn(7, "s2"))];
  expect(numbers(keepSending(() => 0).due(boxes, 0, true))).toEqual([1, 7]);
});

test("on another line what has no tick goes first, then what has one, the newest first, once", () => {
  const sending = keepSending(() => 0);
  const all = outbox.add(outbox.add(saved(box(...upTo(4))), answer(5)), answer(6));
  sending.anew();
  expect(going(sending, all, 0)).toEqual([5, 6, 4, 3, 2, 1]);
  numbers(outbox.toSend(all)).forEach((seq) => sending.heard("s1", seq, false, 1));
  expect([2, 60_000].map((at) => going(sending, saved(all), at))).toEqual([[], []]);
  sending.anew();
  expect(going(sending, saved(all), 60_001)).toEqual([6, 5, 4, 3, 2, 1]);
});

test("where nobody sits, everything is brought again and again until it is confirmed", () => {
  const sending = keepSending(() => 0);
  const all = saved(box(answer(1)));
  const rounds = [0, 250, 9_000, 9_250, 9_500].map((at) => {
    const said = sending.due([all], at, true);
    said.forEach((each) => sending.heard(each.session, each.client_seq, false, at));
    return numbers(said);
  });
  expect(rounds).toEqual([[1], [], [], [1], []]);
});

test("five hundred answers stay below what the desk lets through, however often the line breaks", () => {
  const desk = readFileSync(resolve(import.meta.dirname, "../../../site_agent/exam/desk.py"), "utf8");
  const [, burst, perS] = /_BURST, _PER_S = ([\d.]+), ([\d.]+)/.exec(desk) ?? [];
  const sending = keepSending(() => 0);
  const all = saved(box(...upTo(500)));
  let level = 0;
  let highest = 0;
  const told = new Set<number>();
  for (let at = 0; at < 60_000; at += 10) {
    // The desk begins to count anew with each line; here it does not, which asks more.
    if (at % 5_000 === 0 && at < 20_000) sending.anew();
    level = Math.max(0, level - Number(perS) / 100);
    for (const said of sending.due([all], at, false)) {
      level += 1;
      told.add(said.client_seq);
      sending.heard(said.session, said.client_seq, false, at);
    }
    highest = Math.max(highest, level);
  }
  expect(told.size).toBe(500);
  expect(highest).toBeLessThan(Number(burst) / 2);
});
