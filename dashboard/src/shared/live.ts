import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { after, PARTS, type Sections, type SectionsMessage } from "./sections";
import { can, toLogin } from "./signed";
import { keepLine, type Line } from "./socket";

/** The centre speaks at least every 2 s; three missed beats mean that the line is dead. */
const SILENCE_MS = 6_500;

/** Who calls whom and what waits at the desks, as the wall's feed tells it; null until it first did. */
export const sections = signal<Sections | null>(null);

let watchers = 0;
let line: Line | null = null;

/** Opens the feed, once for the whole page, for as long as somebody on it looks. */
export function useSections(): Sections | null {
  useEffect(watch, []);
  return sections.value;
}

function watch(): () => void {
  if (!can("wall.see")) return () => undefined;
  if (watchers++ === 0)
    line = keepLine(`/wall/feed?only=${PARTS}`, {
      onMessage: (message, here) => take(message as SectionsMessage, here),
      onSignedOut: toLogin,
      silenceMs: SILENCE_MS,
    });
  return () => {
    if (--watchers > 0) return;
    line?.close();
    line = null;
  };
}

function take(message: SectionsMessage, here: Line): void {
  const known = after(sections.value, message, performance.now());
  if (known) sections.value = known;
  else here.send({ type: "snapshot" });
}

/** Centre time now, for what ends by itself. */
export function centreNowMs(known: Sections): number {
  return performance.now() + known.offsetMs;
}
