import { computed, signal } from "@preact/signals";
import { SiteClock, WARNING_MS, dueWarning, minutesLeft } from "./clock";
import { keepAwake, stayOnBack } from "./device";
import * as drawer from "./drawer";
import { heardOfLeftovers, leaveBehind, leftToSay, leftovers, lookForLeftovers } from "./leftovers";
import { type DeskLine, keepDeskLine } from "./line";
import * as marks from "./marks";
import type { Card, Down, SignedIn } from "./messages";
import * as model from "./model";
import type { Seat, State } from "./model";
import * as outbox from "./outbox";
import type { Said } from "./outbox";
import { forgetNotes, takeUpNotes } from "./notes";
import { fetchRescue, forgetRoots, noteRoot, rootsOf } from "./roots";
import * as slip from "./voucher";
import { t } from "./words";

const PING_MS = 10_000;
const LOOK_AGAIN_MS = 3_000;
const SLOW_MS = 15_000;
const STUCK_MS = 60_000;
const TICK_MS = 250;
/** The desk says itself when time is up; this page decides alone only when the desk has said nothing for this long. */
const RAN_OUT_MS = 1_500;
const BRING_AGAIN_MS = 9_000;

/** The page's one live thing: the state, the line to the desk, and what a person may do. */
export const state = signal<State>(model.START);
export const now = signal<number | null>(null);
export const warning = signal<number | null>(null);
/** Said politely to those who listen rather than look. */
export const announcement = signal("");
export const slow = signal(false);
/** Answers have waited so long, or the exam has ended without them, that they should leave by another way. */
export const stuck = signal(false);
export const entering = signal(false);
export const view = computed(() => model.view(state.value));

const clock = new SiteClock(() => performance.now());
let line: DeskLine | null = null;
let firstWelcome = true;
let unsavedSince: number | null = null;
let warnedAt = 0;
let toSayOpened = false;
let openedAt: number | null = null;
let broughtAt = 0;

export function start(): void {
  slip.takeFromAddress();
  line = keepDeskLine({
    onOpen: () => tell({ type: "hello" }),
    onMessage: (message) => hear(message as Down),
    onDown: (stranger) => {
      const before = state.value.line;
      state.value = { ...state.value, stranger, line: before === "new" && !stranger ? "new" : "down" };
    },
  });
  lookForLeftovers();
  setInterval(ping, PING_MS);
  setInterval(lookAgain, LOOK_AGAIN_MS);
  setInterval(tick, TICK_MS);
  // A phone that slept, a page that was put away and brought back, a network that is there again: look at once.
  for (const event of ["pageshow", "online", "focus"]) addEventListener(event, wakeUp);
  document.addEventListener("visibilitychange", wakeUp);
  addEventListener("beforeunload", (event) => {
    if (state.value.seat && !state.value.moved && outbox.unsaved(state.value.outbox)) event.preventDefault();
  });
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
  stayOnBack();
  tell({ type: "sign_in", exam, number: number.trim().toUpperCase(), pin: pin.trim() });
}

/** The code of a printed slip in place of its QR; false if it spells none. While the line is down it waits. */
export function enterCode(text: string): boolean {
  if (!slip.take(text)) return false;
  stayOnBack();
  slip.badVoucher.value = false;
  state.value = { ...state.value, trouble: null };
  if (state.value.line === "up") showVoucher();
  return true;
}

export function choose(item: string, option: string): void {
  stayOnBack();
  if (model.shown(state.value)[item]?.option !== option) say("answer", item, option);
}

export function handIn(): void {
  say("hand_in");
}

export function typeCode(exam: string, text: string): void {
  change({ ...state.value, trouble: null });
  tell({ type: "release_code", exam, text });
}

export function takeOver(): void {
  const seat = state.value.seat;
  if (seat) resume(seat, true);
}

/** This computer is for somebody else now. What is not confirmed yet stays behind without a face. */
export function nextPerson(): void {
  const { seat, outbox: left } = state.value;
  if (!seat) return;
  leaveBehind(seat, left);
  drawer.keepSeat(null);
  drawer.keepRoots(seat, []);
  forgetRoots();
  forgetNotes();
  slip.putAway();
  warning.value = null;
  announcement.value = "";
  unsavedSince = null;
  state.value = { ...model.START, line: "down", site: state.value.site };
  lookForLeftovers();
  line?.anew();
}

