import type { Claim } from "./duty";
import type { TalkMark } from "./feed";

/** The parts of the wall's feed that other pages follow, as `/wall/feed?only=…` tells them. */
export const PARTS = "chats,claims";

export interface SectionsMessage {
  type: "snapshot" | "delta";
  n: number;
  centre_ms: number;
  chats?: TalkMark[];
  claims?: Claim[];
}

export interface Sections {
  n: number;
  /** How often a whole picture came: whatever was asked for before may be older than the line. */
  wholes: number;
  /** Centre time of the latest message less this computer's monotonic time when it came (ms). */
  offsetMs: number;
  chats: readonly TalkMark[];
  claims: readonly Claim[];
}

/** What is known after a message; null after a gap, when a snapshot must be asked for. */
export function after(before: Sections | null, message: SectionsMessage, nowMs: number): Sections | null {
  const whole = message.type === "snapshot";
  if (!whole && (!before || message.n !== before.n + 1)) return null;
  return {
    n: message.n,
    wholes: (before?.wholes ?? 0) + (whole ? 1 : 0),
    offsetMs: message.centre_ms - nowMs,
    chats: message.chats ?? before?.chats ?? [],
    claims: message.claims ?? before?.claims ?? [],
  };
}

/** Changes whenever a conversation with this site may say something new: with each line and mark, and each new line
 * to the centre. */
export function talkStamp(known: Sections | null, site: string): string {
  const mark = known?.chats.find((each) => each.site === site);
  return `${known?.wholes ?? 0} ${mark ? `${mark.place} ${mark.delivered}` : "none"}`;
}

/** Likewise for the list of all conversations. */
export function talksStamp(known: Sections | null): string {
  const marks = known?.chats.map(({ site, place, delivered }) => `${site} ${place} ${delivered}`) ?? [];
  return [known?.wholes ?? 0, ...marks].join("|");
}
