import { expect, test } from "vitest";
import * as outbox from "./outbox";
import type { Outbox, Said } from "./outbox";

const answer = (client_seq: number, item: string, option: string, session = "s1"): Said => ({
  type: "answer",
  session,
  client_seq,
  item,
  option,
  mac: "00",
});

const filled = (): Outbox =>
  [answer(1, "i1", "a"), answer(2, "i2", "b"), answer(3, "i3", "c")].reduce(outbox.add, [] as Outbox);
const handIn: Said = { type: "hand_in", session: "s1", client_seq: 4, mac: "00" };

test("what was said waits until the province has it", () => {
  let box = filled();
  box = outbox.saved(box, "s1", 1);
  expect(box).toHaveLength(3);
  box = outbox.received(box, "s1", 1);
  expect(outbox.toSend(box).map((said) => said.client_seq)).toEqual([2, 3]);
});

test("a watermark does not take away what never showed a tick", () => {
  const box = outbox.received(outbox.saved(filled(), "s1", 3), "s1", 3);
  expect(outbox.toSend(box).map((said) => said.client_seq)).toEqual([1, 2]);
});

test("a watermark of another session takes nothing away", () => {
  const box = outbox.saved(filled(), "s1", 1);
  expect(outbox.received(box, "s2", 9)).toHaveLength(3);
});

test("a new choice takes the place of one that never had a tick", () => {
  const box = outbox.add(filled(), answer(4, "i1", "d"));
  expect(outbox.toSend(box).map((said) => said.client_seq)).toEqual([2, 3, 4]);
});

test("a new choice leaves what has a tick, and what was said of nothing else", () => {
  const box = outbox.add(outbox.add(outbox.saved(filled(), "s1", 1), handIn), answer(5, "i1", "d"));
  expect(outbox.toSend(box).map((said) => said.client_seq)).toEqual([1, 2, 3, 4, 5]);
});

test("a tick twice is a tick", () => {
  const once = outbox.saved(filled(), "s1", 2);
  expect(outbox.saved(once, "s1", 2)).toEqual(once);
});

test("the newest choice of an item is the one that is shown", () => {
  const box = outbox.add(outbox.saved(filled(), "s1", 1), answer(4, "i1", "d"));
  expect(outbox.choices(box).get("i1")?.said.option).toBe("d");
});

test("everything is sent again in the order it was said", () => {
  expect(outbox.toSend(filled()).map((said) => said.client_seq)).toEqual([1, 2, 3]);
});

test("an outbox survives the browser's storage", () => {
  const box = outbox.saved(filled(), "s1", 1);
  expect(outbox.read(outbox.write(box))).toEqual(box);
});

test.each([null, "", "null", "{", "[1,null,{}]", '{"a":1}'])(
  "storage with %j in it is an empty outbox",
  (text) => {
    expect(outbox.read(text)).toEqual([]);
  },
);
