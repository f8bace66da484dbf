import { describe, expect, it } from "vitest";
import { type Claim, type Matter, matterTone, overdue, standing } from "./duty";

const claim: Claim = { site: "a", person: "p1", name: "Lan", at_ms: 0, until_ms: 600_000 };
const matter: Matter = {
  site: "a",
  person: "p1",
  name: "Lan",
  outcome: "power",
  since_ms: 0,
  at_ms: 0,
  again_ms: 1000,
  calls: 1,
};

describe("the shift", () => {
  it("shows a claim until its time is over, at its own site only", () => {
    expect(standing([claim], "a", 599_999)?.name).toBe("Lan");
    expect(standing([claim], "a", 600_000)).toBeNull();
    expect(standing([claim], "b", 0)).toBeNull();
  });

  it("calls a matter overdue from the moment somebody wanted to look again", () => {
    expect(overdue(matter, 999)).toBe(false);
    expect(overdue(matter, 1000)).toBe(true);
    expect(overdue({ ...matter, again_ms: null }, 1e15)).toBe(false);
    expect([matterTone(matter, 999), matterTone(matter, 1000)]).toEqual(["warn", "bad"]);
  });
});
