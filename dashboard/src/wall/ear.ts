import type { Memory } from "./order";

/** Between two sounds, whatever happens: a storm is one sound, not forty. */
export const REST_MS = 12_000;
/** But red is heard this soon after an amber sound. */
const RED_REST_MS = 3_000;

export type Sound = "amber" | "red";

/** What was heard so far. `before` is null until the first picture: what was already there makes no sound. */
export interface Ear {
  before: Memory | null;
  lastMs: number;
  last: Sound | null;
  /** A rise that came while the ear rested. */
  owed: Sound | null;
}

export const deaf: Ear = { before: null, lastMs: -Infinity, last: null, owed: null };

/**
 * The ear after this look, and the sound to make. Only a rise is news: a site that falls into trouble, or from amber into
 * red. A site that flaps is still remembered and makes no new sound.
 */
export function listen(ear: Ear, memory: Memory, nowMs: number): { ear: Ear; sound: Sound | null } {
  if (ear.before === null) return { ear: { ...ear, before: memory }, sound: null };
  let news: Sound | null = ear.owed;
  for (const [id, { trouble }] of memory) {
    if (trouble <= (ear.before.get(id)?.trouble ?? 0)) continue;
    news = trouble >= 3 ? "red" : (news ?? "amber");
  }
  const rest = news === "red" && ear.last === "amber" ? RED_REST_MS : REST_MS;
  if (!news || nowMs - ear.lastMs < rest) return { ear: { ...ear, before: memory, owed: news }, sound: null };
  return { ear: { before: memory, lastMs: nowMs, last: news, owed: null }, sound: news };
}
