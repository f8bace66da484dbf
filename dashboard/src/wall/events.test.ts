import { expect, test } from "vitest";
import type { WallEvent } from "../shared/feed";
import { eventText } from "./events";

function event(kind: string, params: Record<string, unknown>): WallEvent {
  return { id: 1, at_ms: 0, kind, site: null, site_name: "", severity: 0, params };
}

test("a line about the air says who, and why or by whose order", () => {
  const topic = "Chuyên đề";
  expect(eventText(event("air_changed", { topic, seat: "standby", why: "lecturer_silent", by: "" }))).toBe(
    "Dự phòng lên sóng (giảng viên không gửi hình): “Chuyên đề”",
  );
  expect(eventText(event("air_changed", { topic, seat: "slate", why: "keyframe_awaited", by: "" }))).toBe(
    "Màn chờ lên sóng (đang chờ khung hình đầu của nguồn): “Chuyên đề”",
  );
  expect(eventText(event("air_ordered", { topic, seat: "slate", why: "ordered", by: "Trần Thị Lan" }))).toBe(
    "Trần Thị Lan cho Màn chờ lên sóng: “Chuyên đề”",
  );
  expect(eventText(event("lecturer_lost", { topic, seat: "none", why: "nobody_sends", by: "" }))).toBe(
    "Mất giảng viên (không ai gửi hình). Đang lên sóng: Không có gì, “Chuyên đề”",
  );
});

test("a declared number tells of the room's list only where somebody counted it", () => {
  const told = (params: Record<string, unknown>): string => eventText(event("number_declared", params));
  expect(told({ number: 38 })).toBe("khai báo có 38 người");
  expect(told({ number: 38, listed: null })).toBe("khai báo có 38 người");
  expect(told({ number: 38, listed: 0 })).toBe("khai báo có 38 người, 0 người đã ký danh sách");
});
