import { effect } from "@preact/signals";
import { expect, test } from "vitest";
import { tile } from "../shared/feed.fixture";
import { cell, fill, keepOnly, sameFace } from "./cells";

test("only a site whose face changed is drawn again", () => {
  fill([tile("a"), tile("b")]);
  const drawn: string[] = [];
  const stop = ["a", "b"].map((id) =>
    effect(() => {
      drawn.push(`${id} ${cell(id)?.value.state}`);
    }),
  );
  drawn.length = 0;
  fill([tile("a", { state: "silent" }), tile("b", { since_ms: 5, phone: "0900" })]);
  expect(drawn).toEqual(["a silent"]);
  stop.forEach((each) => each());
});

test("figures that a tile rounds away are no change", () => {
  const stream = tile("a").stream;
  expect(sameFace(tile("a"), tile("a", { stream: { ...stream, fps: 25.2, jitter_ms: 9 } }))).toBe(true);
  expect(sameFace(tile("a"), tile("a", { stream: { ...stream, audio_dbfs: null } }))).toBe(false);
});

test("a site that is gone is forgotten", () => {
  fill([tile("c")]);
  keepOnly(new Map());
  expect(cell("c")).toBeUndefined();
});
