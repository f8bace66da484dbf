import { expect, test } from "vitest";
import { tile } from "../shared/feed.fixture";
import { type Memory, nobody, ordered, remembered, SETTLE_MS, standing } from "./order";

const none: Memory = new Map();

function ids(sites: ReturnType<typeof tile>[], memory: Memory): string[] {
  const places = standing(nobody, new Map(sites.map((site) => [site.id, site])), sites);
  return ordered(places.ids, memory);
}

test("nobody's place is looked for again while figures alone change", () => {
  const sites = new Map([tile("a"), tile("b")].map((site) => [site.id, site]));
  const first = standing(nobody, sites, sites.values());
  const changed = tile("a", { count: 12, trouble: 3 });
  expect(standing(first, sites, [changed])).toBe(first);
  expect(standing(first, sites, [tile("a", { code: "Z9" })])).not.toBe(first);
});

test("sites stand by place and then by code, numbers read as numbers", () => {
  const sites = [
    tile("s10"),
    tile("s9"),
    tile("b", { path: ["Tỉnh", "Đại Lộc"] }),
    tile("c", { path: ["Tỉnh", "Ái Nghĩa"] }),
  ];
  expect(ids(sites, none)).toEqual(["c", "b", "s9", "s10"]);
});

test("trouble comes first, the worst of it first", () => {
  const sites = [tile("a"), tile("b", { trouble: 2 }), tile("c", { trouble: 3 })];
  expect(ids(sites, remembered(none, sites, 0))).toEqual(["c", "b", "a"]);
});

test("minor trouble does not move a tile", () => {
  const sites = [tile("a"), tile("b", { trouble: 1 })];
  expect(ids(sites, remembered(none, sites, 0))).toEqual(["a", "b"]);
});

test("a site that recovers keeps its place until it has settled", () => {
  const bad = remembered(none, [tile("a"), tile("b", { trouble: 3 })], 0);
  const well = [tile("a"), tile("b")];
  const soon = remembered(bad, well, SETTLE_MS - 1);
  expect(ids(well, soon)).toEqual(["b", "a"]);
  expect(ids(well, remembered(soon, well, SETTLE_MS))).toEqual(["a", "b"]);
});

test("a site that gets worse rises at once", () => {
  const first = remembered(none, [tile("a", { trouble: 2 }), tile("b", { trouble: 2 })], 0);
  const worse = [tile("a", { trouble: 2 }), tile("b", { trouble: 3 })];
  expect(ids(worse, remembered(first, worse, 10))).toEqual(["b", "a"]);
});

test("a site that left is forgotten", () => {
  const memory = remembered(none, [tile("a", { trouble: 3 })], 0);
  expect(remembered(memory, [], 10).size).toBe(0);
});
