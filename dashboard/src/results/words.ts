import { dictionary, language, worded } from "../shared/i18n";

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
  results: { vi: "Kết quả", en: "Results" },
  analysis: { vi: "Phân tích câu hỏi", en: "Item analysis" },
  downloadCsv: { vi: "Tải CSV", en: "Download CSV" },
  paper: { vi: "Đề thi", en: "The paper" },
  paperHint: {
    vi: "Tính trên mọi thí sinh đã mở đề, theo số câu đúng. KR-20 gần 1: đề cho kết quả ổn định; sai số chuẩn là mức lệch thường gặp của số câu đúng.",
    en: "Over everybody who opened the paper, in right answers. KR-20 near 1: the paper measures reliably; the standard error is how far a count is usually off.",
  },
  analysedCandidates: { vi: "Thí sinh", en: "Candidates" },
  analysedItems: { vi: "Câu tính điểm", en: "Items that count" },
  meanCorrect: { vi: "Số câu đúng TB", en: "Mean right" },
  range: { vi: "Từ–đến", en: "Min–max" },
  sem: { vi: "Sai số chuẩn", en: "Standard error" },
  skewness: { vi: "Độ xiên", en: "Skewness" },
  kurtosis: { vi: "Độ nhọn", en: "Kurtosis" },
  codes: { vi: "So sánh mã đề", en: "Codes compared" },
  compared: { vi: "So với mã đầu", en: "Against the first" },
  reference: { vi: "làm mốc so sánh", en: "reference" },
  codesAlike: { vi: "Không khác rõ rệt", en: "No clear difference" },
  codesDiffer: { vi: "Khác rõ rệt", en: "Clearly different" },
  difference: { vi: "chênh", en: "difference" },
  items: { vi: "Từng câu hỏi", en: "Items" },
  itemsHint: {
    vi: "Độ khó là tỉ lệ trả lời đúng. Độ phân biệt là tương quan giữa câu này và số câu đúng còn lại: từ 0,2 trở lên là đạt, âm là câu có vấn đề. Bấm vào câu để xem các phương án.",
    en: "Facility is the share right. Discrimination is the correlation with the count of the other items: from 0.2 on is good, below zero something is wrong. Press an item to see its options.",
  },
  item: { vi: "Câu", en: "Item" },
  question: { vi: "Nội dung", en: "Question" },
  facility: { vi: "Độ khó", en: "Facility" },
  discrimination: { vi: "Độ phân biệt", en: "Discrimination" },
  efficiency: { vi: "Hiệu quả", en: "Efficiency" },
  pointBiserial: { vi: "Point-biserial", en: "Point-biserial" },
  upperLower: { vi: "27 % cao − thấp", en: "Upper − lower 27 %" },
  alphaWithout: { vi: "KR-20 nếu bỏ câu", en: "KR-20 without it" },
  answered: { vi: "Có trả lời", en: "Answered" },
  option: { vi: "Phương án", en: "Option" },
  chosenBy: { vi: "Số người chọn", en: "Chosen by" },
  meanRest: { vi: "TB các câu khác", en: "Mean of other items" },
  key: { vi: "đáp án", en: "key" },
  underCode: { vi: (code: string) => `Mã ${code}:`, en: (code: string) => `Paper ${code}:` },
});

export const bandNames = dictionary({
  xuat_sac: { vi: "Xuất sắc", en: "Excellent" },
  gioi: { vi: "Giỏi", en: "Very good" },
  kha: { vi: "Khá", en: "Good" },
  trung_binh: { vi: "Trung bình", en: "Average" },
  yeu: { vi: "Yếu", en: "Weak" },
  kem: { vi: "Kém", en: "Poor" },
});

/** The name of a band: the usual ones in both languages, others as the province wrote them. */
export function bandWord(key: string, names: Record<string, string> = {}): string {
  return worded(bandNames, key) !== key.replace(/_/g, " ") && language.value === "en"
    ? worded(bandNames, key)
    : (names[key] ?? worded(bandNames, key));
}

export const candidateStates = dictionary({
  absent: { vi: "Vắng", en: "Absent" },
  not_opened: { vi: "Không mở đề", en: "Did not open" },
  no_answer: { vi: "Không trả lời câu nào", en: "No answer" },
  writing: { vi: "Đang làm", en: "Writing" },
  closed: { vi: "Hết giờ", en: "Time ran out" },
  handed_in: { vi: "Đã nộp", en: "Handed in" },
  conflict: { vi: "Mâu thuẫn, cần xem", en: "Conflict, check" },
});

export const itemNotes = dictionary({
  void: { vi: "Không tính điểm", en: "Void" },
  hard: { vi: "Quá khó", en: "Very hard" },
  easy: { vi: "Quá dễ", en: "Very easy" },
  weak: { vi: "Phân biệt kém", en: "Weak" },
  negative: { vi: "Phân biệt ngược", en: "Negative" },
  key_doubt: { vi: "Xem lại đáp án", en: "Check the key" },
});

export const optionNotes = dictionary({
  rare: { vi: "Ít người chọn", en: "Rarely chosen" },
  above_key: { vi: "Người chọn giỏi hơn người chọn đúng", en: "Chosen by better candidates than the key" },
});

export const codeNotes = dictionary({
  easier: { vi: "dễ hơn", en: "easier" },
  harder: { vi: "khó hơn", en: "harder" },
});
