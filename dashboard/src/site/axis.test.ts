import { describe, expect, it } from "vitest";
import { marks } from "./axis";

const at = (hour: number, minute = 0, day = 29): number => new Date(2026, 10, day, hour, minute).getTime();
const times = (fromMs: number, untilMs: number, most: number): string[] =>
  marks(fromMs, untilMs, most).map(({ atMs }) => new Date(atMs).toTimeString().slice(0, 5));

describe("the time axis", () => {
  it("marks full hours over a morning", () => {
    expect(times(at(7, 20), at(11, 10), 8)).toEqual([
      "07:30",
      "08:00",
      "08:30",
      "09:00",
      "09:30",
      "10:00",
      "10:30",
      "11:00",
    ]);
    expect(times(at(7, 20), at(11, 10), 5)).toEqual(["08:00", "09:00", "10:00", "11:00"]);
  });

  it("marks minutes over a quarter of an hour", () => {
    expect(times(at(7, 2), at(7, 14), 4)).toEqual(["07:05", "07:10"]);
  });

  it("says where a day begins, and marks days over a week", () => {
    expect(marks(at(20), at(8, 0, 30), 6).filter(({ day }) => day)).toHaveLength(1);
    expect(marks(at(12, 0, 20), at(12, 0, 27), 8)).toHaveLength(7);
  });

  it("never marks more than it was allowed", () => {
    for (const hours of [1, 5, 6, 24, 100, 168, 700]) {
      expect(marks(at(0), at(0) + hours * 3_600_000, 7).length).toBeLessThanOrEqual(8);
    }
  });
});
