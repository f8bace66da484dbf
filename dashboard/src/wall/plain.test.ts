import { expect, test } from "vitest";
import { holds, plain } from "./plain";

test("marks and case of Vietnamese are left out", () => {
  expect(plain("Trường THPT Nguyễn Đình Chiểu – Xã Đức Hoà")).toBe(
    "truong thpt nguyen dinh chieu – xa duc hoa",
  );
});

test("letters written as one sign or as several are the same", () => {
  expect(plain("Ế".normalize("NFC"))).toBe(plain("Ế".normalize("NFD")));
});

test("every word must be there, in any order", () => {
  const text = plain("TH0042 Trường Tiểu học Nguyễn Bá Ngọc");
  expect(holds(text, plain("nguyen"))).toBe(true);
  expect(holds(text, plain("ngọc th0042"))).toBe(true);
  expect(holds(text, plain("nguyen du"))).toBe(false);
  expect(holds(text, "")).toBe(true);
});
