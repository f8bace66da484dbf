import { post, type Post } from "./local";

/** The head count that a person enters. */

export const LARGEST = 10_000;

/** What goes with the number: who signs with the school's PIN, and for which question of the centre, with why. */
export interface Signature {
  who: string;
  pin: string;
  roll_call?: string;
  word?: string;
}

/** What a person counted: those who sit there and, where it was typed, those who signed the room's list. */
export interface People {
  number: number;
  listed?: number;
}

/** The number that was typed; null if it is none. Spaces and the dots of thousands are forgiven. */
export function numberOf(typed: string): number | null {
  const digits = typed.replace(/[\s.]/g, "");
  if (!/^\d{1,5}$/.test(digits)) return null;
  const number = Number(digits);
  return number <= LARGEST ? number : null;
}

/** How many signed the list: undefined where nothing was typed, null if that is no number of people. */
export function listedOf(typed: string): number | undefined | null {
  return typed.trim() === "" ? undefined : numberOf(typed);
}

/** Hands the numbers to the agent on this computer; a fault is an Error with a sentence, or with none. */
export async function declare(people: People, signature?: Signature, send?: Post): Promise<void> {
  await post("/local/declared", { ...people, ...signature }, send);
}
