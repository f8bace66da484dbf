/** Which sessions stand on the wall's strips, and what is said of whose picture their rooms see. */

import { airFindings, seats, whys } from "../air/words";
import type { WallSession } from "../shared/feed";
import { worded } from "../shared/i18n";
import { t } from "./words";

/** More strips would take the rooms' place. */
const ROWS = 3;
const ORDER = ["live", "break", "lobby", "planned"];

function byOrder(a: WallSession, b: WallSession): number {
  return (
    ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.starts_ms - b.starts_ms || (a.id < b.id ? -1 : 1)
  );
}

/**
 * The sessions that are on screens, in an order that does not change with what befalls them, else the next one that is
 * planned. Of more than fit, those with the gravest trouble stay in sight; `more` are the others.
 */
export function standing(sessions: readonly WallSession[]): { rows: WallSession[]; more: WallSession[] } {
  const known = sessions.filter(({ state }) => ORDER.includes(state)).sort(byOrder);
  const running = known.filter(({ state }) => state !== "planned");
  if (!running.length) return { rows: known.slice(0, 1), more: [] };
  const worst = [...running].sort((a, b) => (b.trouble ?? 0) - (a.trouble ?? 0) || byOrder(a, b));
  const shown = new Set(worst.slice(0, ROWS));
  return {
    rows: running.filter((each) => shown.has(each)),
    more: running.filter((each) => !shown.has(each)),
  };
}

export interface AirLine {
  /** How loud: nothing to see at once, all is well, worth a look, cannot wait. */
  tone: "quiet" | "on" | "off" | "grave";
  word: string;
  /** Whose picture, where the word does not say it, and why. */
  why: string;
  /** Since when it has been so; null where nothing is amiss. */
  sinceMs: number | null;
}

/** Who is on air in a session, and why; null while it is on no screen. */
export function airLine(session: WallSession): AirLine | null {
  if (session.state === "planned") return null;
  const { air, air_why, finding } = session;
  // A film plays in the standby's seat on purpose: its name stands beside.
  const film = finding === "standby_on_air" && session.source?.way === "file";
  if (finding && !film) {
    const tone = (session.trouble ?? 0) >= 2 ? "grave" : "on";
    // What an order is for, the word says already.
    const why = finding === "slate_ordered" ? "" : worded(whys, air_why);
    return { tone, word: worded(airFindings, finding), why, sinceMs: session.air_since_ms || null };
  }
  const seat = film ? "" : worded(seats, air);
  const why = air_why === "break" ? "" : worded(whys, air_why);
  const said = [seat, why].filter(Boolean).join(" · ");
  if (session.on_air) return { tone: "on", word: t.onAir, why: said, sinceMs: null };
  if (session.state !== "live") return { tone: "quiet", word: "", why: said, sinceMs: null };
  return { tone: "off", word: t.offAir, why: said, sinceMs: null };
}
