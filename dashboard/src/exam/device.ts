import type { State } from "./model";

interface Awake {
  wakeLock?: { request(kind: "screen"): Promise<unknown> };
}

/** Browsers offer it over https only. */
export const staysAwake = (): boolean => "wakeLock" in navigator;

/** Where the browser offers it, the screen stays on while the paper is open. */
export function keepAwake(state: State): void {
  const lock = (navigator as Awake).wakeLock;
  if (!lock || !state.items || state.closed) return;
  // Refused when the battery is low: the page goes on without.
  lock.request("screen").catch(() => undefined);
}

/**
 * The back button must not leave the exam by one slip. Browsers jump over entries that no touch of a person has made, so
 * each choice makes one if the last has been used up.
 */
export function stayOnBack(): void {
  if (history.state !== "exam") history.pushState("exam", "", location.pathname);
}
