import { expect, test } from "vitest";
import { asked, counted, moved, NO_CHOICE } from "./choice";

test("only the chosen way is asked for", () => {
  const topics = new Map([
    ["Toán", 20],
    ["Văn", 0],
  ]);
  const choice = { ...NO_CHOICE, topics, byHand: ["item-1"], inOrder: true };
  expect(asked(choice)).toEqual({
    questions: 20,
    topics: [],
    by_hand: [],
    in_order: false,
    shuffle: false,
  });
  expect(asked({ ...choice, way: "topics" })).toEqual({
    questions: 20,
    topics: [{ topic: "Toán", questions: 20 }],
    by_hand: [],
    in_order: true,
    shuffle: false,
  });
  const shuffled = { ...choice, way: "hand", shuffle: true } as const;
  expect(asked(shuffled)).toMatchObject({ questions: 1, by_hand: ["item-1"], shuffle: true });
  expect(counted({ ...choice, way: "hand", byHand: [] })).toBe(0);
});

test("a question moves up and down within the list", () => {
  expect(moved(["a", "b", "c"], 1, -1)).toEqual(["b", "a", "c"]);
  expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
});
