import { afterEach, expect, test } from "vitest";
import { speak } from "./i18n";
import { roomNotice } from "./roomnotice";

afterEach(() => speak("vi"));

const told = (policy: string, keep_days = 30): string =>
  roomNotice({ policy, keep_days, seen_by: "Sở GD&ĐT" }).join(" ");

test("the people in the room are told what is kept, how long, and who sees it", () => {
  expect(told("count_only")).toContain("không hình nào rời khỏi phòng");
  expect(told("blurred")).toContain("không nhận ra mặt ai, giữ 30 ngày rồi xóa");
  expect(told("full")).toContain("hình chụp phòng, giữ 30 ngày rồi xóa");
  for (const policy of ["count_only", "blurred", "full"])
    expect(told(policy)).toMatch(/Người được xem: Sở GD&ĐT\. \(Luật\u00a091\/2025\/QH15\)$/);
});

test("a room that was told no rule says that no picture leaves", () => {
  expect(roomNotice(null).join(" ")).toContain("không hình nào rời khỏi phòng");
  expect(roomNotice(null).join(" ")).toContain("ban tổ chức lớp");
});

test("a rule that the page does not know is not told as less than it may be", () => {
  expect(told("everything")).toContain("hình chụp phòng");
});

test("a room is told beforehand that it will be seen while it speaks", () => {
  const rules = { policy: "blurred", keep_days: 7, seen_by: "Sở", speaker_seen: true };
  expect(roomNotice(rules).join(" ")).toContain("các điểm cầu khác thấy rõ phòng này");
  expect(roomNotice({ ...rules, policy: "count_only" }).join(" ")).not.toContain("thấy rõ");
  expect(told("blurred")).not.toContain("thấy rõ");
});

test("both languages say the same", () => {
  speak("en");
  expect(told("blurred")).toContain("no face can be known, erased after 30 days");
});
