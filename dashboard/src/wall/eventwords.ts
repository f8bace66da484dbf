import type { Language } from "../shared/i18n";

/** Sentences of events; `{name}` is a parameter of the event, `[…]` goes where its parameter was not told. */
export const eventWords: Record<string, Record<Language, string>> = {
  centre_started: { vi: "Trung tâm đã khởi động", en: "The centre started" },
  site_online: { vi: "đã trực tuyến", en: "is online" },
  site_back: { vi: "đã trở lại trực tuyến", en: "is back online" },
  site_late: { vi: "tin về chậm", en: "news comes late" },
  site_silent: { vi: "mất tín hiệu", en: "fell silent" },
  site_unknown: { vi: "lâu không có tin, không rõ tình trạng", en: "long silent, state unknown" },
  site_paired: { vi: "đã ghép nối máy", en: "computer paired" },
  site_revoked: { vi: "máy đã bị thu hồi {reason}", en: "computer revoked {reason}" },
  sites_imported: {
    vi: "Đã nhập {sites} điểm cầu, {participants} học viên",
    en: "{sites} sites and {participants} participants imported",
  },
  session_state: { vi: "{state}: “{topic}”", en: "{state}: “{topic}”" },
  air_changed: { vi: "{seat} lên sóng ({why}): “{topic}”", en: "{seat} on air ({why}): “{topic}”" },
  air_ordered: { vi: "{by} cho {seat} lên sóng: “{topic}”", en: "{by} put on air: {seat}, “{topic}”" },
  lecturer_lost: {
    vi: "Mất giảng viên ({why}). Đang lên sóng: {seat}, “{topic}”",
    en: "Lecturer lost ({why}). On air: {seat}, “{topic}”",
  },
  roll_call_ordered: { vi: "Bắt đầu điểm danh {sites} phòng", en: "Roll call of {sites} rooms ordered" },
  count_received: { vi: "camera đếm được {count} người", en: "camera counted {count}" },
  not_counted: { vi: "camera không đếm được: {reason}", en: "camera could not count: {reason}" },
  number_declared: {
    vi: "khai báo có {number} người[, {listed} người đã ký danh sách]",
    en: "declared {number} present[, {listed} signed the list]",
  },
  exam_state: { vi: "Bài thi “{title}”: {stage}", en: "Exam “{title}”: {stage}" },
  exam_opened: {
    vi: "đã mở đề thi (chênh {late_ms} ms)",
    en: "opened the exam ({late_ms} ms from the start)",
  },
  exam_conflict: { vi: "bài làm mâu thuẫn: {reason}", en: "conflicting answers: {reason}" },
  roll_call_asked: { vi: "được yêu cầu đếm người", en: "was asked to count" },
  history_told: {
    vi: "đã kể lại {spans} quãng lúc mất liên lạc",
    en: "told {spans} spans of the time without a line",
  },
  history_lost: {
    vi: "không giữ được {lost} quãng cũ vì hết chỗ",
    en: "had no room to keep {lost} older spans",
  },
  shift_handed_over: {
    vi: "{giver} bàn giao ca trực cho {taker}: {state}",
    en: "{giver} hands the shift over to {taker}: {state}",
  },
  rung_ordered: {
    vi: "{name} chỉ định mức nhận bài: {rung}",
    en: "{name} ordered what the room gets: {rung}",
  },
  site_claimed: { vi: "{name} đang gọi", en: "{name} is calling" },
  call_logged: { vi: "{name} đã gọi: {outcome}", en: "{name} called: {outcome}" },
  conflict: {
    vi: "gửi lại số liệu khác lần trước, cần kiểm tra",
    en: "sent a record again with other content: check",
  },
  record_set_aside: { vi: "có số liệu bị để riêng: {reason}", en: "a record was set aside: {reason}" },
  records_missing: { vi: "thiếu số liệu từ {first} đến {last}", en: "records {first} to {last} are missing" },
  two_computers: { vi: "có hai máy cùng xưng là điểm cầu này", en: "two computers claim to be this site" },
};
