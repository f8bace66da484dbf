import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Bảng sẵn sàng", en: "Readiness" },
  opening: { vi: "Đang mở bảng…", en: "Opening…" },
  lost: { vi: "Mất liên lạc với trung tâm, số liệu cũ", en: "The centre is not heard, old figures" },
  wall: { vi: "Toàn cảnh", en: "Wall" },
  console: { vi: "Điều hành", en: "Console" },
  province: { vi: "Toàn tỉnh", en: "The whole province" },
  scope: { vi: "Xét theo", en: "Judged for" },
  sites: { vi: "Điểm cầu", en: "Sites" },
  verdicts: { vi: "Kết luận", en: "Verdicts" },
  districts: { vi: "Theo huyện", en: "By district" },
  found: { vi: "Đang thiếu gì", en: "What is missing" },
  moreKinds: { vi: "Thiếu sót khác…", en: "Others…" },
  search: { vi: "Tìm trường, mã, huyện, người", en: "School, code, district, person" },
  clear: { vi: "Bỏ lọc", en: "Clear filters" },
  nobody: { vi: "Không có điểm cầu nào như vậy.", en: "No site is like that." },
  none: { vi: "Chưa có điểm cầu nào.", en: "There are no sites yet." },
  more: { vi: (n: number) => `Xem thêm ${n}`, en: (n: number) => `Show ${n} more` },
  shown: {
    vi: (n: number, of: number) => `${n} trên ${of} điểm cầu`,
    en: (n: number, of: number) => `${n} of ${of} sites`,
  },
  checkedAgo: { vi: (age: string) => `kiểm tra ${age} trước`, en: (age: string) => `checked ${age} ago` },
  never: { vi: "chưa kiểm tra", en: "never checked" },
  away: { vi: "máy không có mặt", en: "away" },
  here: { vi: "máy có mặt", en: "here" },
  startsIn: { vi: (time: string) => `bắt đầu sau ${time}`, en: (time: string) => `starts in ${time}` },
  started: { vi: "đang diễn ra", en: "under way" },
  call: { vi: (who: string) => `Gọi ${who}`, en: (who: string) => `Call ${who}` },
  noPhone: { vi: "chưa có số điện thoại", en: "no telephone number" },
  allWell: { vi: "Mọi thứ đã kiểm tra đều tốt.", en: "Everything that was checked is good." },
  others: { vi: (n: number) => `và ${n} điều nữa`, en: (n: number) => `and ${n} more` },
  fewer: { vi: "thu gọn", en: "fewer" },
  waive: { vi: "Miễn", en: "Waive" },
  waived: { vi: "Được miễn", en: "Waived" },
  waiveTitle: { vi: "Miễn một thiếu sót", en: "Waive a finding" },
  waiveWhat: {
    vi: "Thiếu sót vẫn hiện trên bảng là «được miễn», không thành xanh. Ghi rõ vì sao và tới khi nào.",
    en: "It stays on the board as waived and never turns green. Say why and until when.",
  },
  why: { vi: "Lý do", en: "Reason" },
  until: { vi: "Tới lúc", en: "Until" },
  doWaive: { vi: "Miễn và ghi nhật ký", en: "Waive and record" },
  withdraw: { vi: "Rút lại việc miễn", en: "Take the waiver back" },
  by: { vi: (who: string) => `do ${who}`, en: (who: string) => `by ${who}` },
  history: { vi: "Lịch sử", en: "History" },
  historyOf: {
    vi: (site: string) => `Các lần kiểm tra của ${site}`,
    en: (site: string) => `Checks of ${site}`,
  },
  newest: { vi: "Lần mới nhất", en: "The newest" },
  earlier: { vi: "Trước đó", en: "Before" },
  waivers: { vi: "Các lần miễn", en: "Waivers" },
  noWaivers: { vi: "Chưa miễn điều gì.", en: "None." },
  when: { vi: "Lúc", en: "When" },
  good: { vi: "Tốt", en: "Good" },
  weak: { vi: "Tạm được", en: "Weak" },
  bad: { vi: "Hỏng", en: "Bad" },
  waiting: { vi: "Chưa xem", en: "Not looked at" },
  rule: { vi: "Ngày học cần gì", en: "What the day needs" },
  ruleHint: {
    vi: "«Phải có»: thiếu là không đi. «Nên có»: thiếu thì đi thận trọng. «Không cần»: bỏ qua.",
    en: "Must: without it nobody goes. Should: go with care. No: not looked at.",
  },
  fresh: {
    vi: "Giấy kiểm tra có giá trị (giờ)",
    en: "A certificate counts for (hours)",
  },
  save: { vi: "Lưu quy tắc", en: "Save the rule" },
  drop: { vi: "Dùng lại quy tắc của tỉnh", en: "Use the province's rule again" },
  inherited: { vi: "Đang dùng quy tắc của tỉnh.", en: "The province's rule stands here." },
  rehearsals: { vi: "Tổng duyệt", en: "Rehearsals" },
  withdrawn: {
    vi: (who: string, at: string) => `${who} rút lại lúc ${at}`,
    en: (who: string, at: string) => `taken back by ${who} at ${at}`,
  },
});

export const verdicts = dictionary({
  go: { vi: "Sẵn sàng", en: "Go" },
  care: { vi: "Thận trọng", en: "With care" },
  no_go: { vi: "Chưa được", en: "No-go" },
  unknown: { vi: "Chưa rõ", en: "Unknown" },
});

export const needs = dictionary({
  must: { vi: "Phải có", en: "Must" },
  should: { vi: "Nên có", en: "Should" },
  no: { vi: "Không cần", en: "No" },
});

/** What certificates measure; a figure without words here is not shown. */
export const figures = dictionary({
  free_mb: { vi: (n: string) => `còn ${n} MB`, en: (n: string) => `${n} MB free` },
  up_kbps: { vi: (n: string) => `lên ${n} kbit/s`, en: (n: string) => `up ${n} kbit/s` },
  down_kbps: { vi: (n: string) => `xuống ${n} kbit/s`, en: (n: string) => `down ${n} kbit/s` },
  wall_off_s: { vi: (n: string) => `lệch ${n} giây`, en: (n: string) => `${n} s off` },
  bound_ms: { vi: (n: string) => `sai số tối đa ${n} ms`, en: (n: string) => `within ${n} ms` },
  loss_percent: { vi: (n: string) => `mất ${n} % gói`, en: (n: string) => `${n} % lost` },
  fps: { vi: (n: string) => `${n} hình/giây`, en: (n: string) => `${n} fps` },
});
