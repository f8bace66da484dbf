import { describe, expect, it } from "vitest";
import { nextHand } from "./local";
import { nameOf, NEXT, ordered, type Question, type QuestionState } from "./model";

const room = { site: "site-a", code: "TH01", name: "Kim Đồng", district: "Huyện A" };

function question(id: string, state: QuestionState, at_ms: number): Question {
  return { id, room, text: "?", at_ms, state, decided_by: "" };
}

describe("written questions", () => {
  it("stand with those that wait first and the oldest on top", () => {
    const all = [
      question("hidden", "hidden", 1),
      question("late", "asked", 9),
      question("done", "answered", 2),
      question("early", "asked", 3),
      question("passed", "accepted", 1),
    ];
    expect(ordered(all).map(({ id }) => id)).toEqual(["early", "late", "passed", "done", "hidden"]);
  });

  it("can always be brought to the lecturer", () => {
    for (const state of Object.keys(NEXT) as QuestionState[])
      expect(state === "accepted" || NEXT[state].includes("accepted")).toBe(true);
  });
});

describe("a room's one button", () => {
  const floor = {
    session: "s",
    hear: null,
    speaker: null,
    speak: null,
    muted: false,
    hand: "down" as const,
    place: 0,
    aside: null,
    questions: 0,
  };

  it("raises, lowers, and gives the floor back", () => {
    expect(nextHand(floor)).toBe(true);
    expect(nextHand({ ...floor, hand: "up", place: 2 })).toBe(false);
    expect(nextHand({ ...floor, speak: { url: "u", token: "t" } })).toBe(false);
  });
});

it("names a room by what people know", () => {
  expect(nameOf(room)).toBe("TH01 · Kim Đồng");
  expect(nameOf({ ...room, name: "" })).toBe("TH01");
});
