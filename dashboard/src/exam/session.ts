import { computed, signal } from "@preact/signals";
import { keepLine, type Line } from "../shared/socket";
import { SiteClock, dueWarning } from "./clock";
import * as drawer from "./drawer";
import * as marks from "./marks";
import type { Card, Down, SignedIn } from "./messages";
import * as model from "./model";
import type { Seat, State } from "./model";
import * as outbox from "./outbox";
import type { Said } from "./outbox";

const PING_MS = 10_000;
const SILENCE_MS = 25_000;
const LOOK_AGAIN_MS = 3_000;
const SLOW_MS = 15_000;
const TICK_MS = 250;

const FRESH_VOUCHER = /^#v=([0-9A-Za-z-]+)$/;

/** The page's one live thing: the state, the line to the desk, and what a person may do. */
export const state = signal<State>(model.START);
export const now = signal<number | null>(null);
export const warning = signal<number | null>(null);
export const slow = signal(false);
export const entering = signal(false);
export const badVoucher = signal(false);
export const view = computed(() => model.view(state.value));

const clock = new SiteClock(() => performance.now());
let line: Line | null = null;
let voucher: Uint8Array | null = null;
let pageNonce = "";
let firstWelcome = true;
let unsavedSince: number | null = null;

export function start(): void {
  const spelled = FRESH_VOUCHER.exec(location.hash)?.[1];
  if (spelled) {
    voucher = marks.readVoucher(spelled);
    badVoucher.value = voucher === null;
    history.replaceState(null, "", location.pathname);
  }
  line = keepLine("/exam/ws", {
    silenceMs: SILENCE_MS,
    onOpen: (open) => open.send({ type: "hello" }),
    onMessage: (message) => hear(message as Down),
    onDown: () => (state.value = { ...state.value, line: state.value.line === "new" ? "new" : "down" }),
  });
  setInterval(ping, PING_MS);
  setInterval(lookAgain, LOOK_AGAIN_MS);
  setInterval(tick, TICK_MS);
  for (const event of ["pageshow", "online", "focus"]) addEventListener(event, ping);
  document.addEventListener("visibilitychange", ping);
  drawer.watchOtherTabs(
    () => state.value.seat,
    (left) => {
      if (!state.value.moved) change({ ...state.value, outbox: outbox.adopted(state.value.outbox, left) });
    },
  );
}

// --- what a person does ---------------------------------------------------------------------------------------------

export function signIn(exam: string, number: string, pin: string): void {
  entering.value = true;
  line?.send({ type: "sign_in", exam, number: number.trim().toUpperCase(), pin: pin.trim() });
}

export function choose(item: string, option: string): void {
  if (model.shown(state.value)[item]?.option !== option) say("answer", item, option);
}

export function handIn(): void {
  say("hand_in");
}

export function typeCode(exam: string, text: string): void {
  change({ ...state.value, trouble: null });
  line?.send({ type: "release_code", exam, text });
}

export function takeOver(): void {
  const seat = state.value.seat;
  if (seat) resume(seat, true);
}

// --- what the desk says ---------------------------------------------------------------------------------------------

function hear(message: Down): void {
  if (message.type === "welcome" || message.type === "exam" || message.type === "pong")
    clock.set(message.now_ms);
  if (message.type === "signed_in") {
    seated(message);
    return;
  }
  change(model.heard(state.value, message));
  if (message.type === "welcome") welcomed(message.exams);
  if (message.type === "trouble") {
    entering.value = false;
    if (message.code === "sign_in_again") forget();
  }
}

function welcomed(exams: Card[]): void {
  const seat = state.value.seat;
  const first = firstWelcome;
  firstWelcome = false;
  if (seat) {
    if (!state.value.moved) resume(seat, false);
    return;
  }
  if (voucher) {
    const card = exams.find((exam) => exam.sign_in);
    if (card) showVoucher(card.exam, voucher);
    return;
  }
  const last = first ? drawer.recallSeat() : null;
  if (last && exams.some((exam) => exam.exam === last.exam)) {
    change({ ...state.value, seat: last });
    resume(last, true);
  }
}

function showVoucher(exam: string, key: Uint8Array): void {
  entering.value = true;
  pageNonce = marks.nonce();
  const proof = marks.voucherProof(key, exam, state.value.nonce, pageNonce);
  line?.send({ type: "voucher", exam, name: marks.voucherName(key), nonce: pageNonce, proof });
}

function resume(seat: Seat, takeover: boolean): void {
  const proof = marks.resumeProof(seat.key, seat.session, state.value.nonce);
  line?.send({ type: "resume", exam: seat.exam, session: seat.session, proof, takeover });
}

function seated(message: SignedIn): void {
  entering.value = false;
  const before = state.value.seat;
  const key = keyOf(message, before);
  if (key === null) return;
  const same = before?.session === message.session;
  const seat: Seat = {
    exam: message.exam,
    session: message.session,
    key,
    assurance: message.assurance,
    number: message.candidate.number,
    name: message.candidate.name,
    code: message.candidate.code,
    used: same ? before.used : 0,
  };
  voucher = null;
  const left = drawer.recallOutbox(seat.exam, seat.number);
  const all = outbox.adopted(state.value.outbox, left);
  state.value = { ...model.heard(state.value, message, seat), outbox: all };
  drawer.keepSeat(seat);
  for (const said of outbox.toSend(all)) line?.send(said);
}

function keyOf(message: SignedIn, before: Seat | null): string | null {
  if (message.key) return message.key;
  if (message.resumed && before) {
    return message.resumed === message.session
      ? before.key
      : marks.resumedSessionKey(before.key, message.session);
  }
  return voucher ? marks.voucherSessionKey(voucher, state.value.nonce, pageNonce) : null;
}

function forget(): void {
  drawer.keepSeat(null);
  change({ ...state.value, seat: null, items: null, kept: {}, outbox: [] });
}

// --- saying and keeping ---------------------------------------------------------------------------------------------

function say(type: Said["type"], item?: string, option?: string): void {
  const seat = state.value.seat;
  if (!seat || state.value.moved) return;
  const client_seq = seat.used + 1;
  const mac = marks.messageMark(seat.key, type, seat.session, client_seq, item, option);
  const base = { type, session: seat.session, client_seq, mac };
  const said: Said = item !== undefined && option !== undefined ? { ...base, item, option } : base;
  change(model.said(state.value, said));
  drawer.keepSeat(state.value.seat);
  line?.send(said);
}

function change(next: State): void {
  const before = state.value;
  state.value = next;
  if (next.seat && !next.moved) drawer.keepOutbox(next.seat, before.outbox, next.outbox);
  if (outbox.unsaved(next.outbox) === 0) unsavedSince = null;
  else unsavedSince ??= performance.now();
}

// --- time -----------------------------------------------------------------------------------------------------------

function ping(): void {
  line?.send({ type: "ping" });
}

/** Before anybody sits here the desk does not tell this page of changes: ask. */
function lookAgain(): void {
  if (!state.value.seat && !entering.value) line?.send({ type: "hello" });
}

export function leftMs(): number | null {
  const closes = model.cardOf(state.value)?.closes_ms;
  const at = now.value;
  return closes === null || closes === undefined || at === null ? null : closes - at;
}

function tick(): void {
  const before = leftMs();
  now.value = clock.now();
  const after = leftMs();
  if (before !== null && after !== null) {
    const due = dueWarning(before, after);
    if (due !== null) warning.value = due;
  }
  slow.value = unsavedSince !== null && performance.now() - unsavedSince > SLOW_MS;
}
