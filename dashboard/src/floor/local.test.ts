import { expect, it } from "vitest";
import type { LocalFloor } from "../screen/state";
import { nextHand, SILENT_MS, withoutAgent } from "./local";

const door = { url: "https://centre.example/whip/s-floor", token: "t" };
const speaking: LocalFloor = {
  session: "s",
  hear: door,
  speaker: { code: "T001", name: "Kim Đồng", since_ms: 0, until_ms: 1, here: true },
  speak: door,
  muted: false,
  hand: "down",
  place: 0,
  aside: null,
  questions: 0,
};

it("gives the floor back with one press, and raises the hand with the next", () => {
  expect(nextHand(speaking)).toBe(false);
  expect(nextHand({ ...speaking, speak: null })).toBe(true);
  expect(nextHand({ ...speaking, speak: null, hand: "sending" })).toBe(true);
});

it("speaks on through a short silence of its agent, and then only listens", () => {
  expect(withoutAgent(speaking, SILENT_MS - 1)).toBe(speaking);
  expect(withoutAgent(speaking, SILENT_MS)).toMatchObject({ hear: door, speak: null, speaker: null });
});