/** The voucher is not to be shown any more: number and PIN instead. */
export function putVoucherAway(): void {
  slip.putAway();
  state.value = { ...state.value, trouble: null };
}

/** This page is for the next person after its candidate has gone on at another desk. */
export function backToDoor(): void {
  state.value = { ...state.value, moved: false, away: false, trouble: null };
}

/** The address to open in another browser, with the voucher it was opened with while nobody sits here. */
export function ownAddress(): string {
  const own = location.origin + location.pathname;
  return state.value.seat ? own : own + slip.asHash();
}

// --- what the desk says ---------------------------------------------------------------------------------------------

function hear(message: Down): void {
  if (message.type === "welcome" || message.type === "exam" || message.type === "pong")
    clock.set(message.now_ms);
  if (message.type === "signed_in") {
    seated(message);
    return;
  }
  if (!state.value.seat) {
    heardOfLeftovers(message);
    // Of somebody who sat here before: nobody is there who could sign in again.
    if (message.type === "trouble" && message.code === "sign_in_again" && !entering.value) return;
    // Of another exam that is open here: shown again for that one.
    if (message.type === "trouble" && slip.refused(message.code, state.value.exams)) {
      state.value = { ...state.value, trouble: null };
      showVoucher();
      return;
    }
  }
  const before = state.value.items;
  change(model.heard(state.value, message));
  if (message.type === "opened") {
    if (before === null) opened();
    // A computer that took a lost one's place may have seated us, and refused all this, before it had the paper.
    for (const said of outbox.toSendOpened(state.value.outbox)) tell(said);
  }
  if (message.type === "welcome") welcomed(message.exams);
  if (message.type === "trouble") {
    entering.value = false;
    if (message.code === "sign_in_again") forget();
    if (message.code === "moved_away") letGo();
    if (message.code === "session_unknown") sayAgain(message.session, message.client_seq);
  }
}

function welcomed(exams: Card[]): void {
  bring();
  const seat = state.value.seat;
  const first = firstWelcome;
  firstWelcome = false;
  if (seat) {
    if (!state.value.moved) resume(seat, false);
    return;
  }
  if (slip.isHeld()) {
    showVoucher();
    return;
  }
  const last = first ? drawer.recallSeat() : null;
  if (last && exams.some((exam) => exam.exam === last.exam)) {
    change({ ...state.value, seat: last });
    resume(last, true);
  }
}

function showVoucher(): void {
  const { exams, nonce, trouble } = state.value;
  const shown = slip.showing(exams, nonce, model.isVisiting(trouble), performance.now());
  if (!shown) return;
  entering.value = true;
  tell(shown);
}

function resume(seat: Seat, takeover: boolean): void {
  const proof = marks.resumeProof(seat.key, seat.session, state.value.nonce);
  tell({ type: "resume", exam: seat.exam, session: seat.session, proof, takeover });
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
    rescueTo: message.rescue_to ?? "",
    rescueAt: message.rescue_at ?? "",
  };
  if (!same) noteRoot(seat, message, before, { desk: state.value.nonce, page: slip.pageNonce() });
  slip.putAway();
  const left = drawer.recallOutbox(seat.exam, seat.number);
  const behind = leftovers.value.filter((each) => each.exam === seat.exam && each.number === seat.number);
  const found = behind.reduce((all, each) => outbox.adopted(all, each.outbox), left);
  const all = outbox.adopted(state.value.outbox, found);
  leaveBehind(seat, []);
  takeUpNotes(seat);
  state.value = { ...model.heard(state.value, message, seat), outbox: all };
  drawer.keepSeat(seat);
  for (const said of outbox.toSend(all)) tell(said);
}

function keyOf(message: SignedIn, before: Seat | null): string | null {
  if (message.key) return message.key;
  if (message.resumed && before) {
    return message.resumed === message.session
      ? before.key
      : marks.resumedSessionKey(before.key, message.session);
  }
  return slip.sessionKey(state.value.nonce);
}

