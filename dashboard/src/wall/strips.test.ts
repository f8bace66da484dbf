import { expect, test } from "vitest";
import type { WallSession } from "../shared/feed";
import { tile } from "../shared/feed.fixture";
import { foremost, openings } from "./strips";

function session(id: string, state: string, starts_ms: number): WallSession {
  return {
    id,
    state,
    starts_ms,
    topic: id,
    lecturer_name: "",
    ends_ms: starts_ms + 1,
    sites: 1,
    on_air: false,
    watching: 0,
    hearing: 0,
  };
}

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

test("a running session comes before the next one, and ended ones are left out", () => {
  const plan = [session("later", "planned", 9), session("next", "planned", 5), session("now", "live", 7)];
  expect(foremost(plan)?.id).toBe("now");
  expect(foremost(plan.slice(0, 2))?.id).toBe("next");
  expect(foremost([session("old", "ended", 1)])).toBeUndefined();
});

test("openings tell sites in time from late ones and from those that have not opened", () => {
  const tiles = [
    tile("a", { exam: sitting(5, 12) }),
    tile("b", { exam: sitting(9, 4000) }),
    tile("c", { exam: sitting(null, null) }),
    tile("d"),
  ];
  expect(openings(tiles, "e")).toEqual({ opened: 1, late: 1, not: 1 });
});
