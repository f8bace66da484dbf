import { expect, test } from "vitest";
import type { TalkMark } from "./feed";
import { after, type SectionsMessage, talksStamp, talkStamp } from "./sections";

const mark = (place: number, delivered = false): TalkMark => ({
  site: "a",
  place,
  waits: true,
  delivered,
  at_ms: 1,
});
const CLAIM = { site: "a", person: "ha", name: "Hà", at_ms: 0, until_ms: 600_000 };
const whole = (chats: TalkMark[]): SectionsMessage => ({
  type: "snapshot",
  n: 0,
  centre_ms: 10_000,
  chats,
  claims: [],
});
const delta = (n: number, rest: Partial<SectionsMessage> = {}): SectionsMessage => ({
  type: "delta",
  n,
  centre_ms: 11_000,
  ...rest,
});

test("a section that is not named stays as it was", () => {
  const one = after(null, whole([mark(1)]), 500);
  const two = after(one, delta(1, { claims: [CLAIM] }), 600);
  expect([two?.chats, two?.claims, two?.offsetMs]).toEqual([[mark(1)], [CLAIM], 10_400]);
});

test("after a gap nothing is believed before a whole picture", () => {
  const one = after(null, whole([mark(1)]), 0);
  expect(after(null, delta(1), 0)).toBeNull();
  expect(after(one, delta(2), 0)).toBeNull();
  expect(after(one, whole([mark(2)]), 0)?.chats).toEqual([mark(2)]);
});

test("a conversation is read again with each line, each mark, and each line to the centre that stands anew", () => {
  const first = after(null, whole([mark(1)]), 0);
  const said = after(first, delta(1, { chats: [mark(2)] }), 0);
  const kept = after(said, delta(2, { chats: [mark(2, true)] }), 0);
  const quiet = after(kept, delta(3), 0);
  const back = after(quiet, whole([mark(2, true)]), 0);
  const stamps = [null, first, said, kept, back].map((known) => talkStamp(known, "a"));
  expect(new Set(stamps).size).toBe(5);
  expect(talkStamp(quiet, "a")).toBe(talkStamp(kept, "a"));
  expect(talkStamp(said, "b")).toBe(talkStamp(first, "b"));
  expect(talksStamp(said)).not.toBe(talksStamp(first));
  expect(talksStamp(after(said, delta(2, { chats: [] }), 0))).not.toBe(talksStamp(said));
});
