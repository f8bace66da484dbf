import { expect, test } from "vitest";
import { countersOf, nothing, pictureState, Totals } from "./figures";

test("without a lecture the picture is idle, however long it stands", () => {
  expect(pictureState(false, 99_999)).toBe("idle");
});

test("a picture that stands is stalled after two seconds and dark after ten", () => {
  expect([0, 1999, 2000, 9999, 10_000].map((ms) => pictureState(true, ms))).toEqual([
    "playing",
    "playing",
    "stalled",
    "stalled",
    "dark",
  ]);
});

test("statistics of both kinds become one set of counters", () => {
  const counters = countersOf([
    { type: "transport", packetsReceived: 999 },
    {
      type: "inbound-rtp",
      kind: "video",
      packetsReceived: 40,
      packetsLost: 2,
      bytesReceived: 52_000,
      retransmittedBytesReceived: 2_000,
      framesDecoded: 30,
      frameWidth: 1280,
      frameHeight: 720,
      jitter: 0.004,
    },
    { type: "inbound-rtp", kind: "audio", packetsReceived: 60, packetsLost: -1, audioLevel: 0.1 },
  ]);
  expect(counters).toEqual({
    packets: 100,
    soundPackets: 60,
    pictureBytes: 50_000,
    frames: 30,
    width: 1280,
    height: 720,
    lost: 2,
    jitterMs: 4,
    audioLevel: 0.1,
  });
});

test("totals go on over a new connection", () => {
  const totals = new Totals(0);
  totals.read({ ...nothing, frames: 30, lost: 2 }, 1000);
  totals.connection();
  totals.read({ ...nothing, frames: 5, lost: 1 }, 2000);
  expect(totals.figures(true, -20, 2000)).toMatchObject({
    frames_decoded: 35,
    packets_lost: 3,
    audio_dbfs: -20,
  });
});

test("frames per second are counted over the last seconds", () => {
  const totals = new Totals(0);
  for (let second = 0; second <= 6; second += 1)
    totals.read({ ...nothing, frames: second * 15 + 1 }, second * 1000);
  expect(totals.figures(true, null, 6000)).toMatchObject({ fps: 15, state: "playing" });
});

test("a page whose frames stand still says so", () => {
  const totals = new Totals(0);
  totals.read({ ...nothing, frames: 30 }, 1000);
  totals.read({ ...nothing, frames: 30 }, 12_000);
  expect(totals.figures(true, null, 12_000).state).toBe("dark");
});
