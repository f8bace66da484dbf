import { expect, test } from "vitest";
import { laidOut } from "./layout";
import { type Answer, districts, filtered, lines, path, type Row, step, sums } from "./model";

function row(site: string, changes: Partial<Row> = {}): Row {
  return {
    site,
    word: "open",
    rank: 8,
    linked: true,
    silent_s: null,
    late_s: 0,
    clock: "synced",
    registered: 40,
    signed_in: 39,
    started: 39,
    answered: 500,
    handed_in: 3,
    received: 2,
    trouble: 0,
    opened_ms: 1,
    extra_s: 0,
    unheld: 0,
    incidents: 0,
    proposals: 0,
    ...changes,
  };
}

function answer(version: number, rows: Row[], changes: Partial<Answer> = {}): Answer {
  return {
    exam: "exam-1",
    title: "Thi",
    stage: "open",
    starts_ms: 0,
    duration_s: 60,
    questions: 50,
    centre_ms: 1000,
    boot: "boot-1",
    version,
    whole: version === 1,
    rows,
    named: version === 1 ? rows.map(({ site }) => named(site)) : [],
    incidents: [],
    release_trouble: "",
    ...changes,
  };
}

const named = (site: string): Answer["named"][0] => ({
  site,
  code: site.toUpperCase(),
  name: `Trường Tiểu học ${site}`,
  district: site < "c" ? "Mường La" : "Yên Châu",
  contact: "Lò Văn Hặc",
  phone: "0912 345 678",
});

test("a later answer changes what it names and leaves the rest", () => {
  const first = step(null, answer(1, [row("a"), row("b")]), 5);
  const second = step(first, answer(2, [row("b", { word: "silent", rank: 3 })]), 7);
  expect(lines(second).map((line) => [line.code, line.word])).toEqual([
    ["B", "silent"],
    ["A", "open"],
  ]);
  expect(path("exam-1", second)).toBe("/api/v1/exams/exam-1/board?since=2&boot=boot-1");
});

test("a centre that has started anew is believed anew", () => {
  const first = step(
    null,
    answer(9, [row("a"), row("b")], { whole: true, named: [named("a"), named("b")] }),
    5,
  );
  const again = step(first, answer(1, [row("a")], { boot: "boot-2" }), 7);
  expect(lines(again).map((line) => line.site)).toEqual(["a"]);
});

test("what must be looked at comes first, and districts with most of it", () => {
  const rows = [
    row("a"),
    row("b"),
    row("c", { rank: 1, word: "late", late_s: 30 }),
    row("d", { rank: 0, word: "stopped" }),
  ];
  const all = lines(step(null, answer(1, rows), 5));
  expect(all.map((line) => line.site)).toEqual(["d", "c", "a", "b"]);
  expect(districts(all).map(({ name, sums: total }) => [name, total.look])).toEqual([
    ["Yên Châu", 2],
    ["Mường La", 0],
  ]);
  expect(filtered(all, "look", "", "").length).toBe(2);
  expect(filtered(all, "all", "", "yen chau").map((line) => line.site)).toEqual(["d", "c"]);
  expect(sums(all)).toMatchObject({ sites: 4, registered: 160, handed_in: 12, words: { open: 2, late: 1 } });
});

test("sites to look at get large tiles above the small ones, and no two tiles overlap", () => {
  const rows = [...Array(30).keys()].map((at) => row(`s${at}`, at < 7 ? { rank: 1, word: "late" } : {}));
  const { places, height } = laidOut(lines(step(null, answer(1, rows), 5)), 1470);
  expect(places.filter((place) => !place.dense).length).toBe(7);
  const corners = new Set(places.map((place) => `${Math.round(place.x)} ${place.y}`));
  expect(corners.size).toBe(30);
  expect(Math.max(...places.map((place) => place.y + place.height))).toBeLessThanOrEqual(height);
  expect(Math.max(...places.map((place) => place.x + place.width))).toBeLessThanOrEqual(1470.01);
});
