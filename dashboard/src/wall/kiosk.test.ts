import { expect, test } from "vitest";
import { kioskSeconds, passed, sceneAt, scenesOf, wishOf } from "./kiosk";

test("the address says how long a scene stays, within reason", () => {
  expect(["", "?kiosk", "?kiosk=30", "?kiosk=1", "?kiosk=soon", "?q=kiosk"].map(kioskSeconds)).toEqual([
    null,
    20,
    30,
    5,
    20,
    null,
  ]);
});

test("the province, its districts in turn, then trouble", () => {
  expect(scenesOf(["A", "B"], true).map(({ kind, district }) => district || kind)).toEqual([
    "all",
    "A",
    "B",
    "trouble",
  ]);
  expect(scenesOf(["A", "B"], false)).toHaveLength(3);
});

test("trouble does not wait for a hundred districts", () => {
  const kinds = scenesOf(
    Array.from({ length: 12 }, (_, at) => `Xã ${at}`),
    true,
  ).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "trouble")).toHaveLength(3);
  expect(kinds.at(-1)).toBe("trouble");
});

test("one district needs no turn of its own", () => {
  expect(scenesOf(["A"], true).map(({ kind }) => kind)).toEqual(["all", "trouble"]);
});

test("a scene follows the clock of the centre and comes round", () => {
  const scenes = scenesOf(["A", "B"], false);
  const kinds = [0, 19_999, 20_000, 40_000, 60_000].map((ms) => sceneAt(scenes, 20, ms).district);
  expect(kinds).toEqual(["", "", "A", "B", ""]);
  expect(passed(20, 25_000)).toBe(0.25);
});

test("a scene is a wish", () => {
  expect(wishOf({ kind: "district", district: "A" }).district).toBe("A");
  expect(wishOf({ kind: "trouble", district: "" }).kinds).toEqual(["trouble"]);
});
