import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Tra cứu kết quả", en: "Look up your result" },
  choose: { vi: "Chọn bài thi của bạn", en: "Choose your exam" },
  none: { vi: "Hiện chưa có bài thi nào để tra cứu.", en: "There is no exam to look up at present." },
  number: { vi: "Số báo danh", en: "Roster number" },
  numberHint: { vi: "In trên phiếu dự thi của bạn.", en: "Printed on your slip." },
  receipt: { vi: "Mã biên nhận", en: "Receipt" },
  receiptHint: {
    vi: "10 chữ và số hiện ra khi bạn nộp bài, ví dụ ABCDE FGH23. Gõ chữ hoa hay chữ thường đều được.",
    en: "The 10 letters and digits you saw when you handed in, such as ABCDE FGH23. Upper or lower case.",
  },
  ask: { vi: "Xem kết quả", en: "Show my result" },
  asking: { vi: "Đang tìm…", en: "Looking…" },
  fill: { vi: "Hãy gõ đủ số báo danh và mã biên nhận.", en: "Fill in both number and receipt." },
  another: { vi: "Tra cứu người khác", en: "Look up somebody else" },
  otherExam: { vi: "Chọn bài thi khác", en: "Choose another exam" },
  centreHas: { vi: "Trung tâm đang có bài của bạn", en: "The centre has your answers" },
  sameReceipt: {
    vi: "Mã biên nhận ở trung tâm, giống mã của bạn",
    en: "The centre's receipt, the same as yours",
  },
  answers: { vi: "Số câu đã trả lời", en: "Questions answered" },
  ended: { vi: "Thời điểm nộp bài", en: "Handed in at" },
  state: { vi: "Tình trạng", en: "State" },
  late: {
    vi: (n: number) => `${n} câu trả lời đến sau giờ, hội đồng sẽ xem xét.`,
    en: (n: number) => `${n} answers came after the end; a person will decide.`,
  },
  mark: { vi: "Điểm", en: "Mark" },
  outOf: {
    vi: (right: number, all: number) => `đúng ${right}/${all} câu`,
    en: (a: number, b: number) => `${a}/${b} right`,
  },
  band: { vi: "Xếp loại", en: "Band" },
  notYet: {
    vi: "Chưa công bố điểm. Bài của bạn đã về trung tâm an toàn; hãy quay lại sau.",
    en: "Marks are not published yet. Your answers are safe at the centre; come back later.",
  },
  noMark: { vi: "Không có điểm: bài thi không được mở.", en: "No mark: the paper was never opened." },
  provisional: {
    vi: (received: number, expected: number) =>
      `Kết quả tạm thời: trung tâm đã nhận ${received}/${expected} bài. Điểm có thể còn thay đổi.`,
    en: (received: number, expected: number) =>
      `Provisional: ${received} of ${expected} have arrived. Marks may still change.`,
  },
  again: {
    vi: "Bài đang được chấm lại. Điểm dưới đây là lần công bố trước.",
    en: "Papers are being marked again. The mark below is the one published before.",
  },
  rescored: {
    vi: (n: number) => `Điểm đã chấm lại lần ${n}.`,
    en: (n: number) => `Marked again (publication ${n}).`,
  },
  differs: {
    vi: "Sau lần công bố này trung tâm nhận thêm câu trả lời của bạn. Điểm sẽ được công bố lại.",
    en: "More of your answers came after this publication. The mark will be published again.",
  },
  help: { vi: "Mã không khớp thì làm gì?", en: "What if the receipt does not match?" },
  helpKeep: {
    vi: "Giữ phiếu dự thi và mã biên nhận, chụp ảnh màn hình nếu được. Không ai được đòi bạn nộp lại phiếu gốc.",
    en: "Keep your slip and the receipt; take a picture of the screen if you can.",
  },
  helpRead: {
    vi: "Xem lại từng ký tự: mã chỉ có các chữ A đến Z và các số 2 đến 7, không có số 0, 1, 8, 9.",
    en: "Look at each character again: receipts have A to Z and 2 to 7, never 0, 1, 8 or 9.",
  },
  helpCall: {
    vi: "Vẫn không khớp: báo trưởng điểm cầu hoặc gọi đường dây hỗ trợ, đọc số báo danh và mã biên nhận của bạn. Bài có thể vẫn còn ở máy của trường, chưa về trung tâm.",
    en: "Still different: tell the head of your site or call the hotline, with your number and receipt. Your answers may still be on the school's computer.",
  },
  hotline: { vi: "Đường dây hỗ trợ", en: "Hotline" },
  privacy: {
    vi: "Trang này không nêu tên ai khi mã không khớp.",
    en: "This page names nobody unless the receipt matches.",
  },
});

export const states = dictionary({
  absent: { vi: "Không thấy vào thi", en: "Absent" },
  not_opened: { vi: "Đã vào thi, không mở đề", en: "Did not open the paper" },
  no_answer: { vi: "Không trả lời câu nào", en: "No answer given" },
  writing: { vi: "Chưa nhận bản kết thúc", en: "Not ended yet" },
  closed: { vi: "Hết giờ, bài được thu tự động", en: "Time ran out; collected" },
  handed_in: { vi: "Đã nộp bài", en: "Handed in" },
  conflict: { vi: "Hội đồng đang xem xét", en: "Under review" },
});
