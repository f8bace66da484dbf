import { expect, test } from "vitest";
import { beside, currentMark, fileAddress, hoursLeft, type Mark, type Segment, share } from "./model";

const segment = (over: Partial<Segment>): Segment => ({
  track: "floor",
  number: 1,
  at_ms: 0,
  place_ms: 0,
  length_ms: 10_000,
  size: 1,
  width: 320,
  height: 180,
  digest: "",
  why: "silence",
  beside_ms: 60_000,
  ...over,
});

const mark = (place_ms: number | null): Mark => ({ kind: "slide", text: "", at_ms: 0, place_ms });

test("a room that spoke is found beside the lecture while it spoke", () => {
  const segments = [
    segment({ track: "lecture", beside_ms: null }),
    segment({}),
    segment({ number: 2, beside_ms: 90_000 }),
  ];
  expect(beside(segments, 59_999)).toBeNull();
  expect(beside(segments, 62_000)).toEqual({ segment: segments[1], atMs: 2_000 });
  expect(beside(segments, 70_000)).toBeNull();
  expect(beside(segments, 95_000)?.segment.number).toBe(2);
});

test("the mark of the moment is the last one before it that was recorded", () => {
  const marks = [mark(0), mark(null), mark(5_000), mark(9_000)];
  expect(currentMark(marks, 0)).toBe(0);
  expect(currentMark(marks, 5_100)).toBe(2);
  expect(currentMark([], 5)).toBe(-1);
});

test("places stand within the strip", () => {
  expect(share(30, 60)).toBe(50);
  expect(share(90, 60)).toBe(100);
  expect(share(5, 0)).toBe(0);
});

test("room on the disk is told in hours of lecture, the reserve left out", () => {
  expect(hoursLeft(14e9, 2e9)).toBe(10);
  expect(hoursLeft(1e9, 2e9)).toBe(0);
});

test("addresses name the look", () => {
  expect(fileAddress("s-1", "lecture", "k/y")).toBe("/api/v1/recordings/s-1/lecture.mp4?look=k%2Fy");
  expect(fileAddress("s-1", "floor", "k", 3, true)).toBe("/api/v1/recordings/s-1/floor/3.mp4?look=k&save=1");
});