/** What has no ✓ and what the province does not have, sealed to the centre. */
export async function rescueBytes(): Promise<Uint8Array> {
  const { seat, outbox: left } = state.value;
  if (!seat) throw new Error("nobody sits here");
  const code = await fetchRescue();
  return code.rescueFile(seat.rescueTo, {
    exam: seat.exam,
    number: seat.number,
    made_ms: now.value ?? 0,
    roots: rootsOf(seat),
    said: outbox.toSend(left),
  });
}

function forget(): void {
  const { seat, outbox: left } = state.value;
  if (seat) leaveBehind(seat, left);
  drawer.keepSeat(null);
  change({ ...state.value, seat: null, items: null, kept: {}, outbox: [] });
}

/** The candidate goes on at another desk. What this page could not send is still brought, for a person to look at. */
function letGo(): void {
  forget();
  forgetNotes();
  forgetRoots();
  warning.value = null;
  unsavedSince = null;
  slip.putAway();
  lookForLeftovers();
  line?.anew();
}

/** What those who sat here before could not send; nothing is added to it. */
function bring(): void {
  if (state.value.seat || performance.now() - broughtAt < BRING_AGAIN_MS) return;
  broughtAt = performance.now();
  for (const said of leftToSay()) tell(said);
}

function opened(): void {
  openedAt = performance.now();
  // How long it will be open comes with the next word of the desk.
  toSayOpened = true;
  fetchRescue().catch(() => undefined);
  keepAwake(state.value);
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
  tell(said);
}

/** Said on a computer whose disk is no more: dropped, and said under this session unless something newer waits. */
function sayAgain(session: string, seq: number): void {
  const before = outbox.worthSaying(state.value.outbox, session, seq);
  change({ ...state.value, outbox: outbox.dropped(state.value.outbox, session, seq), trouble: null });
  if (before) say(before.type, before.item, before.option);
}

function change(next: State): void {
  const before = state.value;
  state.value = next;
  if (next.seat && !next.moved) drawer.keepOutbox(next.seat, before.outbox, next.outbox);
  if (outbox.unsaved(next.outbox) === 0) unsavedSince = null;
  else unsavedSince ??= performance.now();
}

// --- time -----------------------------------------------------------------------------------------------------------

function tell(message: unknown): void {
  if (line) line.send(message);
}

function ping(): void {
  // Nobody at the school sees ○ on this screen: the desk is told, and the invigilator by it.
  tell({ type: "ping", waiting: outbox.unsaved(state.value.outbox) });
}

function wakeUp(): void {
  if (document.visibilityState === "hidden") return;
  if (line) line.nudge();
  keepAwake(state.value);
}

/** Before anybody sits here the desk does not tell this page of changes: ask. */
function lookAgain(): void {
  // A computer that is new here gets the exam a moment after it answers.
  const early = state.value.trouble?.code === "no_exam";
  if ((!state.value.seat || early) && !entering.value) tell({ type: "hello" });
  if (!state.value.seat && state.value.line === "up") bring();
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
  if (toSayOpened && after !== null) {
    toSayOpened = false;
    announcement.value = t.openedWith(minutesLeft(after));
  }
  if (before !== null && after !== null) {
    const due = dueWarning(before, after);
    if (due !== null) warn(due);
  }
  if (warning.value !== null && performance.now() - warnedAt > WARNING_MS) warning.value = null;
  const ranOut = after !== null && after < -RAN_OUT_MS && state.value.line !== "up";
  if (ranOut !== state.value.ranOut && !state.value.closed) state.value = { ...state.value, ranOut };
  const over = model.view(state.value) === "over" && outbox.unsaved(state.value.outbox) > 0;
  stuck.value =
    (over && state.value.line !== "up") ||
    (unsavedSince !== null && performance.now() - unsavedSince > STUCK_MS);
  if (stuck.value && over)
    void fetchRescue().then(
      (code) => code.carry(),
      () => undefined,
    );
  slow.value = unsavedSince !== null && performance.now() - unsavedSince > SLOW_MS;
}

function warn(minutes: number): void {
  warning.value = minutes;
  warnedAt = performance.now();
  // Said with the opening already, when both come together.
  if (openedAt !== null && performance.now() - openedAt < WARNING_MS) return;
  announcement.value = minutes === 1 ? t.leftOne : t.leftWarning(minutes);
}
