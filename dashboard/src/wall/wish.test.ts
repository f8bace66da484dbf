import { expect, test } from "vitest";
import { tile } from "../shared/feed.fixture";
import { admits, everything, readWish, tally, type Wish, writeWish } from "./wish";

const wish = (change: Partial<Wish>): Wish => ({ ...everything, ...change });

test("an address says what was wished, and the other way round", () => {
  const asked = wish({
    text: "nguyễn du",
    district: "Huyện Yên Hà",
    level: "thcs",
    kinds: ["silent", "trouble"],
    by: "level",
    pictures: true,
  });
  expect(readWish(writeWish(asked))).toEqual(asked);
});

test("to wish for everything needs no address", () => {
  expect(writeWish(everything)).toBe("");
  expect(readWish("")).toEqual(everything);
});

test("what else stands in the address stays", () => {
  expect(writeWish(wish({ district: "A" }), "?kiosk=20&q=alt")).toBe("?kiosk=20&district=A");
});

test("words that this page does not know are left out", () => {
  expect(readWish("?show=silent,purple&by=weather&view=film")).toEqual(wish({ kinds: ["silent"] }));
});

test("a site is found without marks by its name, code or place", () => {
  const site = tile("th12", { name: "Trường Tiểu học Nguyễn Bá Ngọc", path: ["Tỉnh", "Huyện Đông Sơn"] });
  for (const text of ["nguyen", "TH12", "dong son", "ba ngoc truong"]) {
    expect(admits(wish({ text }), site, false), text).toBe(true);
  }
  expect(admits(wish({ text: "nguyen trai" }), site, false)).toBe(false);
});

test("one asked-for state is enough", () => {
  const asked = wish({ kinds: ["silent", "unknown"] });
  expect(admits(asked, tile("a", { state: "silent" }), false)).toBe(true);
  expect(admits(asked, tile("b"), false)).toBe(false);
});

test("a site that falls into trouble appears although only others were asked for", () => {
  expect(admits(wish({ kinds: ["never"] }), tile("a", { trouble: 3 }), true)).toBe(true);
  expect(admits(wish({ kinds: ["never"], district: "Xã B" }), tile("a", { trouble: 3 }), true)).toBe(false);
});

test("counters count what the other wishes leave", () => {
  const sites = [tile("a"), tile("b", { state: "silent", trouble: 2 }), tile("c", { district: "Xã B" })];
  const counts = tally(wish({ district: "Xã A", kinds: ["never"] }), sites);
  expect(counts).toEqual({ all: 2, online: 1, late: 0, silent: 1, unknown: 0, never: 0, trouble: 1 });
});
