import { computed, signal } from "@preact/signals";
import { SiteClock } from "./clock";
import { keepAwake, stayOnBack } from "./device";
import * as drawer from "./drawer";
import { heardOfLeftovers, leaveBehind, leftovers, lookForLeftovers } from "./leftovers";
import { type DeskLine, keepDeskLine } from "./line";
import * as marks from "./marks";
import type { Card, Down, SignedIn, Trouble } from "./messages";
import * as model from "./model";
import type { Seat, State } from "./model";
import * as outbox from "./outbox";
import type { Said } from "./outbox";
import { forgetNotes, takeUpNotes } from "./notes";
import { fetchRescue, forgetRoots, noteRoot } from "./roots";
import { keepSending } from "./sending";
import * as slip from "./voucher";
import { hush, paperOpened, watchTime } from "./warnings";

const PING_MS = 10_000;
const LOOK_AGAIN_MS = 3_000;
const SLOW_MS = 15_000;
const STUCK_MS = 60_000;
const TICK_MS = 250;
/** The desk says itself when time is up; this page decides alone only when the desk has said nothing for this long. */
const RAN_OUT_MS = 1_500;

/** The page's one live thing: the state, the line to the desk, and what a person may do. */
export const state = signal<State>(model.START);
export const now = signal<number | null>(null);
export const slow = signal(false);
/** Answers have waited so long, or the exam has ended without them, that they should leave by another way. */
export const stuck = signal(false);
export const entering = signal(false);
export const view = computed(() => model.view(state.value));

const clock = new SiteClock(() => performance.now());
const sending = keepSending(Math.random);
let line: DeskLine | null = null;
/** The session that the desk has seated on this line, "" for nobody: it takes answers of no other. */
let seatedAs: string | null = null;
/** A number and PIN, or a seat to be taken over, until the desk has seated or turned them away. */
let signingIn: unknown = null;
let takingOver = false;
/** The desk's disk refused to seat us: ask again. */
let seatRefused = false;
let firstWelcome = true;
let unsavedSince: number | null = null;

export function start(): void {
  slip.takeFromAddress();
  line = keepDeskLine({
    onOpen: () => tell({ type: "hello" }),
    onMessage: (message) => hear(message as Down),
    onDown: (stranger) => {
      seatedAs = null;
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
  signingIn = { type: "sign_in", exam, number: number.trim().toUpperCase(), pin: pin.trim() };
  tell(signingIn);
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
  hush();
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
  if ("client_seq" in message) {
    const refused = message.type === "trouble" && model.isForNow(message);
    sending.heard(message.session, message.client_seq, refused, performance.now());
  }
  if (message.type === "signed_in") seated(message);
  else take(message);
  flush();
}

function take(message: Exclude<Down, SignedIn>): void {
  if (!state.value.seat) {
    heardOfLeftovers(message);
    // Of somebody who sat here before: nobody is there who could sign in again.
    if (message.type === "trouble" && message.code === "sign_in_again" && message.session) return;
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
    sending.hurry();
  }
  if (message.type === "welcome") welcomed(message.exams);
  if (message.type === "trouble") {
    if (!message.session) turnedAway(message);
    if (message.code === "sign_in_again") forget();
    if (message.code === "moved_away") letGo();
    if (message.code === "session_unknown") sayAgain(message.session, message.client_seq);
  }
}

/** A disk may refuse a new session too, which is an event like an answer: it is asked for again with the next welcome. */
function turnedAway(trouble: Trouble): void {
  entering.value = false;
  seatRefused = model.isDiskTrouble(trouble);
  if (!seatRefused) signingIn = null;
}

const isSeatedHere = (): boolean => seatedAs === (state.value.seat ? state.value.seat.session : "");

function welcomed(exams: Card[]): void {
  const seat = state.value.seat;
  const first = firstWelcome;
  firstWelcome = seatRefused = false;
  if (seat) {
    if (!state.value.moved && !isSeatedHere()) resume(seat, takingOver);
    return;
  }
  if (seatedAs !== "") sending.anew();
  seatedAs = "";
  if (slip.isHeld()) {
    showVoucher();
    return;
  }
  if (signingIn) {
    entering.value = true;
    tell(signingIn);
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
  takingOver = takeover;
  const proof = marks.resumeProof(seat.key, seat.session, state.value.nonce);
  tell({ type: "resume", exam: seat.exam, session: seat.session, proof, takeover });
}

function seated(message: SignedIn): void {
  entering.value = takingOver = false;
  signingIn = null;
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
  seatedAs = seat.session;
  sending.anew();
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
  hush();
  unsavedSince = null;
  slip.putAway();
  lookForLeftovers();
  line?.anew();
}

function opened(): void {
  paperOpened(performance.now());
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
  sending.hurry();
  flush();
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

/** Sends what is due: what the candidate has said, or what those who sat here before could not send. */
function flush(): void {
  const { seat, moved, outbox: own } = state.value;
  if (moved || !isSeatedHere()) return;
  const boxes = seat ? [own] : leftovers.value.map((each) => each.outbox);
  for (const said of sending.due(boxes, performance.now(), !seat)) tell(said);
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
  if ((!state.value.seat || early || seatRefused) && !entering.value) tell({ type: "hello" });
}

export function leftMs(): number | null {
  const closes = model.cardOf(state.value)?.closes_ms;
  const at = now.value;
  return closes === null || closes === undefined || at === null ? null : closes - at;
}

function tick(): void {
  const before = leftMs();
  now.value = clock.now();
  flush();
  const after = leftMs();
  watchTime(before, after, performance.now());
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
