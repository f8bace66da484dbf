import { post } from "../desk/local";
import type { LocalFloor } from "../screen/state";

/** Ctrl and Alt are left alone: F2 is a key that every keyboard has and no browser uses. */
export const HAND_KEY = "F2";

/** What the one button of a room does now: raise, lower, or give the floor back. */
export function nextHand(floor: LocalFloor): boolean {
  return !(floor.speak || floor.hand === "up");
}

export async function moveHand(floor: LocalFloor): Promise<void> {
  await post("/local/floor/hand", { up: nextHand(floor) });
}
