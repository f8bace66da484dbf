import { expect, test } from "vitest";
import {
  asking,
  BLIND_MS,
  counted,
  due,
  failed,
  FIRST_PACKET_MS,
  off,
  type Received,
  type Recovery,
  SILENCE_MS,
  sounds,
} from "./recovery";

const TEN: Received = { packets: 10, pictureBytes: 9000, frames: 3 };

function received(packets: number): Received {
  return { ...TEN, packets };
}

function flowing(now: number, attempt = 0): Recovery {
  return counted(asking(now - 100, { ...off, attempt }), TEN, now, 1);
}

test("packets make an asked stream flow", () => {
  expect(flowing(1000).phase).toBe("flowing");
});

test("a flowing stream is asked for again after two seconds without packets", () => {
  const start = flowing(1000);
  expect(counted(start, TEN, 1000 + SILENCE_MS, 1).phase).toBe("flowing");
  const lost = counted(start, TEN, 1001 + SILENCE_MS, 1);
  expect(lost.phase).toBe("waiting");
  expect(due(lost, lost.askAtMs)).toBe(true);
  expect(lost.askAtMs - (1001 + SILENCE_MS)).toBeLessThanOrEqual(300);
});

test("a lecturer's death, which takes up to two seconds until the slate is there, is waited for", () => {
  let state = flowing(1000);
  for (let now = 1250; now <= 3000; now += 250) state = counted(state, TEN, now, 0);
  expect(state.phase).toBe("flowing");
});

test("a new connection gets time for its first packet", () => {
  const start = asking(0);
  expect(counted(start, received(0), FIRST_PACKET_MS, 1).phase).toBe("asking");
  expect(counted(start, received(0), FIRST_PACKET_MS + 1, 1).phase).toBe("waiting");
});

test("each fault in a row makes the wait longer, up to five seconds", () => {
  const waits: number[] = [];
  let state = asking(0);
  for (let fault = 0; fault < 7; fault += 1) {
    const lost = failed(state, 0, 1);
    waits.push(lost.askAtMs);
    state = asking(0, lost);
  }
  expect(waits).toEqual([300, 600, 1200, 2400, 4800, 5000, 5000]);
});

test("packets that come back while waiting end the wait", () => {
  const lost = failed(flowing(1000), 2000, 1);
  const back = counted(lost, received(11), 2100, 1);
  expect(back.phase).toBe("flowing");
  expect(due(back, 99_999)).toBe(false);
});

test("waiting does not make the wait longer by itself", () => {
  const lost = failed(flowing(1000), 2000, 1);
  expect(counted(lost, TEN, 9000, 1)).toMatchObject({ ...lost, lookedMs: 9000 });
  expect(failed(lost, 9000, 1)).toBe(lost);
});

test("a stream that was steady starts again with the shortest wait, a fluttering one does not", () => {
  const fluttering = counted(flowing(1000, 4), received(20), 2000, 1);
  expect(fluttering.attempt).toBe(4);
  const steady = counted(flowing(1000, 4), received(20), 4000, 1);
  expect(steady.attempt).toBe(0);
});

test("a player without a lecture never asks", () => {
  expect(counted(off, TEN, 1000, 1)).toBe(off);
  expect(failed(off, 1000, 1)).toBe(off);
  expect(due(off, 1e9)).toBe(false);
});

/** Looks four times a second, at what each look's number of them gives, until a connection is to be asked for. */
function untilDue(start: Recovery, at: (look: number) => Received, limitMs: number, seen = true): number {
  let state = start;
  for (let look = 1; look * 250 <= limitMs; look += 1) {
    const now = start.lookedMs + look * 250;
    state = counted(state, at(look), now, 1, seen);
    if (due(state, now)) return now - start.lookedMs;
  }
  return Infinity;
}

const LONG_MS = 600_000;
/** Sound and picture come, nothing is decoded. */
const stuck = (look: number): Received => ({
  packets: 10 + 20 * look,
  pictureBytes: 9000 + 5000 * look,
  frames: 3,
});

test("a picture that comes and is not decoded is asked for anew", () => {
  const after = untilDue(flowing(1000), stuck, LONG_MS);
  expect(after).toBeGreaterThan(BLIND_MS);
  expect(after).toBeLessThanOrEqual(BLIND_MS + 1000);
});

test("the same of a slate, whose picture comes once a second", () => {
  const slate = (look: number): Received => ({ ...stuck(look), pictureBytes: stuck(look >> 2).pictureBytes });
  expect(untilDue(flowing(1000), slate, LONG_MS)).toBeLessThan(BLIND_MS + 2000);
  const decoded = (look: number): Received => ({ ...slate(look), frames: 3 + ((look - 1) >> 2) });
  expect(untilDue(flowing(1000), decoded, LONG_MS)).toBe(Infinity);
});

test("a paused picture is no stuck one, whatever it was before", () => {
  const paused = (look: number): Received => ({
    ...stuck(look),
    pictureBytes: stuck(Math.min(look, 16)).pictureBytes,
  });
  expect(untilDue(flowing(1000), paused, LONG_MS)).toBe(Infinity);
});

test("a page that nobody sees does not connect anew because its browser decodes nothing", () => {
  expect(untilDue(flowing(1000), stuck, LONG_MS, false)).toBe(Infinity);
});

test("a computer that was asleep is given its time once more", () => {
  const slept = counted(counted(flowing(1000), stuck(1), 1250, 1), stuck(2), 60_000, 1);
  expect(slept).toMatchObject({ phase: "flowing", blindMs: null });
});

test("each connection in a row that decodes nothing gets twice as long, up to a minute and a half", () => {
  const given: number[] = [];
  let state = flowing(1000);
  for (let now = 1250, look = 1; given.length < 7; now += 250, look += 1) {
    state = counted(state, stuck(look), now, 1);
    if (state.phase !== "waiting") continue;
    given.push(Math.floor((now - (state.blindMs ?? now)) / 1000));
    [state, look] = [asking(now, state), 0];
  }
  expect(given).toEqual([6, 12, 24, 48, 96, 96, 96]);
});

test("a picture that is decoded after all ends the wait, and the next stuck one counts as the first", () => {
  let state = { ...flowing(1000), blind: 3 };
  state = counted(state, stuck(1), 1250, 1);
  const waiting = failed(state, 1500, 1);
  expect(counted(waiting, stuck(2), 1750, 1).phase).toBe("waiting");
  expect(sounds(waiting)).toBe(true);
  const back = counted(waiting, { ...stuck(2), frames: 4 }, 1750, 1);
  expect(back).toMatchObject({ phase: "flowing", blind: 3 });
  let steady = back;
  for (let look = 3; look < 20; look += 1)
    steady = counted(steady, { ...stuck(look), frames: look + 2 }, 1750 + 250 * (look - 2), 1);
  expect(steady.blind).toBe(0);
});

test("of a connection that is silent nothing is heard", () => {
  expect(sounds(flowing(1000))).toBe(true);
  expect(sounds(failed(flowing(1000), 2000, 1))).toBe(false);
});
