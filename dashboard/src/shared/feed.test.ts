import { expect, test } from "vitest";
import { centreNow, type FeedMessage, type Picture, step, type WallEvent } from "./feed";
import { noCounters, snapshot, tile } from "./feed.fixture";

function opened(...ids: string[]): Picture {
  return step(null, snapshot(ids.map((id) => tile(id))), 0).picture as Picture;
}

function delta(n: number, rest: Partial<FeedMessage> = {}): FeedMessage {
  return { type: "delta", n, centre_ms: 1_002_000, ...rest } as FeedMessage;
}

function event(id: number, at_ms: number): WallEvent {
  return { id, at_ms, kind: "site_online", site: null, site_name: "", severity: 0, params: {} };
}

test("a delta changes its own tiles and leaves the others as the same objects", () => {
  const before = opened("a", "b");
  const { picture, gap } = step(before, delta(1, { sites: [tile("a", { state: "silent" })] }), 2000);
  expect(gap).toBe(false);
  expect(picture?.sites.get("a")?.state).toBe("silent");
  expect(picture?.sites.get("b")).toBe(before.sites.get("b"));
});

test("an empty delta keeps the whole map of sites", () => {
  const before = opened("a");
  expect(step(before, delta(1), 2000).picture?.sites).toBe(before.sites);
});

test("a site that is gone leaves the picture", () => {
  const { picture } = step(opened("a", "b"), delta(1, { gone: ["a"] }), 0);
  expect([...(picture?.sites.keys() ?? [])]).toEqual(["b"]);
});

test("a missing number asks for a snapshot and changes nothing", () => {
  const before = opened("a");
  const { picture, gap } = step(before, delta(2, { gone: ["a"] }), 0);
  expect(gap).toBe(true);
  expect(picture).toBe(before);
});

test("a number that comes twice is a gap as well", () => {
  const first = step(opened("a"), delta(1), 0).picture;
  expect(step(first, delta(1), 0).gap).toBe(true);
});

test("a delta before any snapshot is a gap", () => {
  expect(step(null, delta(1), 0)).toEqual({ picture: null, gap: true });
});

test("a snapshot heals a gap and the numbers go on from it", () => {
  const healed = step(opened("a"), snapshot([tile("c")], 7), 0).picture;
  expect([...(healed?.sites.keys() ?? [])]).toEqual(["c"]);
  expect(step(healed, delta(8), 0).gap).toBe(false);
});

test("counters, sessions and exams stay until a delta brings new ones", () => {
  const before = opened("a");
  const after = step(before, delta(1, { counters: { ...noCounters, total: 9 } }), 0).picture;
  expect(after?.counters.total).toBe(9);
  expect(after?.sessions).toBe(before.sessions);
});

test("events are newest first, once each", () => {
  const first = step(opened(), delta(1, { events: [event(1, 5), event(2, 9)] }), 0).picture;
  const second = step(first, delta(2, { events: [event(2, 9), event(3, 7)] }), 0).picture;
  expect(second?.events.map(({ id }) => id)).toEqual([2, 3, 1]);
});

test("centre time keeps running between messages", () => {
  const picture = step(opened(), delta(1), 10_000).picture as Picture;
  expect(centreNow(picture, 13_500)).toBe(1_005_500);
});
