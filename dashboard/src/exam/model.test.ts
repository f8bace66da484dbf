import { expect, test } from "vitest";
import type { Card, SignedIn, Trouble } from "./messages";
import { type Seat, START, type State, heard, isVisiting, said, shown, view } from "./model";
import type { Said } from "./outbox";

const card: Card = {
  type: "exam",
  exam: "e1",
  title: "Bài",
  state: "sealed",
  t0_ms: 10,
  duration_s: 60,
  now_ms: 0,
  sign_in: true,
  wants_code: false,
  closes_ms: null,
};
const seat: Seat = {
  exam: "e1",
  session: "s1",
  key: "0f",
  assurance: "pin",
  number: "SBD001",
  name: "Hoa",
  code: "101",
  used: 0,
  rescueTo: "",
};
const signedIn: SignedIn = {
  type: "signed_in",
  exam: "e1",
  session: "s1",
  epoch: 1,
  assurance: "pin",
  candidate: { number: "SBD001", name: "Hoa", code: "101" },
  answers: [],
  receipt: null,
  key: null,
  resumed: null,
};
const items = [{ id: "i1", text: "?", options: [{ id: "a", text: "A" }] }];

const answer = (client_seq: number, item: string, option: string): Said => ({
  type: "answer",
  session: "s1",
  client_seq,
  item,
  option,
  mac: "00",
});
const trouble = (code: string, client_seq = 1): Trouble => ({
  type: "trouble",
  code,
  message_vi: "",
  message_en: "",
  session: "s1",
  client_seq,
  wait_s: 0,
});

function sitting(): State {
  const welcomed = heard(START, { type: "welcome", site: "TH", nonce: "n", now_ms: 0, exams: [card] });
  const seated = heard(welcomed, signedIn, seat);
  return heard(seated, { type: "opened", exam: "e1", code: "101", items });
}

test("the views follow each other from the door to the receipt", () => {
  const welcomed = heard(START, { type: "welcome", site: "TH", nonce: "n", now_ms: 0, exams: [card] });
  const seated = heard(welcomed, signedIn, seat);
  const handed = heard(sitting(), { type: "receipt", code: "ABC", answered: 1 });
  expect([START, welcomed, seated, sitting(), handed].map(view)).toEqual([
    "connecting",
    "sign_in",
    "waiting",
    "paper",
    "over",
  ]);
});

test("an answer shows ○, then ✓, then ✓✓", () => {
  const chosen = said(sitting(), answer(1, "i1", "a"));
  const saved = heard(chosen, { type: "saved", session: "s1", client_seq: 1, note: "" });
  const received = heard(saved, { type: "received", session: "s1", through: 1 });
  expect([chosen, saved, received].map((state) => shown(state)["i1"]?.mark)).toEqual([0, 1, 2]);
  expect(received.outbox).toEqual([]);
});

test("a confirmation of an older choice does not confirm the newer one", () => {
  let state = said(sitting(), answer(1, "i1", "a"));
  state = heard(state, { type: "saved", session: "s1", client_seq: 1, note: "" });
  state = said(state, answer(2, "i1", "b"));
  state = heard(state, { type: "received", session: "s1", through: 1 });
  expect(shown(state)["i1"]).toEqual({ option: "b", mark: 0 });
});

test("an older choice that is told to be saved once more does not come back", () => {
  let state = said(sitting(), answer(1, "i1", "a"));
  state = heard(state, { type: "saved", session: "s1", client_seq: 1, note: "" });
  state = said(state, answer(2, "i1", "b"));
  for (const client_seq of [2, 1])
    state = heard(state, { type: "saved", session: "s1", client_seq, note: "" });
  expect(shown(state)["i1"]).toEqual({ option: "b", mark: 1 });
});

test("what another device has chosen since stands over a tick of an earlier session", () => {
  let state = said(sitting(), answer(1, "i1", "a"));
  state = heard(state, { type: "saved", session: "s1", client_seq: 1, note: "" });
  const since = { ...signedIn, session: "s3", answers: [{ item: "i1", option: "c", mark: 1 as const }] };
  state = heard(state, since, { ...seat, session: "s3" });
  state = heard(state, { type: "saved", session: "s1", client_seq: 1, note: "" });
  expect(shown(state)["i1"]).toEqual({ option: "c", mark: 1 });
});

test("a choice that is not sent yet stands over what the desk still has", () => {
  const state = heard(
    said(sitting(), answer(1, "i1", "b")),
    { ...signedIn, answers: [{ item: "i1", option: "a", mark: 2 }] },
    seat,
  );
  expect(shown(state)["i1"]).toEqual({ option: "b", mark: 0 });
});

test("an answer that was overtaken elsewhere does not come back", () => {
  let state = said(sitting(), answer(1, "i1", "b"));
  state = heard(state, { type: "answers", answers: [{ item: "i1", option: "a", mark: 1 }] });
  state = heard(state, { type: "saved", session: "s1", client_seq: 1, note: "aside" });
  expect(shown(state)["i1"]).toEqual({ option: "a", mark: 1 });
});

test("a paper that is not open yet leaves the answer waiting, and the trouble goes when it opens", () => {
  const early = heard(said(sitting(), answer(1, "i1", "a")), trouble("not_open"));
  const open = heard(early, { type: "opened", exam: "e1", code: "101", items });
  expect([early.outbox.length, early.trouble?.code]).toEqual([1, "not_open"]);
  expect([open.outbox.length, open.trouble]).toEqual([1, null]);
});

test("a disk that refuses leaves the answer waiting, and the trouble goes with the next tick", () => {
  let state = heard(said(sitting(), answer(1, "i1", "a")), trouble("disk_full"));
  expect(state.outbox).toHaveLength(1);
  expect(shown(state)["i1"]?.mark).toBe(0);
  state = heard(state, { type: "saved", session: "s1", client_seq: 1, note: "" });
  expect(state.trouble).toBeNull();
});

test("a message that the desk will never take is not sent for ever", () => {
  expect(heard(said(sitting(), answer(1, "i1", "a")), trouble("unknown_item")).outbox).toEqual([]);
});

test("a page whose candidate has gone on elsewhere says so", () => {
  expect(view(heard(sitting(), { type: "moved", session: "s2" }))).toBe("moved");
});

test("a page whose candidate was moved to another school says so and is not asked to go on", () => {
  const state = heard(sitting(), trouble("moved_away"));
  expect(view(state)).toBe("moved");
  expect(state.away).toBe(true);
});

test("a voucher of another school is being moved, or waits for the line", () => {
  expect(
    ["visitor_asked", "visitor_no_line", "wrong_voucher"].map((code) => isVisiting(trouble(code))),
  ).toEqual([true, true, false]);
});
