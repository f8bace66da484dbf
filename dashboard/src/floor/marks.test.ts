import { expect, it } from "vitest";
import { floorMarks } from "./marks";

it("marks who speaks, who is aside and who waits, over all sessions", () => {
  const plain = { until_ms: 0, muted: false, aside: [] };
  const marks = floorMarks([
    { ...plain, session: "one", speaker: "a", hands: ["b", "c"], aside: ["d"] },
    { ...plain, session: "two", speaker: null, hands: ["e"] },
  ]);
  expect([...marks]).toEqual([
    ["b", 1],
    ["c", 2],
    ["d", "aside"],
    ["a", "speaks"],
    ["e", 1],
  ]);
});
