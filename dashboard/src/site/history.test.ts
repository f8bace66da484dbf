import { describe, expect, it } from "vitest";
import { drawable, type Lane, shares, stateTone, stateWord } from "./history";

const lane = (...parts: [string, number][]): Lane => {
  let at = 0;
  return {
    facet: "presence",
    stretches: parts.map(([state, ms]) => ({
      from_ms: at,
      until_ms: (at += ms),
      state,
      source: "seen" as const,
    })),
  };
};

describe("a site's history", () => {
  it("says what share of the time each state took", () => {
    expect(shares(lane(["online", 60], ["silent", 10], ["online", 30]))).toEqual([
      ["online", 0.9],
      ["silent", 0.1],
    ]);
  });

  it("draws few stretches as they are, and of many the longest of each place, without a gap", () => {
    const few = lane(["online", 60], ["silent", 40]);
    expect(drawable(few, 0, 100, 10)).toBe(few.stretches);
    const parts: [string, number][] = Array.from({ length: 500 }, (_, n) => [
      n % 2 ? "late" : "online",
      n % 2 ? 1 : 3,
    ]);
    const drawn = drawable(lane(...parts), 0, 1000, 50);
    expect(drawn.length).toBeLessThanOrEqual(50);
    expect(drawn[0]?.from_ms).toBe(0);
    expect(drawn.at(-1)?.until_ms).toBe(1000);
    expect(new Set(drawn.map(({ state }) => state))).toEqual(new Set(["online"]));
  });

  it("has a word and a colour for the unknown in every lane", () => {
    for (const facet of ["presence", "screen", "sound", "camera", "clock", "exam", "disk"]) {
      expect(stateWord(facet, "unknown")).toBe("Không rõ");
      expect(stateTone(facet, "unknown")).toBe("lost");
      expect(stateWord(facet, "off")).toBe("Máy tắt");
    }
  });
});
