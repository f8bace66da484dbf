import { signal } from "@preact/signals";
import { recall, remember } from "../shared/keep";
import type { Seat } from "./model";

/** What a candidate has noted for themselves: questions to come back to, and where they were. It never leaves here. */
export interface Notes {
  flags: readonly string[];
  at: string;
}

const EMPTY: Notes = { flags: [], at: "" };
const keyOf = (seat: Seat): string => `diemcau.exam.notes.${seat.exam}.${seat.number}`;

export const notes = signal<Notes>(EMPTY);
let owner: Seat | null = null;

export function takeUpNotes(seat: Seat): void {
  if (owner && keyOf(owner) === keyOf(seat)) return;
  owner = seat;
  notes.value = read(recall(keyOf(seat)));
}

export function forgetNotes(): void {
  try {
    if (owner) localStorage.removeItem(keyOf(owner));
  } catch {
    // A browser without storage has nothing to forget.
  }
  owner = null;
  notes.value = EMPTY;
}

export function toggleFlag(item: string): void {
  const { flags } = notes.value;
  note({ flags: flags.includes(item) ? flags.filter((each) => each !== item) : [...flags, item] });
}

export function noteWhere(item: string): void {
  if (notes.value.at !== item) note({ at: item });
}

function note(change: Partial<Notes>): void {
  notes.value = { ...notes.value, ...change };
  if (owner) remember(keyOf(owner), JSON.stringify(notes.value));
}

function read(text: string | null): Notes {
  if (!text) return EMPTY;
  try {
    const kept = JSON.parse(text) as Partial<Notes> | null;
    const flags = Array.isArray(kept?.flags) ? kept.flags.filter((each) => typeof each === "string") : [];
    return { flags, at: typeof kept?.at === "string" ? kept.at : "" };
  } catch {
    return EMPTY;
  }
}
