import { describe, expect, it } from "vitest";
import { drawable, type Lane, shares, sinceItBegan, stateTone, stateWord } from "./history";

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

describe("how much of the lecture a room got", () => {
  it("is told with its reason, in a tone of its own", () => {
    expect(stateWord("rung", "low.weak_line")).toBe("Hình nhỏ và tiếng (đường truyền yếu)");
    expect(stateWord("rung", "full")).toBe("Đủ hình và tiếng");
    expect(stateWord("rung", "none")).toBe("Không chiếu");
    expect(stateWord("rung", "unknown")).toBe("Không rõ");
    expect([stateTone("rung", "low.weak_line"), stateTone("rung", "phone.ordered")]).toEqual(["warn", "bad"]);
  });

  it("begins anew with each session, and moments that nobody saw are no step", () => {
    const parts = lane(["full", 10], ["none", 10], ["full", 20], ["unknown", 5], ["low.lossy", 5]);
    const unseen = parts.stretches.map((each) =>
      each.state === "unknown" ? { ...each, source: "nobody" as const } : each,
    );
    const steps = sinceItBegan({ ...parts, stretches: unseen });
    expect(steps.map(({ from_ms, state }) => [from_ms, state])).toEqual([
      [20, "full"],
      [45, "low.lossy"],
    ]);
  });
});

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
