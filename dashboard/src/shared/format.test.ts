import { expect, test } from "vitest";
import { clockLength, countdown, dayIfNotToday, decimal, fieldTime, timeOfDay, whole } from "./format";

test("a length of time reads as a clock and never goes below zero", () => {
  expect([0, 65_000, 3_600_000, -5].map(clockLength)).toEqual(["0:00", "1:05", "1:00:00", "0:00"]);
});

test("a countdown reaches 0:00 at the moment and not before", () => {
  expect(countdown(10_000, 9_999)).toBe("0:01");
  expect(countdown(10_000, 10_000)).toBe("0:00");
});

test("numbers are written with dots for thousands and a comma for decimals", () => {
  expect(whole(12_345.4)).toBe("12.345");
  expect(decimal(7.25, 2)).toBe("7,25");
  expect(decimal(null)).toBe("–");
});

test("a form field takes back the time it was given", () => {
  const at = new Date(2026, 10, 21, 8, 5).getTime();
  expect(fieldTime(at)).toBe("2026-11-21T08:05");
  expect(new Date(fieldTime(at)).getTime()).toBe(at);
  expect(timeOfDay(at, true)).toBe("08:05:00");
});

test("a time of another day says which", () => {
  const at = new Date(2026, 10, 21, 8, 5).getTime();
  expect(dayIfNotToday(at, new Date(2026, 10, 21, 23, 59).getTime())).toBe("08:05");
  expect(dayIfNotToday(at, new Date(2026, 10, 22, 0, 1).getTime())).toBe("21/11/2026 08:05");
});
