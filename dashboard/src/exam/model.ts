import type { Card, Down, Image, Item, Kept, Trouble } from "./messages";
import * as outbox from "./outbox";
import type { Mark, Outbox } from "./outbox";

/** Who sits here, and the key that this page marks its messages with. */
export interface Seat {
  exam: string;
  session: string;
  key: string;
  assurance: "voucher" | "pin";
  number: string;
  name: string;
  code: string;
  /** Highest counter used in this session. */
  used: number;
  /** The centre's key for a rescue file, hex; "" if the site has none. */
  rescueTo: string;
  /** Where the centre takes such a file from this page; "" if nowhere. */
  rescueAt?: string;
}

export interface Choice {
  option: string;
  mark: Mark;
}

export interface State {
  line: "new" | "up" | "down";
  /** What answers at the desk's address is not the desk: a Wi-Fi that wants a sign-in of its own. */
  stranger: boolean;
  site: string;
  nonce: string;
  exams: Card[];
  seat: Seat | null;
  items: Item[] | null;
  images: Image[];
  /** What the desk has of ours. */
  kept: Record<string, Choice>;
  outbox: Outbox;
  receipt: string | null;
  handedIn: boolean;
  closed: boolean;
  /** By this page's own clock the time is over, and the desk does not answer to say so. */
  ranOut: boolean;
  moved: boolean;
  /** Moved to another computer or school: this page is not asked to go on. */
  away: boolean;
  trouble: Trouble | null;
  /** Answers that arrived too late and now wait for a person. */
  late: boolean;
}

export const START: State = {
  line: "new",
  stranger: false,
  site: "",
  nonce: "",
  exams: [],
  seat: null,
  items: null,
  images: [],
  kept: {},
  outbox: [],
  receipt: null,
  handedIn: false,
  closed: false,
  ranOut: false,
  moved: false,
  away: false,
  trouble: null,
  late: false,
};

/** Words of trouble that say that the desk could not write: the message stays, and is sent again. */
const DISK = ["disk_full", "read_only", "disk_busy", "disk_error", "busy"];

export const isDiskTrouble = (trouble: Trouble | null): boolean =>
  trouble !== null && DISK.includes(trouble.code);

/** Whether the same message may be taken later. */
export const isForNow = (trouble: Trouble): boolean => isDiskTrouble(trouble) || trouble.code === "not_open";

function asKept(answers: Kept[]): Record<string, Choice> {
  const kept: Record<string, Choice> = {};
  for (const { item, option, mark } of answers) kept[item] = { option, mark };
  return kept;
}

/** Of the newest choice of an item the tick is shown. What counts of an earlier session's the desk tells itself. */
function onSaved(state: State, session: string, seq: number, note: string): State {
  const kept = { ...state.kept };
  if (note === "" && state.seat && state.seat.session === session)
    outbox.choices(state.outbox).forEach(({ said: { session: own, client_seq, option } }, item) => {
      if (own === session && client_seq === seq && option) kept[item] = { option, mark: 1 };
    });
  return {
    ...state,
    outbox: outbox.saved(state.outbox, session, seq),
    kept,
    late: state.late || note === "late",
    trouble: isDiskTrouble(state.trouble) ? null : state.trouble,
  };
}

function onReceived(state: State, session: string, through: number): State {
  const confirmed = state.outbox.filter(
    ({ said, saved }) => saved && said.session === session && said.client_seq <= through,
  );
  const kept = { ...state.kept };
  for (const { said } of confirmed) {
    const held = said.item ? kept[said.item] : undefined;
    if (said.item && held && held.option === said.option) kept[said.item] = { ...held, mark: 2 };
  }
  return { ...state, kept, outbox: outbox.received(state.outbox, session, through) };
}

/** A voucher of another school: the centre is being asked, or cannot be asked yet. */
export const isVisiting = (trouble: Trouble | null): boolean =>
  trouble !== null && ["visitor_asked", "visitor_no_line"].includes(trouble.code);

