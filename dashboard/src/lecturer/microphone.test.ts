import { expect, test } from "vitest";
import { DEAD_MS, doubtOf, FAINT_MS, heardFrom, type Microphone, noMicrophone } from "./microphone";

interface Listened {
  id?: string;
  wanted?: boolean;
}

/** Listened to ten times a second from `at` on. */
function after(
  ms: number,
  dbfs: number | null,
  { id = "a", wanted = true }: Listened = {},
  before: Microphone = noMicrophone,
  at = 0,
): Microphone {
  let found = before;
  for (let now = at; now <= at + ms; now += 100) found = heardFrom(found, id, dbfs, wanted, now);
  return found;
}

test("a microphone that gives nothing is dead after ten seconds on air", () => {
  expect(doubtOf(after(DEAD_MS - 100, -100), DEAD_MS - 100)).toBeNull();
  expect(doubtOf(after(DEAD_MS, -100), DEAD_MS)).toBe("dead");
  expect(doubtOf(after(DEAD_MS, -72), DEAD_MS)).toBe("dead");
  expect(doubtOf(after(DEAD_MS, -100, { id: "" }), DEAD_MS)).toBe("dead");
});

test("a faint one is asked about after half a minute, until somebody speaks", () => {
  expect(doubtOf(after(FAINT_MS - 100, -50), FAINT_MS - 100)).toBeNull();
  const faint = after(FAINT_MS, -50);
  expect(doubtOf(faint, FAINT_MS)).toBe("faint");
  expect(doubtOf(heardFrom(faint, "a", -40, true, FAINT_MS + 100), FAINT_MS + 100)).toBeNull();
});

test("speech is nothing to ask about, however long", () => {
  expect(doubtOf(after(FAINT_MS * 3, -30), FAINT_MS * 3)).toBeNull();
});

test("a pause of one that was heard is no dead microphone; one that is switched off meanwhile is", () => {
  const spoke = after(1000, -30);
  const pause = after(DEAD_MS, -80, {}, spoke, 1000);
  expect(doubtOf(pause, 1000 + DEAD_MS)).toBeNull();
  expect(doubtOf(after(DEAD_MS, -100, {}, spoke, 1000), 1000 + DEAD_MS)).toBe("dead");
});

test("another microphone is given its own time", () => {
  const dead = after(DEAD_MS, -100);
  const other = heardFrom(dead, "b", -100, true, DEAD_MS);
  expect(doubtOf(other, DEAD_MS + 100)).toBeNull();
  expect(other.spoke).toBe(false);
});

test("nothing is asked while a film, a room or the slate is heard, nor about what was turned off, and time starts anew", () => {
  const dead = after(DEAD_MS, -100);
  const unwanted = after(60_000, -100, { wanted: false }, dead, DEAD_MS);
  expect(doubtOf(unwanted, 70_000)).toBeNull();
  const again = heardFrom(unwanted, "a", -100, true, 70_000);
  expect(doubtOf(again, 70_000 + DEAD_MS - 1)).toBeNull();
});

test("what nobody could measure is no silence", () => {
  expect(doubtOf(after(60_000, null), 60_000)).toBeNull();
});
