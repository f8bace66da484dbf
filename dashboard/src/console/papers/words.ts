import { dictionary } from "../../shared/i18n";

export const w = dictionary({
  question: { vi: (n: number) => `Câu ${n}`, en: (n: number) => `Question ${n}` },
  which: { vi: "Câu hỏi của đề", en: "Questions of the paper" },
  any: { vi: "Bốc ngẫu nhiên cả ngân hàng", en: "Any of the bank" },
  byTopic: { vi: "Theo chủ đề", en: "By topic" },
  byHand: { vi: "Chọn từng câu", en: "By hand" },
  questions: { vi: "Số câu", en: "Questions" },
  total: { vi: (n: number) => `Tổng: ${n} câu`, en: (n: number) => `${n} questions` },
  has: { vi: (n: number) => `có ${n} câu`, en: (n: number) => `${n} in the bank` },
  noTopic: { vi: "(chưa có chủ đề)", en: "(no topic)" },
  inOrder: {
    vi: "Giữ thứ tự câu như danh sách ở mọi mã đề",
    en: "Keep this order of questions in every code",
  },
  shuffle: {
    vi: "Xáo trộn riêng cho từng thí sinh",
    en: "Shuffle for each candidate",
  },
  shuffleMeans: {
    vi: "Mỗi thí sinh thấy câu hỏi và phương án theo thứ tự riêng (phương án ghim giữ chỗ). Vì vậy bài thi này không có bản giấy: không in được mã đề và phiếu trả lời, không nhập được phiếu giấy khi mất điện. Phần mềm bản cũ ở điểm cầu không nhận bài thi này.",
    en: "Everybody sees questions and options in an order of their own (pinned options stay). So there is nothing on paper: no codes and no answer sheets can be printed or entered when the power is out. Agents of an older version do not take this exam.",
  },
  shuffleOff: {
    vi: "Đang tắt: theo mã đề, in được đề và phiếu trả lời giấy.",
    en: "Off: by paper code; papers and answer sheets can be printed.",
  },
  shuffled: {
    vi: "Bài thi này xáo trộn riêng cho từng thí sinh: không in mã đề, không in và không nhập phiếu trả lời giấy, vì không tờ giấy nào ứng với thứ tự trên màn hình.",
    en: "This exam is shuffled for each candidate: no codes and no answer sheets are printed or entered, because no sheet of paper would fit the order on a screen.",
  },
  shuffledPreview: {
    vi: "Thứ tự dưới đây là của mã đề; mỗi thí sinh thấy một thứ tự riêng, không điểm cầu nào biết trước giờ mở đề.",
    en: "This is the order of the code; each candidate sees another one, which no site can tell before the release.",
  },
  find: { vi: "Tìm câu để thêm", en: "Find a question to add" },
  add: { vi: "Thêm", en: "Add" },
  drop: { vi: "Bỏ", en: "Drop" },
  up: { vi: "Lên", en: "Up" },
  down: { vi: "Xuống", en: "Down" },
  papers: { vi: "Đề và bản in", en: "Papers and print" },
  preview: { vi: "Xem trước các mã đề", en: "Preview every code" },
  keyTold: {
    vi: "Bản xem này có đáp án. Lần xem đã được ghi vào nhật ký.",
    en: "This preview shows the key. The look has been written to the audit trail.",
  },
  keyHeld: {
    vi: "Đáp án không hiện ở đây. Lần xem đã được ghi vào nhật ký.",
    en: "No key is shown here. The look has been written to the audit trail.",
  },
  code: { vi: (code: string) => `Mã đề ${code}`, en: (code: string) => `Code ${code}` },
  reserve: { vi: (code: string) => `Đề dự bị ${code}`, en: (code: string) => `Reserve ${code}` },
  draft: {
    vi: "Bản nháp: đề theo ngân hàng lúc này, có thể đổi đến khi niêm phong.",
    en: "Draft: as the bank stands now; it may change until it is sealed.",
  },
  back: { vi: "← Bài thi", en: "← Exam" },
  printing: { vi: "In", en: "Print" },
  printOf: { vi: (code: string) => `Đề ${code} (PDF)`, en: (code: string) => `Paper ${code} (PDF)` },
  secret: {
    vi: "Đề còn bí mật đến giờ mở đề. Mỗi lần in đều được ghi vào nhật ký.",
    en: "Papers are secret until the start. Every print is written to the audit trail.",
  },
  blank: { vi: "Phiếu trả lời trắng", en: "Blank answer sheets" },
  sheets: { vi: "Phiếu trả lời có tên", en: "Answer sheets with names" },
  slips: { vi: "Phiếu dự thi (mã QR)", en: "Voucher slips (QR)" },
  roster: { vi: "Danh sách thí sinh", en: "List of candidates" },
  allSites: { vi: "Mọi điểm cầu", en: "All sites" },
  desk: {
    vi: "Địa chỉ trang thi cho các điểm cầu này (nếu có)",
    en: "Exam page's address for these sites (if any)",
  },
  noDesk: {
    vi: (n: number) => `Chưa biết địa chỉ máy thi của ${n} điểm cầu:`,
    en: (n: number) => (n === 1 ? "One site's address is not known:" : `No address is known of ${n} sites:`),
  },
  noDeskMore: {
    vi: (n: number) => `và ${n} điểm cầu khác`,
    en: (n: number) => `and ${n} more`,
  },
  noDeskMeans: {
    vi: "Máy của điểm cầu tự báo địa chỉ khi đã kiểm tra xong. Chưa có địa chỉ thì phiếu không in mã QR; thí sinh vẫn vào được bằng PIN hoặc mã phiếu trên máy của phòng.",
    en: "A site's computer says its address once it has checked itself. Without one a slip has no QR code; its PIN and its code still work on the room's computer.",
  },
  deskOf: {
    vi: (address: string) => `Mã QR mở ${address}`,
    en: (address: string) => `The QR opens ${address}`,
  },
  desksKnown: {
    vi: "Mã QR của mỗi điểm cầu mở máy thi của điểm cầu đó.",
    en: "Each site's QR codes open that site's own exam desk.",
  },
  part: { vi: "Phần", en: "Part" },
  partOf: {
    vi: (from: number, to: number) => `Phiếu ${from} đến ${to}`,
    en: (from: number, to: number) => `Slips ${from} to ${to}`,
  },
  rehearse: { vi: "Thi thử", en: "Rehearsal" },
  rehearseAll: { vi: "Mở buổi thi thử cho mọi điểm cầu", en: "Hold a rehearsal for every site" },
  rehearseTold: {
    vi: "Năm câu mẫu, mã PIN chung 123456, không tính điểm và không vào kết quả nào. Đề mở sau số phút dưới đây.",
    en: "Five sample questions, PIN 123456 for all, no marks and no results. It opens after these minutes.",
  },
  after: { vi: "Mở sau (phút)", en: "Opens after (minutes)" },
  past: { vi: (n: number) => `Các buổi thi thử đã xong (${n})`, en: (n: number) => `Past rehearsals (${n})` },
  sheetsFor: {
    vi: "Phòng mất điện làm bài trên giấy: hai người cùng nhập, khớp nhau mới tính.",
    en: "A room without power sat on paper: two persons enter each sheet, and it counts when they agree.",
  },
  enterSheets: { vi: "Nhập phiếu trả lời giấy", en: "Enter paper sheets" },
});
