import { signal } from "@preact/signals";
import { recall } from "../shared/keep";
import type { Seat } from "./model";
import * as outbox from "./outbox";
import type { Outbox } from "./outbox";
import type { Root } from "./rescue";

/**
 * What this browser keeps over a reload: the last seat, and one outbox per session, so that two tabs never write under
 * the same key. A browser without storage, or with a full one, keeps all of it in memory only, and the page says so.
 */
const SEAT = "diemcau.exam.seat";
const OUTBOX = "diemcau.exam.outbox.";
const ROOTS = "diemcau.exam.roots.";
const NAME = "diemcau.exam.name.";

type Whose = Pick<Seat, "exam" | "number" | "name">;

/** What was put away last could not be: the copy in this page is the only one in this browser. */
export const drawerFull = signal(false);

const prefix = (whose: Omit<Whose, "name">): string => `${OUTBOX}${whose.exam}.${whose.number}.`;

function put(key: string, value: string): void {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
    drawerFull.value = false;
  } catch {
    drawerFull.value = value !== "" || drawerFull.value;
  }
}

/** Whether this browser refuses to keep anything. */
export function keepsNothing(): boolean {
  return drawerFull.value;
}

export function keepSeat(seat: Seat | null): void {
  put(SEAT, seat ? JSON.stringify(seat) : "");
}

export function recallSeat(): Seat | null {
  const text = recall(SEAT);
  if (!text) return null;
  try {
    const seat = JSON.parse(text) as Partial<Seat> | null;
    const whole = seat?.exam && seat.session && seat.number && /^[0-9a-f]{64}$/.test(seat.key ?? "");
    return whole ? (seat as Seat) : null;
  } catch {
    return null;
  }
}

export function keepOutbox(whose: Whose, before: Outbox, after: Outbox): void {
  const sessions = new Set([...before, ...after].map(({ said }) => said.session));
  sessions.forEach((session) => {
    const [old, now] = [outbox.ofSession(before, session), outbox.ofSession(after, session)];
    if (outbox.write(old) !== outbox.write(now))
      put(prefix(whose) + session, now.length ? outbox.write(now) : "");
  });
  const name = after.length ? whose.name : "";
  if (before.length === 0 || after.length === 0) put(`${NAME}${whose.exam}.${whose.number}`, name);
}

/** Where the keys of this candidate's sessions come from: a rescue file needs it to be believed. */
export function keepRoots(whose: Omit<Whose, "name">, roots: readonly Root[]): void {
  put(`${ROOTS}${whose.exam}.${whose.number}`, roots.length ? JSON.stringify(roots) : "");
}

export function recallRoots(whose: Omit<Whose, "name">): Root[] {
  try {
    const kept: unknown = JSON.parse(recall(`${ROOTS}${whose.exam}.${whose.number}`) ?? "[]");
    return Array.isArray(kept) ? (kept as Root[]) : [];
  } catch {
    return [];
  }
}

/** Everything any tab of this browser still holds for this candidate. */
export function recallOutbox(exam: string, number: string): Outbox {
  return held(prefix({ exam, number }));
}

function held(start: string): Outbox {
  return keys(start).reduce<Outbox>((all, key) => outbox.adopted(all, outbox.read(recall(key))), []);
}

function keys(start: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(start));
  } catch {
    return [];
  }
}

/** Everybody of whom this browser holds something that is not confirmed. */
export function everybody(): (Whose & { outbox: Outbox })[] {
  const found = new Set(keys(OUTBOX).map((key) => key.slice(OUTBOX.length, key.lastIndexOf("."))));
  return Array.from(found)
    .map((whose) => {
      const exam = whose.slice(0, whose.indexOf("."));
      const number = whose.slice(exam.length + 1);
      return { exam, number, name: recall(NAME + whose) ?? "", outbox: recallOutbox(exam, number) };
    })
    .filter((each) => each.outbox.length > 0);
}

/** Calls back when another tab has put something away for this candidate. */
export function watchOtherTabs(seat: () => Seat | null, changed: (left: Outbox) => void): void {
  addEventListener("storage", (event) => {
    const own = seat();
    if (own && event.key && event.key.startsWith(prefix(own))) changed(outbox.read(event.newValue));
  });
}
