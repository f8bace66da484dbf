import { expect, test } from "vitest";
import type { Claim } from "./duty";
import { callsOf } from "./phone";

const CLAIM: Claim = { site: "a", person: "ha", name: "Hà", at_ms: 0, until_ms: 600_000 };

test("a site that somebody else calls says who, until the time of the call is over", () => {
  expect(callsOf([CLAIM], "a", 1000, "minh")).toEqual({ theirs: "Hà", mine: false });
  expect(callsOf([CLAIM], "a", 600_000, "minh").theirs).toBeNull();
  expect(callsOf([CLAIM], "b", 1000, "minh").theirs).toBeNull();
});

test("whoever calls keeps the number", () => {
  expect(callsOf([CLAIM], "a", 1000, "ha")).toEqual({ theirs: null, mine: true });
  expect(callsOf([CLAIM], "a", 600_000, "ha")).toEqual({ theirs: null, mine: false });
});
