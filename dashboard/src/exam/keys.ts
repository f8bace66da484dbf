import type { Item } from "./messages";

/** What a key asks for while the paper is open. */
export type Wish = { kind: "choose"; option: number } | { kind: "step"; by: 1 | -1 };

interface Pressed {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

/**
 * 1–9 or A–J choose in the question one is at, ← → go to the one before or after, Enter goes on from an answer. Up and
 * down stay what they are among radio buttons. `onButton`: Enter belongs to the button it is pressed on.
 */
export function wishOf(pressed: Pressed, onButton: boolean): Wish | null {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return null;
  if (pressed.key === "ArrowRight") return { kind: "step", by: 1 };
  if (pressed.key === "ArrowLeft") return { kind: "step", by: -1 };
  if (pressed.key === "Enter") return onButton ? null : { kind: "step", by: 1 };
  if (/^[1-9]$/.test(pressed.key)) return { kind: "choose", option: Number(pressed.key) - 1 };
  if (/^[a-jA-J]$/.test(pressed.key))
    return { kind: "choose", option: pressed.key.toUpperCase().charCodeAt(0) - 65 };
  return null;
}

/** The place of the question one is at: where the focus is, else the last one that was looked at. */
export function placeOf(items: readonly Item[], focused: Element | null, last: string): number {
  const around = focused ? focused.closest(".question") : null;
  const here = around ? Number(around.id.slice(1)) : items.findIndex((item) => item.id === last);
  return Number.isInteger(here) && here >= 0 && here < items.length ? here : -1;
}

export function stepped(place: number, by: number, length: number): number {
  return Math.max(0, Math.min(length - 1, place + by));
}
