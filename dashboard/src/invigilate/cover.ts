import { signal } from "@preact/signals";

/** On the school's own computer the whole room may read along: this is what it reads only when somebody asks for it. */
export const uncovered = signal(false);
/** Likewise the code that is being typed. */
export const codeShown = signal(false);

/** Nobody remembers to cover a list again who was called away from it. */
const LEFT_AFTER_MS = 60_000;
/** Not the pointer's moves: a mouse that lies on glass moves by itself. */
const TOUCHES = ["pointerdown", "wheel", "keydown"] as const;

/** Whether this page stands on the school's own computer, whose browser the projector shows: a phone is never on loopback. */
export function roomSees(): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);
}

/** Whether names, extra time and notes are kept from the page now. */
export function covered(): boolean {
  return roomSees() && !uncovered.value;
}

export function cover(): void {
  uncovered.value = false;
  codeShown.value = false;
}

/** Covers everything again once nobody has pressed anything for a minute; gives what ends it. */
export function coverWhenLeft(): () => void {
  let left = setTimeout(cover, LEFT_AFTER_MS);
  const touched = (): void => {
    clearTimeout(left);
    left = setTimeout(cover, LEFT_AFTER_MS);
  };
  for (const touch of TOUCHES) addEventListener(touch, touched);
  return () => {
    clearTimeout(left);
    for (const touch of TOUCHES) removeEventListener(touch, touched);
  };
}
