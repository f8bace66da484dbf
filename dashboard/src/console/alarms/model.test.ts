import { expect, test } from "vitest";
import { clockField, codesOf, dayField, listed, type LogLine, minutesOf, sentenceOf } from "./model";

const codes = new Map([
  ["s1", "HP-01"],
  ["s2", "HP-02"],
]);

function line(kind: string, event: Record<string, unknown>, sites = 0): LogLine {
  return {
    seq: 1,
    at_ms: 0,
    who: "",
    kind,
    alarm: null,
    trouble: null,
    scope: null,
    name: null,
    severity: 2,
    sites,
    text: "như trung tâm viết",
    event,
  };
}

test("sites are told by their codes, many of them counted", () => {
  expect(codesOf(["s2", "s1"], codes)).toBe("HP-01, HP-02");
  const many = Array.from({ length: 40 }, (_, at) => `x${String(at).padStart(2, "0")}`);
  expect(codesOf(many, codes).endsWith("x11 +28")).toBe(true);
});

test("a line of the log is a sentence", () => {
  expect(sentenceOf(line("raised", { sites: ["s1", "s2"] }, 2), codes)).toBe(
    "Báo động, 2 điểm cầu: HP-01, HP-02",
  );
  expect(sentenceOf(line("left", { sites: ["s1"], why: "back" }, 1), codes)).toBe(
    "1 điểm cầu trở lại bình thường: HP-01",
  );
  expect(sentenceOf(line("acknowledged", { name: "Hà", until_ns: null, word: "gọi VNPT" }), codes)).toBe(
    "Hà nhận đến khi hết: “gọi VNPT”",
  );
  expect(sentenceOf(line("acknowledged", { name: "Bình", instead_of: "Hà", until_ns: null }), codes)).toBe(
    "Bình nhận thay Hà đến khi hết",
  );
  expect(sentenceOf(line("work_ended", { cause: { scope: "site", name: "s1" } }), codes)).toBe(
    "Kết thúc sớm công việc tại HP-01",
  );
});

test("a kind that this page does not know stands as the centre wrote it", () => {
  expect(sentenceOf(line("something_new", {}), codes)).toBe("như trung tâm viết");
});

test("fields of days, hours and lists go there and back", () => {
  expect(dayField(Date.UTC(2026, 10, 9, 18))).toBe("2026-11-10");
  expect(clockField(1350)).toBe("22:30");
  expect(minutesOf("06:05")).toBe(365);
  expect(listed(" a@b.vn, c@d.vn ;")).toEqual(["a@b.vn", "c@d.vn"]);
});