function onTrouble(state: State, trouble: Trouble): State {
  if (trouble.code === "moved_away") return { ...state, moved: true, away: true, trouble };
  const hopeless = outbox.isHopeless(trouble.code) && trouble.session !== "";
  return {
    ...state,
    trouble,
    outbox: hopeless ? outbox.dropped(state.outbox, trouble.session, trouble.client_seq) : state.outbox,
  };
}

function withCard(exams: Card[], card: Card): Card[] {
  return exams.some((known) => known.exam === card.exam)
    ? exams.map((known) => (known.exam === card.exam ? card : known))
    : [...exams, card];
}

/** The reserve paper takes the place of ours: nothing of the old one is shown or sent any more; the school keeps it. */
function onReserve(state: State, card: Card): State {
  const before = cardOf(state);
  if (!card.reserve || before?.exam !== card.exam || before.reserve) return state;
  return {
    ...state,
    items: null,
    kept: {},
    outbox: [],
    receipt: null,
    handedIn: false,
    closed: false,
    late: false,
  };
}

/** The next state after a word of the desk. A `signed_in` needs the seat that the caller has made of it. */
export function heard(state: State, message: Down, seat: Seat | null = null): State {
  switch (message.type) {
    case "welcome":
      return {
        ...state,
        line: "up",
        stranger: false,
        site: message.site,
        nonce: message.nonce,
        exams: message.exams,
      };
    case "exam":
      return { ...onReserve(state, message), exams: withCard(state.exams, message) };
    case "signed_in":
      return {
        ...state,
        seat,
        kept: asKept(message.answers),
        receipt: message.receipt,
        handedIn: message.receipt !== null,
        moved: false,
        away: false,
        trouble: null,
      };
    case "answers":
      return { ...state, kept: asKept(message.answers) };
    case "opened":
      return {
        ...state,
        items: message.items,
        images: message.images ?? [],
        trouble: state.trouble?.code === "not_open" ? null : state.trouble,
      };
    case "saved":
      return onSaved(state, message.session, message.client_seq, message.note);
    case "received":
      return onReceived(state, message.session, message.through);
    case "receipt":
      return { ...state, receipt: message.code, handedIn: true };
    case "closed":
      return { ...state, closed: true, receipt: state.receipt ?? message.receipt };
    case "moved":
      return { ...state, moved: true };
    case "trouble":
      return onTrouble(state, message);
    case "pong":
      return state;
  }
}

/** The candidate chose: it is in this browser from now on. */
export function said(state: State, message: outbox.Said): State {
  const seat = state.seat ? { ...state.seat, used: message.client_seq } : null;
  return { ...state, seat, outbox: outbox.add(state.outbox, message) };
}

/** What the candidate sees per item: the newest waiting choice, else what the desk has. */
export function shown(state: State): Record<string, Choice> {
  const all = { ...state.kept };
  outbox.choices(state.outbox).forEach((waiting, item) => {
    const held = all[item];
    const option = waiting.said.option ?? "";
    if (!waiting.saved) all[item] = { option, mark: 0 };
    else if (!held) all[item] = { option, mark: 1 };
  });
  return all;
}

export function cardOf(state: State): Card | null {
  const wanted = state.seat?.exam;
  return state.exams.find((card) => card.exam === wanted) ?? null;
}

export type View = "connecting" | "sign_in" | "waiting" | "paper" | "over" | "moved";

/** Which of the page's views is right. */
export function view(state: State): View {
  if (state.moved) return "moved";
  if (!state.seat) return state.line === "new" ? "connecting" : "sign_in";
  if (state.closed || state.ranOut || (state.receipt && !handingIn(state))) return "over";
  const card = cardOf(state);
  if (card && (card.state === "cancelled" || card.state === "missed")) return "over";
  return state.items ? "paper" : "waiting";
}

export function handingIn(state: State): boolean {
  return state.outbox.some(({ said: word, saved }) => word.type === "hand_in" && !saved);
}
