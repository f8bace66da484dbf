import { signal } from "@preact/signals";
import { WARNING_MS, dueWarning, minutesLeft } from "./clock";
import { t } from "./words";

/** The warning in minutes that is shown now. */
export const warning = signal<number | null>(null);
/** Said politely to those who listen rather than look. */
export const announcement = signal("");

let warnedAt = 0;
let toSayOpened = false;
let openedAt: number | null = null;

/** The paper has opened at this moment of a monotonic clock, in milliseconds as everywhere here. */
export function paperOpened(at: number): void {
  openedAt = at;
  // How long it will be open comes with the next word of the desk.
  toSayOpened = true;
}

/** What to show and say between two looks at the time left; null while it is unknown. */
export function watchTime(before: number | null, after: number | null, at: number): void {
  if (toSayOpened && after !== null) {
    toSayOpened = false;
    announcement.value = t.openedWith(minutesLeft(after));
  }
  const due = before === null || after === null ? null : dueWarning(before, after);
  if (due !== null) warn(due, at);
  if (warning.value !== null && at - warnedAt > WARNING_MS) warning.value = null;
}

function warn(minutes: number, at: number): void {
  warning.value = minutes;
  warnedAt = at;
  // Said with the opening already, when both come together.
  if (openedAt !== null && at - openedAt < WARNING_MS) return;
  announcement.value = minutes === 1 ? t.leftOne : t.leftWarning(minutes);
}

/** Nobody sits here any more. */
export function hush(): void {
  warning.value = null;
  announcement.value = "";
}
