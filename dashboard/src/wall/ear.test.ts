import { expect, test } from "vitest";
import { deaf, type Ear, listen, REST_MS, type Sound } from "./ear";
import type { Memory } from "./order";

function memory(troubles: Record<string, number>): Memory {
  return new Map(Object.entries(troubles).map(([id, trouble]) => [id, { trouble, atMs: 0 }]));
}

/** Looks one after another, at these times; what was heard at each. */
function heard(...looks: [number, Record<string, number>][]): (Sound | null)[] {
  let ear: Ear = deaf;
  return looks.map(([atMs, troubles]) => {
    const after = listen(ear, memory(troubles), atMs);
    ear = after.ear;
    return after.sound;
  });
}

test("what was already wrong when the page opened makes no sound", () => {
  expect(heard([0, { a: 3 }], [1000, { a: 3 }])).toEqual([null, null]);
});

test("new trouble is heard once, red otherwise than amber", () => {
  expect(heard([0, {}], [1000, { a: 2 }], [2000, { a: 2 }])).toEqual([null, "amber", null]);
  expect(heard([0, {}], [1000, { a: 2, b: 3 }])).toEqual([null, "red"]);
});

test("a site that gets worse is heard again", () => {
  expect(heard([0, { a: 2 }], [1000, { a: 3 }])).toEqual([null, "red"]);
});

test("recovery makes no sound", () => {
  expect(heard([0, { a: 3 }], [1000, { a: 2 }], [2000, {}])).toEqual([null, null, null]);
});

test("forty at once are one sound, and those after it wait for their turn", () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`s${at}`, 3]));
  expect(
    heard(
      [0, {}],
      [1000, many],
      [2000, { ...many, x: 2 }],
      [3000, { ...many, x: 2 }],
      [1000 + REST_MS, many],
    ),
  ).toEqual([null, "red", null, null, "amber"]);
});

test("red does not wait long behind amber", () => {
  expect(heard([0, {}], [1000, { a: 2 }], [2000, { a: 2, b: 3 }], [4000, { a: 2, b: 3 }])).toEqual([
    null,
    "amber",
    null,
    "red",
  ]);
});
