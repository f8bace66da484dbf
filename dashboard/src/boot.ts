/*
 * Stands in every page before anything else (`../boot.ts` puts it there, in what the oldest browser understands). A network that changes while a page loads
 * (Wi-Fi, a cable, a VPN) breaks off its scripts, and browsers leave such a page empty for ever: it says so and loads
 * itself anew, later each time.
 */
const TRIES = "diemcau.boot";
const FIRST_MS = 2000;
const MOST_TIMES = 16;
let failed = false;

function tried(): number {
  try {
    return Number(sessionStorage.getItem(TRIES));
  } catch {
    return 0;
  }
}

function note(tries: number): void {
  try {
    if (tries) sessionStorage.setItem(TRIES, String(tries));
    else sessionStorage.removeItem(TRIES);
  } catch {
    // Then every try is the first.
  }
}

/** What this page's own build made. What others put into pages (filters, extensions, Wi-Fi portals), and the policy of
 * the page refuses, is no fault of ours. */
function isOurs(url: string): boolean {
  return url.startsWith(location.origin) && url.includes("/assets/");
}

/** A page without its style can be read and used: the style alone is fetched again. */
function dressAgain(link: HTMLLinkElement): void {
  const before = Number(link.dataset["tries"] || 0);
  setTimeout(() => {
    const fresh = document.createElement("link");
    fresh.rel = "stylesheet";
    fresh.dataset["tries"] = String(before + 1);
    fresh.href = link.href;
    link.remove();
    document.head.appendChild(fresh);
  }, pauseMs(before));
}

function pauseMs(before: number): number {
  return FIRST_MS * Math.min(MOST_TIMES, 2 ** Math.min(before, 9)) * (0.5 + Math.random() / 2);
}

/** Only when the page itself can be had: not every browser comes back from a page of its own that says there is none. */
function reloadSoon(before: number): void {
  setTimeout(() => {
    fetch(location.href, { cache: "no-store" }).then(
      (reply) => (reply.ok ? location.reload() : reloadSoon(before + 1)),
      () => reloadSoon(before + 1),
    );
  }, pauseMs(before));
}

addEventListener(
  "error",
  (event) => {
    const target = event.target;
    if (target instanceof HTMLLinkElement && target.rel === "stylesheet" && isOurs(target.href))
      dressAgain(target);
    const script = target instanceof HTMLScriptElement ? target.src : "";
    // What a page that stands fetches later is its own affair.
    if (failed || document.readyState === "complete" || !isOurs(script)) return;
    failed = true;
    const before = tried();
    note(before + 1);
    const page = document.getElementById("page");
    if (page)
      page.textContent =
        "Trang chưa tải xong, đang tự tải lại… / The page did not load completely, trying again…";
    reloadSoon(before);
  },
  true,
);
addEventListener("load", () => {
  if (!failed) note(0);
});

export {};
