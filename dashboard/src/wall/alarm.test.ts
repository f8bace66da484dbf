import { expect, test } from "vitest";
import type { WallAlarm } from "../shared/feed";
import { causeOf, holderOf, inOrder, isNew, othersHold, placesFor } from "./alarm";

function alarm(change: Partial<WallAlarm>): WallAlarm {
  return {
    id: "a",
    trouble: "away",
    scope: "district",
    name: "An Dương",
    severity: 2,
    since_ms: 1000,
    sites: ["s1", "s2"],
    most: 2,
    of: 40,
    level: 0,
    loud: false,
    taken: null,
    ...change,
  };
}

const taken = { by: "ha", name: "Hà", at_ms: 1, until_ms: null, sticky: false, word: "" };

test("no amber alarm stands before a red one, however loud, new or alone it is", () => {
  const order = inOrder([
    alarm({ id: "mild", severity: 1, since_ms: 9000 }),
    alarm({ id: "loud amber", severity: 2, loud: true, since_ms: 8000 }),
    alarm({ id: "held red", severity: 3, taken }),
    alarm({ id: "red", severity: 3 }),
  ]);
  expect(order.map(({ id }) => id)).toEqual(["red", "held red", "loud amber", "mild"]);
});

test("of one colour the loud one stands first, then what nobody has, and somebody else's last", () => {
  const order = inOrder([
    alarm({ id: "held", loud: true, taken, since_ms: 9000 }),
    alarm({ id: "new", since_ms: 5000 }),
    alarm({ id: "loud", loud: true }),
  ]);
  expect(order.map(({ id }) => id)).toEqual(["loud", "new", "held"]);
});

test("of two that are alike the newer stands first", () => {
  const order = inOrder([alarm({ id: "old" }), alarm({ id: "new", since_ms: 2000 })]);
  expect(order.map(({ id }) => id)).toEqual(["new", "old"]);
});

test("an alarm is new for a minute, unless somebody has it", () => {
  expect(isNew(alarm({}), 50_000)).toBe(true);
  expect(isNew(alarm({}), 70_000)).toBe(false);
  expect(isNew(alarm({ taken }), 50_000)).toBe(false);
});

test("a cause is named as people name it", () => {
  const sites = new Map([["s1", { name: "THCS Trần Phú", code: "HP-01" }]]);
  expect(causeOf(alarm({}), sites)).toBe("An Dương");
  expect(causeOf(alarm({ scope: "provider", name: "VNPT" }), sites)).toBe("Nhà mạng VNPT");
  expect(causeOf(alarm({ scope: "site", name: "s1" }), sites)).toBe("THCS Trần Phú");
  expect(causeOf(alarm({ scope: "centre", name: "" }), sites)).toBe("Toàn trung tâm");
  expect(causeOf(alarm({ scope: "part", trouble: "relay", name: "1" }), sites)).toBe("Máy chủ hình ảnh số 1");
});

test("who has it, until when", () => {
  expect(holderOf(alarm({}))).toBe("CHƯA AI NHẬN");
  expect(holderOf(alarm({ taken }))).toBe("Hà đang xử lý đến khi hết");
});

test("what another person has is theirs until its time is over", () => {
  const until = { ...taken, until_ms: 60_000 };
  expect(othersHold(alarm({}), 1000, "binh")).toBeNull();
  expect(othersHold(alarm({ taken }), 1000, "ha")).toBeNull();
  expect(othersHold(alarm({ taken }), 1e12, "binh")).toBe(taken);
  expect(othersHold(alarm({ taken: until }), 59_999, "binh")).toBe(until);
  expect(othersHold(alarm({ taken: until }), 60_000, "binh")).toBeNull();
});

test("a phone shows three, a big wall five", () => {
  expect([placesFor(390), placesFor(1280), placesFor(1920), placesFor(3840)]).toEqual([3, 3, 5, 5]);
});
