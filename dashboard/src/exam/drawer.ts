import { recall, remember } from "../shared/keep";
import type { Seat } from "./model";
import * as outbox from "./outbox";
import type { Outbox } from "./outbox";

/**
 * What this browser keeps over a reload: the last seat, and one outbox per session, so that two tabs never write under
 * the same key. A browser without storage keeps all of it in memory only.
 */
const SEAT = "diemcau.exam.seat";
const OUTBOX = "diemcau.exam.outbox";

const prefix = (exam: string, number: string): string => `${OUTBOX}.${exam}.${number}.`;

export function keepSeat(seat: Seat | null): void {
  remember(SEAT, seat ? JSON.stringify(seat) : "");
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

export function keepOutbox(seat: Seat, before: Outbox, after: Outbox): void {
  const sessions = new Set([...before, ...after].map(({ said }) => said.session));
  sessions.forEach((session) => {
    const [old, now] = [outbox.ofSession(before, session), outbox.ofSession(after, session)];
    if (outbox.write(old) !== outbox.write(now)) put(prefix(seat.exam, seat.number) + session, now);
  });
}

function put(key: string, kept: Outbox): void {
  try {
    if (kept.length) localStorage.setItem(key, outbox.write(kept));
    else localStorage.removeItem(key);
  } catch {
    return;
  }
}

/** Everything any tab of this browser still holds for this candidate. */
export function recallOutbox(exam: string, number: string): Outbox {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix(exam, number)))
      .reduce<Outbox>((all, key) => outbox.adopted(all, outbox.read(recall(key))), []);
  } catch {
    return [];
  }
}

/** Calls back when another tab has put something away for this candidate. */
export function watchOtherTabs(seat: () => Seat | null, changed: (left: Outbox) => void): void {
  addEventListener("storage", (event) => {
    const own = seat();
    if (own && event.key?.startsWith(prefix(own.exam, own.number))) changed(outbox.read(event.newValue));
  });
}
