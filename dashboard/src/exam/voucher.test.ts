import { beforeEach, expect, test } from "vitest";
import type { Card } from "./messages";
import * as slip from "./voucher";

const CODE = "0004-1061-050R-3GG2-8A1C-60T3-GF5E";
const NONCE = "aa".repeat(16);

const card = (exam: string, sign_in = true): Card => ({
  type: "exam",
  exam,
  title: exam,
  state: "armed",
  t0_ms: 0,
  duration_s: 60,
  now_ms: 0,
  sign_in,
  wants_code: false,
  closes_ms: null,
});
const shown = (exams: Card[], now = 0, visiting = false): string | null =>
  (slip.showing(exams, NONCE, visiting, now) as { exam: string } | null)?.exam ?? null;

beforeEach(() => slip.putAway());

test("a typed code is shown for the exam that is open for signing in", () => {
  expect(shown([card("rehearsal", false), card("final")])).toBeNull();
  expect(slip.take(CODE.toLowerCase().replaceAll("-", " "))).toBe(true);
  expect(shown([card("rehearsal", false)])).toBeNull();
  expect(shown([card("rehearsal", false), card("final")])).toBe("final");
});

test("a code of another open exam is shown again for that one", () => {
  slip.take(CODE);
  const exams = [card("rehearsal"), card("final"), card("next", false)];
  expect(shown(exams)).toBe("rehearsal");
  expect(slip.refused("other_exam", exams)).toBe(true);
  expect(shown(exams)).toBe("final");
});

test("a code that no open exam knows is put away, so that the door says so once and for all", () => {
  slip.take(CODE);
  const exams = [card("final"), card("next", false)];
  expect(shown(exams)).toBe("final");
  expect(slip.refused("wrong_voucher", exams)).toBe(false);
  expect(slip.isHeld()).toBe(false);
  expect(slip.asHash()).toBe("");
});

test("a code that has to wait is kept, and asked for again while the centre is asked", () => {
  slip.take(CODE);
  const exams = [card("final")];
  expect(shown(exams)).toBe("final");
  expect(slip.refused("visitor_asked", exams)).toBe(false);
  expect(slip.refused("wait", exams)).toBe(false);
  expect(shown(exams, 5_999, true)).toBeNull();
  expect(shown(exams, 6_000, true)).toBe("final");
});

test("the address for another browser carries the code", () => {
  slip.take(CODE.toLowerCase());
  expect(slip.asHash()).toBe(`#v=${CODE.replaceAll("-", "")}`);
});
