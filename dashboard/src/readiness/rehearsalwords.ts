import { dictionary } from "../shared/i18n";

export const tr = dictionary({
  title: { vi: "Tổng duyệt", en: "Rehearsals" },
  plan: { vi: "Lên lịch tổng duyệt", en: "Plan a rehearsal" },
  planWhat: {
    vi: "Một giờ trước giờ mở thử, các điểm cầu được nhắc bật máy, tự kiểm tra mọi thứ, rồi mở thử đúng giờ. Ai vắng sẽ được gửi lại khi có mặt.",
    en: "An hour before the simulated start sites are told, look at everything, then open on time. Whoever is away is told on return.",
  },
  name: { vi: "Tên", en: "Name" },
  t0: { vi: "Giờ mở thử", en: "Simulated start" },
  newT0: { vi: "Giờ mở thử mới", en: "The new simulated start" },
  who: { vi: "Những điểm cầu nào", en: "Which sites" },
  all: { vi: "Tất cả điểm cầu", en: "All sites" },
  onlyDistricts: { vi: "Hoặc chỉ các huyện", en: "Or these districts only" },
  doPlan: { vi: "Lên lịch", en: "Plan" },
  none: {
    vi: "Chưa có lần nào. Buổi học và kỳ thi đã lên lịch sẽ tự có 60 phút luyện tập trước giờ.",
    en: "None yet. Planned sessions and exams get their 60 minutes of practice by themselves.",
  },
  sitesOf: { vi: (n: number) => `${n} điểm cầu`, en: (n: number) => `${n} sites` },
  orderAt: { vi: (at: string) => `gửi lệnh lúc ${at}`, en: (at: string) => `order goes out ${at}` },
  before: { vi: (at: string) => `trước giờ bắt đầu ${at}`, en: (at: string) => `before the start ${at}` },
  toT0: { vi: "tới giờ mở thử", en: "to the simulated start" },
  failed: { vi: "lỡ hoặc im lặng", en: "missed or silent" },
  within: {
    vi: (lo: string, hi: string) => `[${lo}, ${hi}] ms`,
    en: (lo: string, hi: string) => `[${lo}, ${hi}] ms`,
  },
  print: { vi: "Biên bản PDF", en: "Summary PDF" },
  sheet: { vi: "Bảng Excel", en: "Excel sheet" },
  move: { vi: "Dời giờ", en: "Move" },
  off: { vi: "Huỷ", en: "Call off" },
  offWhat: {
    vi: (title: string) => `Huỷ «${title}»? Các điểm cầu được báo ngay.`,
    en: (title: string) => `Call off “${title}”? The sites are told at once.`,
  },
  more: { vi: (n: number) => `Còn ${n} điểm cầu`, en: (n: number) => `${n} more sites` },
  board: { vi: "Bảng", en: "Board" },
  pages: { vi: "Trang", en: "Pages" },
});

export const stages = dictionary({
  planned: { vi: "Đã lên lịch", en: "Planned" },
  under_way: { vi: "Đang diễn ra", en: "Under way" },
  over: { vi: "Đã xong", en: "Over" },
  off: { vi: "Đã huỷ", en: "Called off" },
  moved: { vi: "Đã dời", en: "Moved" },
});

export const kinds = dictionary({
  drill: { vi: "Tổng duyệt", en: "Rehearsal" },
  practice: { vi: "Luyện tập trước giờ", en: "Practice before the start" },
});

export const steps = dictionary({
  away: { vi: "Vắng", en: "Away" },
  sent: { vi: "Đã gửi", en: "Sent" },
  told: { vi: "Đã nhận", en: "Told" },
  looked: { vi: "Đã kiểm tra", en: "Looked" },
  silent: { vi: "Im lặng", en: "Silent" },
  missed: { vi: "Lỡ giờ", en: "Missed" },
  opened: { vi: "Đã mở", en: "Opened" },
});
