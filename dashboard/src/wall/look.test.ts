import { expect, test } from "vitest";
import { tile } from "../shared/feed.fixture";
import { headsNote, tileIcon, tileTone } from "./look";

test("no two kinds of tile have the same mark: colour is never alone", () => {
  const kinds = [
    tile("a"),
    tile("b", { trouble: 2 }),
    tile("c", { trouble: 3 }),
    ...(["late", "silent", "unknown", "never", "revoked"] as const).map((state) => tile(state, { state })),
  ];
  const marks = kinds.map(tileIcon);
  expect(new Set(marks).size).toBe(kinds.length);
  expect(new Set(kinds.map((each) => `${tileTone(each)} ${tileIcon(each)}`)).size).toBe(kinds.length);
});

test("a room that did not answer a roll call is not said to be counted still", () => {
  const uncounted = { count: null, declared: null };
  expect(headsNote(tile("a", { ...uncounted, roll_call: "asked" }))).toBe("đang đếm…");
  expect(headsNote(tile("a", { ...uncounted, roll_call: "silent" }))).toBe("không trả lời");
});
