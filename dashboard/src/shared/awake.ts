const RELOADED = "diemcau.reloaded";
const AGAIN_AFTER_MS = 30_000;

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
    if (effectiveDirective !== "connect-src") return;
    const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
    if (Date.now() - last < AGAIN_AFTER_MS) return;
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
  });
}
