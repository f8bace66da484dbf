import { dictionary, worded } from "../shared/i18n";
import type { Mark } from "./model";

/** A sentence for each kind of mark; kinds that are not here are shown by their bare word. */
const kinds = dictionary({
  session_lobby: { vi: "Mở phòng chờ", en: "Lobby opened" },
  session_live: { vi: "Bắt đầu giảng", en: "The lecture is live" },
  session_break: { vi: "Giải lao", en: "Break" },
  session_ended: { vi: "Kết thúc buổi học", en: "Session ended" },
  session_cancelled: { vi: "Hủy buổi học", en: "Session cancelled" },
  switched_on: { vi: "Bật ghi hình", en: "Recording switched on" },
  switched_off: { vi: "Tắt ghi hình", en: "Recording switched off" },
  air_lecturer: { vi: "Giảng viên lên hình", en: "The lecturer is on air" },
  air_standby: { vi: "Giảng viên dự phòng lên hình", en: "The standby is on air" },
  air_slate: { vi: "Hình chờ", en: "Holding slate" },
  air_: { vi: "Không có hình", en: "Nobody is on air" },
  floor_given: { vi: "Phòng phát biểu", en: "A room speaks" },
  floor_taken: { vi: "Phòng phát biểu xong", en: "The room has spoken" },
  question: { vi: "Câu hỏi viết", en: "Written question" },
  slide: { vi: "Trang chiếu", en: "Slide" },
  roll_call: { vi: "Điểm danh", en: "Roll call" },
});

const QUIET = new Set(["lecturer", "preferred", "moderator"]);

/** What a mark says: its sentence and what belongs to it. */
export function markSentence(mark: Mark): string {
  const text = QUIET.has(mark.text) ? "" : mark.text;
  const said = worded(kinds, mark.kind);
  if (mark.kind === "slide") return `${said} ${text}`.trim();
  return mark.kind.startsWith("air_") || !text ? said : `${said}: ${text}`;
}
