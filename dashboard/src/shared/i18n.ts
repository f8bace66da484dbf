import { signal } from "@preact/signals";
import { recall, remember } from "./keep";

export type Language = "vi" | "en";
/** A sentence, or what makes one. */
export type Phrase = string | ((...values: never[]) => string);
type Entry<P extends Phrase> = { vi: P; en: P };
type Widened<P> = P extends string ? string : P;
type Spoken<D> = { readonly [K in keyof D]: D[K] extends { vi: infer P } ? Widened<P> : never };

const KEY = "diemcau.language";

/** The language of every page of this browser; reading it while rendering makes the component follow it. */
export const language = signal<Language>(recall(KEY) === "en" ? "en" : "vi");

export function speak(next: Language): void {
  language.value = next;
  remember(KEY, next);
}

/**
 * The words of one page, both languages required by the type. Read them as `t.title` or `t.rooms(5)`:
 * each read follows the language of the moment.
 */
export function dictionary<D extends Record<string, Entry<string> | Entry<(...values: never[]) => string>>>(
  words: D,
): Spoken<D> {
  const spoken = {};
  for (const key of Object.keys(words)) {
    Object.defineProperty(spoken, key, {
      enumerable: true,
      get: () => words[key]?.[language.value],
    });
  }
  return spoken as Spoken<D>;
}

/** A word that the server chose: its phrase, or the bare word when this page is older than the server. */
export function worded(words: Record<string, Phrase>, word: string | null | undefined): string {
  if (!word) return "";
  const phrase = Object.keys(words).includes(word) ? words[word] : undefined;
  return typeof phrase === "string" ? phrase : word.replace(/_/g, " ");
}
