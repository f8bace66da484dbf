/** What keeps a page without hands alive: it begins anew after a fault, with each new version, and once in a while. */
import { recall, remember } from "../shared/keep";

const BEGUN = "diemcau.wall.begun";
const LEAST_MS = 60_000;
const FRESH_MS = 6 * 3600_000;
const LOOK_MS = 60_000;
/** Without a word from the centre for this long although it answers, something in this page is stuck. */
const STUCK_MS = 120_000;

/** Looks after the page; `silentMs` says how long the feed has been silent. Undone by the function it returns. */
export function keepFresh(silentMs: () => number): () => void {
  const born = performance.now();
  let version: string | null = null;

  async function look(): Promise<void> {
    const now = await centreVersion();
    if (now === null) return;
    version ??= now;
    const old = performance.now() - born > FRESH_MS;
    if (now !== version || old || silentMs() > STUCK_MS) beginAnew();
  }

  const fault = (): void => void setTimeout(() => void reloadIfServed(), 5_000);
  addEventListener("error", fault);
  addEventListener("unhandledrejection", fault);
  const timer = setInterval(() => void look(), LOOK_MS);
  void look();
  return () => {
    clearInterval(timer);
    removeEventListener("error", fault);
    removeEventListener("unhandledrejection", fault);
  };
}

/** Only while the centre serves the page: a television must not end on a browser's error page. */
async function reloadIfServed(): Promise<void> {
  if ((await centreVersion()) !== null) beginAnew();
}

function beginAnew(): void {
  const last = Number(recall(BEGUN) ?? 0);
  if (Date.now() - last < LEAST_MS && Date.now() >= last) return;
  remember(BEGUN, String(Date.now()));
  location.reload();
}

/** The page as the centre serves it now: its scripts are named after their contents. Null while it does not answer. */
async function centreVersion(): Promise<string | null> {
  try {
    const reply = await fetch("/wall", { cache: "no-store" });
    return reply.ok ? await reply.text() : null;
  } catch {
    return null;
  }
}
