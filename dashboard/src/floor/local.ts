import { post } from "../desk/local";
import type { LocalFloor } from "../screen/state";

/** Ctrl and Alt are left alone: F2 is a key that every keyboard has and no browser uses. */
export const HAND_KEY = "F2";

/** What the one button of a room does now: raise, lower, or give the floor back. */
export function nextHand(floor: LocalFloor): boolean {
  return !(floor.speak || floor.hand === "up");
}

/** A room whose computer has been silent for so long has lost the floor at the centre. */
export const SILENT_MS = 10_000;

/** What this room still knows of the floor when its agent has been silent: it goes on to hear, and speaks no more. */
export function withoutAgent(floor: LocalFloor, silentMs: number): LocalFloor {
  return silentMs < SILENT_MS ? floor : { ...floor, speak: null, aside: null, speaker: null, hand: "down" };
}

export async function moveHand(floor: LocalFloor): Promise<void> {
  await post("/local/floor/hand", { up: nextHand(floor) });
}
