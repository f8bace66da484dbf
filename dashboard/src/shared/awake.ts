const RELOADED = "diemcau.reloaded";
const AGAIN_AFTER_MS = 30_000;
const BROKEN_MS = 1000;

/** Keeps the computer's screen from sleeping for as long as the page is seen; a browser that cannot is left alone. */
export function keepAwake(): void {
  const ask = (): void => {
    if (document.visibilityState === "visible" && "wakeLock" in navigator)
      void navigator.wakeLock.request("screen").catch(() => undefined);
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}

/**
 * The page may only reach what its policy named when it was loaded. A lecture that lies elsewhere needs a new policy,
 * hence one reload, at most every half minute.
 */
export function reloadForPolicy(): void {
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
    if (effectiveDirective === "connect-src" && reloadWaitMs() <= 0) reload();
  });
}

/** A page that nobody sits at must not stand broken: what nobody caught loads it anew, at most every half minute. */
export function reloadWhenBroken(): void {
  addEventListener("error", ({ error }) => {
    if (error) setTimeout(reload, Math.max(BROKEN_MS, reloadWaitMs()));
  });
}

function reloadWaitMs(): number {
  return Number(sessionStorage.getItem(RELOADED) ?? 0) + AGAIN_AFTER_MS - Date.now();
}

function reload(): void {
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
}
