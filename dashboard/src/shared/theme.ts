import { signal } from "@preact/signals";
import { recall, remember } from "./keep";

export type Theme = "dark" | "light";

const KEY = "diemcau.theme";

export const theme = signal<Theme>("dark");

/** Takes the theme this browser remembers, or the page's own first choice. */
export function wear(first: Theme): void {
  const kept = recall(KEY);
  show(kept === "dark" || kept === "light" ? kept : first);
}

export function changeTheme(next: Theme): void {
  remember(KEY, next);
  show(next);
}

function show(next: Theme): void {
  theme.value = next;
  document.documentElement.dataset["theme"] = next;
}
