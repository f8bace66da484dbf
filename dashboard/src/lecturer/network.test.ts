import { expect, test } from "vitest";
import { networkOf, verdictOf } from "./network";

const sent = (bytes: number, reason = "none"): unknown => ({
  type: "outbound-rtp",
  bytesSent: bytes,
  qualityLimitationReason: reason,
});

test("round trip, loss and rate come from the browser's statistics", () => {
  const before = networkOf([sent(1000)], null, 0);
  const now = networkOf(
    [
      sent(251_000),
      { type: "remote-inbound-rtp", roundTripTime: 0.045, fractionLost: 0.01 },
      { type: "remote-inbound-rtp", roundTripTime: 0.045, fractionLost: 0.03 },
      { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.5 },
    ],
    before,
    2000,
  );
  expect(now).toMatchObject({ rttMs: 45, lost: 0.03, limited: null, kbps: 1000 });
});

test("before the first report the pair's round trip counts, and a new connection has no rate yet", () => {
  const old = networkOf([sent(9000)], null, 0);
  const pair = { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.08 };
  expect(networkOf([sent(10), pair], old, 1000)).toMatchObject({ rttMs: 80, kbps: 0 });
  expect(networkOf([], null, 0).rttMs).toBeNull();
});

test("a line is bad from a twentieth lost, weak when the browser holds back", () => {
  const line = networkOf([sent(1)], null, 0);
  expect(verdictOf(line)).toBe("good");
  expect(verdictOf({ ...line, limited: "bandwidth" })).toBe("weak");
  expect(verdictOf({ ...line, rttMs: 300 })).toBe("weak");
  expect(verdictOf({ ...line, lost: 0.05 })).toBe("bad");
  expect(verdictOf({ ...line, rttMs: 900 })).toBe("bad");
});
