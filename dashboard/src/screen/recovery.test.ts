import { expect, test } from "vitest";
import { asking, counted, due, failed, FIRST_PACKET_MS, off, type Recovery, SILENCE_MS } from "./recovery";

function flowing(now: number, attempt = 0): Recovery {
  return counted(asking(now - 100, attempt), 10, now, 1);
}

test("packets make an asked stream flow", () => {
  expect(flowing(1000).phase).toBe("flowing");
});

test("a flowing stream is asked for again after one second without packets", () => {
  const start = flowing(1000);
  expect(counted(start, 10, 1000 + SILENCE_MS, 1).phase).toBe("flowing");
  const lost = counted(start, 10, 1001 + SILENCE_MS, 1);
  expect(lost.phase).toBe("waiting");
  expect(due(lost, lost.askAtMs)).toBe(true);
  expect(lost.askAtMs - (1001 + SILENCE_MS)).toBeLessThanOrEqual(300);
});

test("a new connection gets time for its first packet", () => {
  const start = asking(0, 0);
  expect(counted(start, 0, FIRST_PACKET_MS, 1).phase).toBe("asking");
  expect(counted(start, 0, FIRST_PACKET_MS + 1, 1).phase).toBe("waiting");
});

test("each fault in a row makes the wait longer, up to five seconds", () => {
  const waits: number[] = [];
  let state = asking(0, 0);
  for (let fault = 0; fault < 7; fault += 1) {
    const lost = failed(state, 0, 1);
    waits.push(lost.askAtMs);
    state = asking(0, lost.attempt);
  }
  expect(waits).toEqual([300, 600, 1200, 2400, 4800, 5000, 5000]);
});

test("packets that come back while waiting end the wait", () => {
  const lost = failed(flowing(1000), 2000, 1);
  const back = counted(lost, 11, 2100, 1);
  expect(back.phase).toBe("flowing");
  expect(due(back, 99_999)).toBe(false);
});

test("waiting does not make the wait longer by itself", () => {
  const lost = failed(flowing(1000), 2000, 1);
  expect(counted(lost, 10, 9000, 1)).toBe(lost);
  expect(failed(lost, 9000, 1)).toBe(lost);
});

test("a stream that was steady starts again with the shortest wait, a fluttering one does not", () => {
  const fluttering = counted(flowing(1000, 4), 20, 2000, 1);
  expect(fluttering.attempt).toBe(4);
  const steady = counted(flowing(1000, 4), 20, 4000, 1);
  expect(steady.attempt).toBe(0);
});

test("a player without a lecture never asks", () => {
  expect(counted(off, 5, 1000, 1)).toBe(off);
  expect(failed(off, 1000, 1)).toBe(off);
  expect(due(off, 1e9)).toBe(false);
});
