import type { Language } from "../shared/i18n";

/** Sentences of events; `{name}` is a parameter of the event. */
export const eventWords: Record<string, Record<Language, string>> = {
  presence: { vi: "{state}", en: "{state}" },
  site_linked: { vi: "đã nối với trung tâm", en: "linked to the centre" },
  site_unlinked: { vi: "đứt đường nối", en: "link broke" },
  site_revoked: { vi: "đã bị thu hồi", en: "was revoked" },
  site_paired: { vi: "đã ghép nối máy", en: "computer paired" },
  session_planned: { vi: "Xếp lịch buổi học “{topic}”", en: "Session “{topic}” planned" },
  session_changed: { vi: "Buổi học “{topic}”: {state}", en: "Session “{topic}”: {state}" },
  roll_call_ordered: { vi: "Bắt đầu điểm danh", en: "Roll call ordered" },
  roll_call_count: { vi: "camera đếm được {count} người", en: "camera counted {count}" },
  declared: { vi: "khai báo có {number} người", en: "declared {number} present" },
  exam_changed: { vi: "Bài thi “{title}”: {state}", en: "Exam “{title}”: {state}" },
  exam_opened: { vi: "đã mở đề thi", en: "opened the exam" },
  exam_closed: { vi: "đã đóng bài thi", en: "closed the exam" },
  conflict: {
    vi: "gửi lại số liệu khác trước: cần kiểm tra",
    en: "sent a record again with other content: check",
  },
};
