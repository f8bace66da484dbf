import { signal } from "@preact/signals";
import * as drawer from "./drawer";
import type { Down } from "./messages";
import type { Seat } from "./model";
import * as outbox from "./outbox";
import type { Outbox } from "./outbox";

/**
 * On a computer shared in shifts: what people who sat here before have said and the province has not confirmed. The page
 * goes on bringing it to the desk while nobody sits here; it can be neither read nor changed from here.
 */
export interface Leftover {
  exam: string;
  number: string;
  name: string;
  outbox: Outbox;
}

export const leftovers = signal<readonly Leftover[]>([]);

export function lookForLeftovers(): void {
  const kept = drawer.everybody();
  const inMemory = leftovers.value.filter(
    (old) => !kept.some((each) => each.exam === old.exam && each.number === old.number),
  );
  leftovers.value = drawer.keepsNothing() ? [...kept, ...inMemory] : kept;
}

/** `seat` leaves; what is not confirmed stays behind. */
export function leaveBehind(seat: Seat, left: Outbox): void {
  const others = leftovers.value.filter((each) => each.exam !== seat.exam || each.number !== seat.number);
  const own = { exam: seat.exam, number: seat.number, name: seat.name, outbox: left };
  leftovers.value = left.length ? [...others, own] : others;
}

/** Who still waits for a ✓. */
export function waitingHere(): { name: string; number: string; waiting: number }[] {
  return leftovers.value
    .map(({ name, number, outbox: left }) => ({ name, number, waiting: outbox.unsaved(left) }))
    .filter(({ waiting }) => waiting > 0);
}

function after(left: Outbox, message: Down): Outbox {
  if (message.type === "saved") return outbox.saved(left, message.session, message.client_seq);
  if (message.type === "received") return outbox.received(left, message.session, message.through);
  if (message.type === "trouble" && outbox.isHopeless(message.code))
    return outbox.dropped(left, message.session, message.client_seq);
  return left;
}

export function heardOfLeftovers(message: Down): void {
  leftovers.value = leftovers.value
    .map((each) => {
      const now = after(each.outbox, message);
      drawer.keepOutbox(each, each.outbox, now);
      return { ...each, outbox: now };
    })
    .filter((each) => each.outbox.length > 0);
}
