import { expect, test } from "vitest";
import { gathered, postponedWords } from "./checks";

test("what is put off stands together where the first of it stood, and the reason is said once", () => {
  const found = [
    { check: "camera", reason: "dark" },
    { check: "speaker", reason: "not_now" },
    { check: "path", reason: "tcp_only" },
    { check: "counting", reason: "not_now" },
  ];
  expect(gathered(found)).toEqual([
    { single: found[0] },
    { postponed: [found[1], found[3]] },
    { single: found[2] },
  ]);
  expect(postponedWords(["speaker", "counting"])).toBe("Hoãn vì đang học hoặc đang thi: Loa, Đếm người");
  expect(gathered([])).toEqual([]);
});
