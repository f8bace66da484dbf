import { expect, test } from "vitest";
import { type Air, resumesAt, seatOf, seenInstead, stepsNow } from "./model";

const air: Air = {
  air: "lecturer",
  why: "preferred",
  since_ms: 0,
  want: "auto",
  standby_armed: false,
  auto_return: false,
  by: "",
  lecturer: true,
  standby: false,
  slate: true,
  resumes_ms: null,
  finding: "",
  trouble: 0,
};

test("only orders that change something are offered", () => {
  expect(stepsNow("live", air)).toEqual(["slate"]);
  expect(stepsNow("live", { ...air, standby: true })).toEqual(["standby", "slate"]);
  expect(stepsNow("live", { ...air, standby: true, air: "standby", want: "standby" })).toEqual([
    "lecturer",
    "slate",
  ]);
  expect(stepsNow("live", { ...air, air: "slate", want: "slate" })).toEqual(["auto"]);
});

test("in a break and outside the day nobody is put on air", () => {
  for (const state of ["break", "planned", "ended"]) expect(stepsNow(state, air)).toEqual([]);
});

test("a page sends from the seat of its address, or of its link", () => {
  expect(seatOf("", "lecturer")).toBe("lecturer");
  expect(seatOf("?seat=standby", "operator")).toBe("standby");
  expect(seatOf("", "standby")).toBe("standby");
});

test("a page that sends is told whom the rooms see instead, but not before the centre can know", () => {
  const slate: Air = { ...air, air: "slate", why: "lecturer_silent" };
  expect(seenInstead(air, "lecturer", 60_000)).toBeNull();
  expect(seenInstead(slate, "lecturer", 1000)).toBeNull();
  expect(seenInstead(slate, "lecturer", 6000)).toBe("slate");
  expect(seenInstead({ ...slate, why: "break" }, "lecturer", 0)).toBe("slate");
  expect(seenInstead(air, "standby", 6000)).toBe("lecturer");
  expect(seenInstead(null, "lecturer", 6000)).toBeNull();
});

test("a break ends on a whole minute, never early", () => {
  expect(resumesAt(60_000, 10)).toBe(660_000);
  expect(resumesAt(60_001, 10)).toBe(720_000);
});
