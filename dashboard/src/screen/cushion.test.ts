import { describe, expect, test } from "vitest";
import { type Cushion, cushioned, type LineSeen, lineOf, noCushion } from "./cushion";

const GOOD: LineSeen = { nacks: 0, freezes: 0, roundTripMs: 20 };

/** Looks every 250 ms at a line that asks again each time. */
function losing(from: Cushion, looks: number, roundTripMs: number, freezes = 0, now = 0): Cushion {
  let cushion = from;
  for (let look = 1; look <= looks; look++)
    cushion = cushioned(cushion, { nacks: from.seen.nacks + look, freezes, roundTripMs }, now + look * 250);
  return cushion;
}

describe("how long the player keeps what came", () => {
  test("a good line is left to the browser", () => {
    expect(cushioned(noCushion, GOOD, 1000).targetMs).toBeNull();
  });

  test("two losses are nothing yet", () => {
    expect(losing(noCushion, 2, 160).targetMs).toBeNull();
  });

  test("a line that keeps losing waits for four round trips", () => {
    expect(losing(noCushion, 3, 160).targetMs).toBe(700);
    expect(losing(noCushion, 3, 10).targetMs).toBe(200);
    expect(losing(noCushion, 3, 900).targetMs).toBe(1000);
  });

  test("a freeze in spite of it makes the wait longer, within bounds", () => {
    const steady = losing(noCushion, 3, 160);
    expect(losing(steady, 1, 160, 1, 1000).targetMs).toBe(700);
    const longer = losing(steady, 1, 160, 1, 10_000);
    expect(longer.targetMs).toBe(1000);
    expect(losing(longer, 1, 160, 2, 20_000).targetMs).toBe(1000);
    expect(losing(longer, 8, 160, 1, 20_000).targetMs).toBe(1000);
  });

  test("half a minute without a loss ends it", () => {
    const steady = losing(noCushion, 3, 160);
    expect(cushioned(steady, steady.seen, 25_000).targetMs).toBe(700);
    expect(cushioned(steady, steady.seen, 31_000).targetMs).toBeNull();
  });

  test("a new connection counts from zero and keeps what was learnt", () => {
    const steady = losing(noCushion, 5, 160);
    const anew = cushioned(steady, { nacks: 0, freezes: 0, roundTripMs: 0 }, 1500);
    expect(anew.targetMs).toBe(700);
    expect(cushioned(anew, { nacks: 1, freezes: 0, roundTripMs: 160 }, 2000).troubledMs).toBe(2000);
  });
});

test("the statistics of a connection tell its line", () => {
  const reports = [
    { type: "candidate-pair", nominated: false, currentRoundTripTime: 9 },
    { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.16 },
    { type: "inbound-rtp", kind: "audio", nackCount: 40 },
    { type: "inbound-rtp", kind: "video", nackCount: 7, freezeCount: 2 },
  ];
  expect(lineOf(reports)).toEqual({ nacks: 7, freezes: 2, roundTripMs: 160 });
  expect(lineOf([])).toEqual({ nacks: 0, freezes: 0, roundTripMs: 0 });
});
