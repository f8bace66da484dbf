import { expect, test } from "vitest";
import { type Candidate, depth, type Group, inPlaceOrder, quartiles, shares, sorted } from "./model";

function candidate(number: string, name: string, mark: number | null): Candidate {
  return { number, name, mark, site: "S", code: "A", correct: 0, band: null, state: "handed_in" };
}

test("shares add up to one and an empty group has none", () => {
  expect(shares({ gioi: 1, kha: 3 })).toEqual([
    { band: "gioi", count: 1, share: 0.25 },
    { band: "kha", count: 3, share: 0.75 },
  ]);
  expect(shares({ gioi: 0 })[0]?.share).toBe(0);
});

test("a commune stands below its district", () => {
  expect([depth("Tỉnh / Huyện"), depth("Tỉnh / Huyện / Xã"), depth("Tỉnh")]).toEqual([0, 1, 0]);
});

test("names are listed by the given name, marks from the best, absent ones last", () => {
  const list = [
    candidate("2", "Nguyễn Văn An", null),
    candidate("10", "Bùi Thị Bình", 9),
    candidate("1", "Lê Đào", 9),
  ];
  expect(sorted(list, "name").map(({ name }) => name)).toEqual(["Nguyễn Văn An", "Bùi Thị Bình", "Lê Đào"]);
  expect(sorted(list, "mark").map(({ number }) => number)).toEqual(["1", "10", "2"]);
  expect(sorted(list, "number").map(({ number }) => number)).toEqual(["1", "2", "10"]);
});

test("places follow the Vietnamese alphabet, parents before children", () => {
  const keys = ["T / Huyện Yên", "T / Huyện Đông / Xã A", "T / Huyện Đông", "T / Huyện Ân"];
  const places = keys.map((key) => ({ key }) as Group);
  expect(inPlaceOrder(places).map(({ key }) => key)).toEqual([keys[3], keys[2], keys[1], keys[0]]);
});

test("quartiles without marks are one dash", () => {
  expect(quartiles({ q1: null, q3: null } as Group, 1)).toBe("–");
  expect(quartiles({ q1: 6.12, q3: 8 } as Group, 1)).toBe("6,1–8,0");
});
