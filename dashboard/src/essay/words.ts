import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Nộp bài thu hoạch", en: "Hand in your essay" },
  none: { vi: "Hiện không có bài thu hoạch nào đang nhận.", en: "No essay is being taken now." },
  which: { vi: "Đợt bồi dưỡng", en: "Course" },
  number: { vi: "Số báo danh", en: "Roster number" },
  code: { vi: "Mã nộp bài (trên phiếu)", en: "Essay code (on the slip)" },
  enter: { vi: "Vào nộp bài", en: "Go on" },
  asSite: { vi: "Tôi nộp thay cho điểm cầu", en: "I hand in for a site" },
  asPerson: { vi: "Tôi nộp bài của mình", en: "I hand in my own" },
  siteCode: { vi: "Mã điểm cầu", en: "Site code" },
  siteSecret: { vi: "Mã thu bài của điểm cầu", en: "The site's collecting code" },
  check: { vi: "Kiểm tra biên nhận", en: "Check a receipt" },
  receipt: { vi: "Biên nhận", en: "Receipt" },
  leave: { vi: "Thoát", en: "Sign out" },
  question: { vi: "Đề bài", en: "Question" },
  until: { vi: (at: string) => `Hạn nộp ${at}`, en: (at: string) => `Due ${at}` },
  over: {
    vi: (at: string) => `Đã quá hạn. Bài nộp bây giờ ghi là muộn; nhận đến ${at}.`,
    en: (at: string) => `The deadline has passed: now it counts as late, until ${at}.`,
  },
  closed: { vi: "Đã hết hạn cuối, không nhận bài nữa.", en: "Nothing is taken any more." },
  write: { vi: "Hoặc viết bài tại đây", en: "Or write here" },
  saved: { vi: (at: string) => `Đã lưu lúc ${at}`, en: (at: string) => `Saved at ${at}` },
  unsaved: { vi: "Chưa lưu lên trung tâm, đang thử lại…", en: "Not saved at the centre yet, trying…" },
  words: { vi: (n: number) => `${n} từ`, en: (n: number) => `${n} words` },
  handInText: { vi: "Nộp bài viết này", en: "Hand in this text" },
  sure: { vi: "Nộp bài viết này?", en: "Hand in this text?" },
  sureMeans: {
    vi: "Có thể nộp lại nhiều lần đến hết hạn; lần cuối cùng được tính.",
    en: "You may hand in again until the deadline; the last one counts.",
  },
  file: { vi: "Nộp tệp Word / PDF", en: "Hand in a Word / PDF file" },
  most: { vi: (mb: string) => `Tối đa ${mb} MB`, en: (mb: string) => `At most ${mb} MB` },
  choose: { vi: "Chọn tệp", en: "Choose a file" },
  tooLarge: { vi: "Tệp quá lớn.", en: "The file is too large." },
  reading: { vi: "Đang đọc tệp…", en: "Reading the file…" },
  sending: {
    vi: (p: number) => `Đang gửi: ${p} %. Đừng đóng trang này.`,
    en: (p: number) => `Sending: ${p} %. Keep this page open.`,
  },
  waiting: {
    vi: (p: number) => `Mất mạng ở ${p} %. Phần đã gửi vẫn còn; có mạng sẽ tự gửi tiếp.`,
    en: (p: number) => `The line broke at ${p} %. What was sent is kept; it goes on by itself.`,
  },
  goOn: { vi: "Gửi tiếp ngay", en: "Go on now" },
  unfinished: {
    vi: (name: string) => `Còn bài gửi dở: ${name}. Chọn lại đúng tệp đó để gửi tiếp phần còn lại.`,
    en: (name: string) => `${name} is not sent to its end. Choose the same file again to go on.`,
  },
  done: { vi: "Trung tâm đã nhận đủ bài", en: "The centre has the whole essay" },
  keep: {
    vi: "Ghi lại hoặc chụp màn hình biên nhận này.",
    en: "Write this receipt down or take a picture of it.",
  },
  print: { vi: "In biên nhận", en: "Print" },
  history: { vi: "Các lần đã nộp", en: "What you handed in" },
  nothing: { vi: "Chưa nộp lần nào.", en: "Nothing yet." },
  time: { vi: "Lần", en: "No." },
  at: { vi: "Nhận lúc", en: "Received" },
  state: { vi: "Tình trạng", en: "State" },
  pages: { vi: (n: number) => `${n} trang`, en: (n: number) => `${n} pages` },
  counts: { vi: "được tính", en: "counts" },
  lateMark: { vi: "muộn", en: "late" },
  siteHow: {
    vi: "Chọn nhiều tệp một lần. Tên tệp phải có số báo danh, ví dụ 10023.docx.",
    en: "Choose many files at once. Each name holds the roster number, e.g. 10023.docx.",
  },
  unmatched: { vi: "Chưa biết bài của ai: hãy chọn.", en: "Whose is it? Please choose." },
  whose: { vi: "Của học viên", en: "Participant" },
  sendAll: { vi: (n: number) => `Gửi ${n} tệp`, en: (n: number) => `Send ${n} files` },
  handedIn: {
    vi: (n: number, all: number) => `Đã nộp ${n} / ${all}`,
    en: (n: number, all: number) => `${n} of ${all} handed in`,
  },
  lacking: { vi: "Chưa nộp", en: "Not yet" },
});

export const states = dictionary({
  checking: { vi: "Đã nhận, đang kiểm tra tệp", en: "Received, being checked" },
  good: { vi: "Đã nhận", en: "Received" },
  refused: { vi: "Tệp không dùng được, hãy nộp lại", en: "Not usable, hand in again" },
});

export const handed = dictionary({
  nothing: { vi: "Chưa nộp", en: "Nothing" },
  refused: { vi: "Tệp không nhận được", en: "File not taken" },
  checking: { vi: "Đang kiểm tra", en: "Being checked" },
  in_time: { vi: "Đúng hạn", en: "In time" },
  late: { vi: "Muộn", en: "Late" },
});
