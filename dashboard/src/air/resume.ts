/** What a page that was on air remembers over a reload of itself: this tab only, and not for long. */

const KEY = "diemcau.onair.";
/** A page that comes back later than this was closed, not reloaded. */
const FRESH_MS = 60_000;

export interface Kept {
  getItem: (key: string) => string | null;
  setItem: (key: string, value: string) => void;
  removeItem: (key: string) => void;
}

function kept(): Kept | null {
  try {
    return window.sessionStorage;
  } catch {
    return null; // Storage may be forbidden; then a reload asks for the button again.
  }
}

/** Called while on air, again and again, so that the mark is fresh when the page goes. */
export function markOnAir(session: string, nowMs: number, store = kept()): void {
  try {
    store?.setItem(KEY + session, String(nowMs));
  } catch {
    // Full or forbidden: as above.
  }
}

export function forgetOnAir(session: string, store = kept()): void {
  store?.removeItem(KEY + session);
}

/** Whether this tab was on air in the session a moment ago. */
export function wasOnAir(session: string, nowMs: number, store = kept()): boolean {
  const at = Number(store?.getItem(KEY + session) ?? "0");
  return at > 0 && Math.abs(nowMs - at) < FRESH_MS;
}
