import { expect, test } from "vitest";
import { tile } from "../shared/feed.fixture";
import { openings } from "./strips";

function sitting(opened_ms: number | null, late_ms: number | null) {
  return {
    exam: "e",
    state: "open",
    registered: 9,
    signed_in: 9,
    started: 9,
    answered: 0,
    handed_in: 0,
    opened_ms,
    late_ms,
  };
}

test("openings tell sites in time from late ones and from those that have not opened", () => {
  const tiles = [
    tile("a", { exam: sitting(5, 12) }),
    tile("b", { exam: sitting(9, 4000) }),
    tile("c", { exam: sitting(null, null) }),
    tile("d"),
  ];
  expect(openings(tiles, "e")).toEqual({ opened: 1, late: 1, not: 1 });
});
