import { signal } from "@preact/signals";
import * as marks from "./marks";
import type { Card } from "./messages";

const FRESH_VOUCHER = /^#v=([0-9A-Za-z-]+)$/;
/** Slower than the desk forgets attempts, so that waiting for the centre never locks this page out. */
const ASK_AGAIN_MS = 6_000;
/** The desk's words for a voucher that it will not take, however often it is shown. */
const NOT_HERE = ["wrong_voucher", "other_exam", "moved_elsewhere_closed"];

/** The voucher that this page was opened with, or that was typed at the door, until somebody sits here by it. */
interface Held {
  key: Uint8Array;
  spelled: string;
  pageNonce: string;
  askedAt: number;
  /** The exam it was shown for last, and those that it is not of. */
  exam: string;
  notOf: string[];
}

let held: Held | null = null;
/** The address that opened this page spells no voucher. */
export const badVoucher = signal(false);

/** Takes the voucher out of the page's address, where nobody may read it later. */
export function takeFromAddress(): void {
  const spelled = FRESH_VOUCHER.exec(location.hash)?.[1];
  if (!spelled) return;
  badVoucher.value = !take(spelled);
  history.replaceState(null, "", location.pathname);
}

/** False if this spells no voucher. */
export function take(text: string): boolean {
  const key = marks.readVoucher(text);
  held = key && {
    key,
    spelled: marks.signsOf(text),
    pageNonce: "",
    askedAt: -ASK_AGAIN_MS,
    exam: "",
    notOf: [],
  };
  return key !== null;
}

export function putAway(): void {
  held = null;
}

export const isHeld = (): boolean => held !== null;

/** The part of an address that opens this page with the voucher again. */
export const asHash = (): string => (held ? `#v=${held.spelled}` : "");

/** What to say to the desk, or null while there is nothing to show or the centre is being asked. */
export function showing(exams: Card[], deskNonce: string, visiting: boolean, now: number): object | null {
  const mine = held;
  if (!mine || (visiting && now - mine.askedAt < ASK_AGAIN_MS)) return null;
  const card = exams.find((each) => each.sign_in && !mine.notOf.includes(each.exam));
  if (!card) return null;
  mine.exam = card.exam;
  mine.askedAt = now;
  mine.pageNonce = marks.nonce();
  const proof = marks.voucherProof(mine.key, card.exam, deskNonce, mine.pageNonce);
  return {
    type: "voucher",
    exam: card.exam,
    name: marks.voucherName(mine.key),
    nonce: mine.pageNonce,
    proof,
  };
}

/** The desk will not take it for the exam it was shown for: true if another open exam is left to try. */
export function refused(code: string, exams: Card[]): boolean {
  const mine = held;
  if (!mine || !mine.exam || !NOT_HERE.includes(code)) return false;
  mine.notOf = mine.notOf.concat(mine.exam);
  const left = exams.some((each) => each.sign_in && !mine.notOf.includes(each.exam));
  if (!left) held = null;
  return left;
}

export const pageNonce = (): string => (held ? held.pageNonce : "");

/** The key that page and desk both make of the voucher; null without one. */
export const sessionKey = (deskNonce: string): string | null =>
  held ? marks.voucherSessionKey(held.key, deskNonce, held.pageNonce) : null;
