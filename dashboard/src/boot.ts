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

addEventListener(
  "error",
  (event) => {
    const target = event.target;
    const loads = target instanceof HTMLScriptElement || target instanceof HTMLLinkElement;
    // What a page that stands fetches later is its own affair.
    if (failed || !loads || document.readyState === "complete") return;
    failed = true;
    const before = tried();
    note(before + 1);
    const page = document.getElementById("page");
    if (page)
      page.textContent =
        "Trang chưa tải xong, đang tự tải lại… / The page did not load completely, trying again…";
    const most = FIRST_MS * Math.min(MOST_TIMES, 2 ** Math.min(before, 9));
    setTimeout(() => location.reload(), most * (0.5 + Math.random() / 2));
  },
  true,
);
addEventListener("load", () => {
  if (!failed) note(0);
});

export {};
