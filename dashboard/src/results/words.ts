import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Kết quả", en: "Results" },
  exams: { vi: "Các bài thi", en: "Exams" },
  none: { vi: "Chưa có bài thi nào có kết quả.", en: "No exam has results yet." },
  console: { vi: "Điều hành", en: "Console" },
  provisional: {
    vi: (received: number, expected: number) =>
      `Kết quả tạm: mới có ${received}/${expected} bài về trung tâm. Số liệu còn thay đổi.`,
    en: (received: number, expected: number) =>
      `Provisional: ${received} of ${expected} have arrived. Figures may change.`,
  },
  final: { vi: "Kết quả chính thức.", en: "Final results." },
  complete: { vi: "Đã đủ bài, chờ công bố.", en: "All in; not yet published." },
  download: { vi: "Tải XLSX", en: "Download XLSX" },
  everybody: { vi: "Toàn bộ", en: "Overall" },
  places: { vi: "Theo địa bàn", en: "By place" },
  levels: { vi: "Theo cấp học", en: "By level" },
  sites: { vi: "Theo điểm cầu", en: "By site" },
  candidates: { vi: "Thí sinh", en: "Candidates" },
  registered: { vi: "Đăng ký", en: "Registered" },
  present: { vi: "Có mặt", en: "Present" },
  submitted: { vi: "Nộp bài", en: "Submitted" },
  received: { vi: "Đã về", en: "Received" },
  mean: { vi: "Trung bình", en: "Mean" },
  median: { vi: "Trung vị", en: "Median" },
  sd: { vi: "Độ lệch", en: "SD" },
  quartiles: { vi: "Q1–Q3", en: "Q1–Q3" },
  bands: { vi: "Xếp loại", en: "Bands" },
  name: { vi: "Tên", en: "Name" },
  number: { vi: "Số báo danh", en: "Number" },
  site: { vi: "Điểm cầu", en: "Site" },
  code: { vi: "Mã đề", en: "Paper" },
  correct: { vi: "Số câu đúng", en: "Correct" },
  mark: { vi: "Điểm", en: "Mark" },
  band: { vi: "Xếp loại", en: "Band" },
  state: { vi: "Tình trạng", en: "State" },
  search: { vi: "Tìm tên, số báo danh, điểm cầu", en: "Search name, number, site" },
  shown: {
    vi: (n: number, of: number) => `Hiện ${n}/${of}`,
    en: (n: number, of: number) => `${n} of ${of} shown`,
  },
  more: { vi: "Hiện thêm", en: "Show more" },
});

export const bandNames = dictionary({
  xuat_sac: { vi: "Xuất sắc", en: "Excellent" },
  gioi: { vi: "Giỏi", en: "Very good" },
  kha: { vi: "Khá", en: "Good" },
  trung_binh: { vi: "Trung bình", en: "Average" },
  yeu: { vi: "Yếu", en: "Weak" },
  kem: { vi: "Kém", en: "Poor" },
});

export const candidateStates = dictionary({
  absent: { vi: "Vắng", en: "Absent" },
  not_opened: { vi: "Không mở đề", en: "Did not open" },
  no_answer: { vi: "Không trả lời câu nào", en: "No answer" },
  writing: { vi: "Đang làm", en: "Writing" },
  closed: { vi: "Hết giờ", en: "Time ran out" },
  handed_in: { vi: "Đã nộp", en: "Handed in" },
  conflict: { vi: "Mâu thuẫn, cần xem", en: "Conflict, check" },
});
