import { expect, test } from "vitest";
import { badGroups, type Candidate, codeFault, filtered, grouped, inOrder, signs } from "./model";

function somebody(number: string, changes: Partial<Candidate> = {}): Candidate {
  return {
    number,
    name: `Nguyễn Thị ${number}`,
    code: "101",
    state: "working",
    answered: 3,
    connected: true,
    trouble: [],
    away_s: 0,
    extra_s: 0,
    left_ms: 1000,
    locked_s: 0,
    unsaved: 0,
    unsaved_s: 0,
    receipt: null,
    ...changes,
  };
}

const numbers = (all: Candidate[]): string[] => all.map((each) => each.number);

test("whoever needs somebody stands first, who has been away longest before the others", () => {
  const room = [
    somebody("1", { state: "handed_in" }),
    somebody("2"),
    somebody("3", { trouble: ["pin"] }),
    somebody("4", { trouble: ["away"], away_s: 30 }),
    somebody("5", { trouble: ["away", "pin"], away_s: 300 }),
    somebody("6", { trouble: ["devices"] }),
    somebody("7", { state: "absent" }),
  ];
  expect(numbers(inOrder(room))).toEqual(["5", "4", "6", "3", "7", "2", "1"]);
});

test("people are found by number and by a name without marks", () => {
  const room = [
    somebody("TS01", { name: "Đặng Thị Hà" }),
    somebody("TS02", { name: "Lê Văn Nam", state: "absent" }),
  ];
  expect(numbers(filtered(room, "all", "dang thi"))).toEqual(["TS01"]);
  expect(numbers(filtered(room, "all", "ts02"))).toEqual(["TS02"]);
  expect(numbers(filtered(room, "absent", ""))).toEqual(["TS02"]);
});

// What wire.seal.release_text writes for 123456789012345678901234567890123456789.
const GOOD = "2WW3-MTAR-0NZV-2TNQ-X352-Q3K0-8N0V";

test("a code is checked as it is typed", () => {
  expect(codeFault(GOOD)).toBeNull();
  expect(codeFault(GOOD.toLowerCase().replace(/0/g, "o"))).toBeNull();
  expect(codeFault(GOOD.slice(0, 20))).toBe("short");
  const swapped = GOOD.replace(/-/g, "").replace(/^(.)(.)/, "$2$1");
  expect(codeFault(swapped)).toBe("check");
  expect(codeFault(`U${GOOD.slice(1)}`)).toBe("sign");
});

test("a sign that no code has is told by its group", () => {
  expect(badGroups("ABCD EFGU HJKM")).toEqual([1]);
  expect(grouped(signs("abcd-efgh jk"))).toBe("ABCD EFGH JK");
});
