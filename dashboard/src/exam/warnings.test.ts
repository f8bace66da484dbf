import { beforeEach, expect, test } from "vitest";
import { announcement, hush, paperOpened, warning, watchTime } from "./warnings";

const MINUTE = 60_000;

beforeEach(hush);

test("what is left is said at the opening, and a warning that comes with it is shown only", () => {
  paperOpened(0);
  watchTime(null, null, 250);
  expect(announcement.value).toBe("");
  watchTime(null, 30.1 * MINUTE, 500);
  expect(announcement.value).toBe("Đề đã mở. Còn 31 phút.");
  watchTime(30.1 * MINUTE, 29.9 * MINUTE, 7_000);
  expect([announcement.value, warning.value]).toEqual(["Đề đã mở. Còn 31 phút.", 30]);
});

test("thirty, ten, five and one minute are said and shown for a while", () => {
  const heard = [30, 10, 5, 1].map((minutes, place) => {
    watchTime(minutes * MINUTE + 1, minutes * MINUTE, (place + 2) * MINUTE);
    return [announcement.value, warning.value];
  });
  expect(heard).toEqual([
    ["Còn 30 phút.", 30],
    ["Còn 10 phút.", 10],
    ["Còn 5 phút.", 5],
    ["Còn 1 phút cuối.", 1],
  ]);
  watchTime(40_000, 19_000, 5 * MINUTE + 41_000);
  expect([announcement.value, warning.value]).toEqual(["Còn 1 phút cuối.", null]);
});
