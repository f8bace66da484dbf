import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Bài kiểm tra", en: "Exam" },
  connecting: { vi: "Đang kết nối với máy của trường…", en: "Connecting to the school's computer…" },
  noExam: {
    vi: "Điểm cầu này chưa có bài kiểm tra nào. Trang sẽ tự cập nhật, thầy cô cứ để mở.",
    en: "There is no exam at this site yet. Leave this page open; it updates by itself.",
  },
  number: { vi: "Số báo danh", en: "Roster number" },
  numberHint: { vi: "In trên phiếu, ví dụ SBD001", en: "Printed on your slip, e.g. SBD001" },
  pin: { vi: "Mã PIN", en: "PIN" },
  pinHint: { vi: "6 chữ số trên phiếu", en: "6 digits on your slip" },
  enter: { vi: "Vào phòng kiểm tra", en: "Enter" },
  entering: { vi: "Đang vào…", en: "Entering…" },
  tooEarly: {
    vi: (time: string) => `Phòng mở cho đăng nhập trước giờ làm bài (${time}). Trang sẽ tự mở.`,
    en: (time: string) => `Sign-in opens shortly before the start (${time}). This page opens it by itself.`,
  },
  badVoucher: {
    vi: "Mã trên đường dẫn của phiếu bị thiếu hoặc sai ký tự. Quét lại mã QR, hoặc nhập số báo danh và PIN.",
    en: "The code in the slip's link is incomplete. Scan the QR code again, or use number and PIN.",
  },
  byCode: { vi: "Nhập mã phiếu", en: "Enter the slip's code" },
  you: { vi: "Thí sinh", en: "Candidate" },
  paperCode: { vi: "Mã đề", en: "Paper code" },
  notYou: {
    vi: "Nếu tên này không phải của thầy cô, xin báo giám thị.",
    en: "If this is not your name, please tell the invigilator.",
  },
  opensAt: { vi: (time: string) => `Đề mở lúc ${time}`, en: (time: string) => `The paper opens at ${time}` },
  opensSoon: { vi: "Đề sắp mở…", en: "The paper is about to open…" },
  waitCalmly: {
    vi: "Thầy cô không cần bấm gì. Đến giờ, đề tự hiện ra ở đây, cùng lúc ở mọi điểm cầu.",
    en: "Nothing to press. At the set time the paper appears here, at the same moment everywhere.",
  },
  wantsCode: {
    vi: "Máy của trường chưa nhận được mã mở đề. Thầy cô cứ ngồi chờ: thời gian làm bài được tính đủ kể từ lúc đề mở.",
    en: "The school's computer has not received the release code yet. Please wait: your full time counts from when the paper opens.",
  },
  code: { vi: "Giám thị nhập mã mở đề", en: "Invigilator: enter the release code" },
  codeHint: { vi: "7 nhóm, mỗi nhóm 4 ký tự", en: "7 groups of 4 characters" },
  open: { vi: "Mở đề", en: "Open the paper" },
  minutes: { vi: (n: number) => `${n} phút`, en: (n: number) => `${n} minutes` },
  length: { vi: "Thời gian làm bài", en: "Time allowed" },
  question: { vi: (n: number) => `Câu ${n}`, en: (n: number) => `Question ${n}` },
  timeLeft: { vi: "Còn lại", en: "Time left" },
  hideTime: { vi: "Ẩn giờ", en: "Hide time" },
  showTime: { vi: "Hiện giờ", en: "Show time" },
  leftWarning: { vi: (n: number) => `Còn ${n} phút.`, en: (n: number) => `${n} minutes left.` },
  leftOne: { vi: "Còn 1 phút cuối.", en: "One minute left." },
  answered: {
    vi: (a: number, b: number) => `Đã chọn ${a}/${b} câu`,
    en: (a: number, b: number) => `${a} of ${b} answered`,
  },
  minutesLeft: { vi: (n: number) => `Còn ${n} phút`, en: (n: number) => `${n} min left` },
  left: { vi: (clock: string) => `Còn ${clock}`, en: (clock: string) => `${clock} left` },
  openedWith: {
    vi: (n: number) => `Đề đã mở. Còn ${n} phút.`,
    en: (n: number) => `The paper is open. ${n} minutes left.`,
  },
  byPin: { vi: "Vào bằng mã PIN", en: "Signed in by PIN" },
  byPinHint: {
    vi: "Thầy cô vào bằng mã PIN nên giám thị sẽ đối chiếu giấy tờ. Bài làm vẫn được lưu và tính như thường.",
    en: "You signed in by PIN, so the invigilator will check who you are. Your work is saved and counts as usual.",
  },
  tools: { vi: "Cỡ chữ, nền", en: "Text, colours" },
  closeTools: { vi: "Xong", en: "Done" },
  size: { vi: "Cỡ chữ", en: "Text size" },
  sizeNormal: { vi: "Vừa", en: "Normal" },
  sizeLarge: { vi: "Lớn", en: "Large" },
  sizeLargest: { vi: "Rất lớn", en: "Largest" },
  ground: { vi: "Nền", en: "Background" },
  groundLight: { vi: "Sáng", en: "Light" },
  groundDark: { vi: "Tối", en: "Dark" },
  languageOf: { vi: "Ngôn ngữ", en: "Language" },
  keys: {
    vi: "Bàn phím: A–E hoặc 1–5 chọn, ← → câu trước hoặc sau, Enter câu tiếp theo.",
    en: "Keyboard: A–E or 1–5 choose, ← → previous or next question, Enter next.",
  },
  picture: {
    vi: (n: number, q: number) => `Hình ${n} của câu ${q}. Bấm để phóng to.`,
    en: (n: number, q: number) => `Picture ${n} of question ${q}. Press to enlarge.`,
  },
  pictureMissing: {
    vi: "Hình chưa tải được. Bấm để thử lại.",
    en: "The picture did not load. Press to try again.",
  },
  closePicture: { vi: "Đóng hình", en: "Close" },
  stayOnWifi: {
    vi: "Điện thoại có thể báo “Wi-Fi không có internet”. Thầy cô cứ ở lại Wi-Fi này, đừng chuyển sang 4G.",
    en: "The phone may say that this Wi-Fi has no internet. Stay on it; do not switch to mobile data.",
  },
  goesDark: {
    vi: "Màn hình có thể tự tắt. Chạm hoặc mở khoá để xem lại, bài vẫn còn; nếu được, thầy cô chỉnh cho màn hình tắt muộn hơn.",
    en: "The screen may go dark. Touch or unlock it: nothing is lost. If you can, set it to turn off later.",
  },
  stranger: {
    vi: "Mạng này đang trả lời thay máy của trường (trang đăng nhập Wi-Fi?). Thầy cô kiểm tra đang ở đúng Wi-Fi của phòng thi rồi báo giám thị. Câu trả lời vẫn được giữ ở máy này.",
    en: "Something else answers in place of the school's computer (a Wi-Fi sign-in page?). Check that this is the exam room's Wi-Fi and tell the invigilator. Answers are kept on this device.",
  },
  drawerFull: {
    vi: "Trình duyệt này không giữ được bản sao (hết chỗ hoặc đang ở chế độ ẩn danh). Xin đừng đóng trang; câu trả lời vẫn được gửi về trường.",
    en: "This browser cannot keep a copy (storage full, or a private window). Do not close the page; answers are still sent to the school.",
  },
  insideApp: {
    vi: (app: string) =>
      `Thầy cô đang mở trang trong ${app || "một ứng dụng"}. Làm bài được, nhưng đừng thoát ứng dụng giữa chừng. Chắc hơn: mở bằng trình duyệt.`,
    en: (app: string) =>
      `This page is open inside ${app || "an app"}. It works, but do not leave the app during the exam. A real browser is safer.`,
  },
  insideAppBad: {
    vi: (app: string) =>
      `Trình duyệt bên trong ${app || "ứng dụng"} không giữ được bài làm. Xin mở trang bằng trình duyệt của máy.`,
    en: (app: string) =>
      `The browser inside ${app || "this app"} cannot keep your work. Please open the page in the phone's own browser.`,
  },
  nextPerson: { vi: "Người tiếp theo", en: "Next person" },
  nextPersonSure: {
    vi: "Đã chép mã biên nhận, xoá màn hình này",
    en: "Receipt written down: clear this screen",
  },
  nextPersonHint: {
    vi: "Máy dùng chung: bấm để xoá tên và bài khỏi màn hình này cho người sau. Thầy cô chép mã biên nhận trước đã.",
    en: "Shared computer: removes your name and work from this screen for the next person. Write down the receipt first.",
  },
  nextPersonWaiting: {
    vi: "Còn câu chưa được trường lưu. Máy này sẽ gửi tiếp khi có kết nối.",
    en: "Some answers are not saved at the school yet. This computer goes on sending them.",
  },
  leftHere: {
    vi: (name: string, n: number) =>
      `${name}: còn ${n} câu trả lời ở máy này chờ gửi về trường. Trang đang tự gửi, xin đừng tắt máy.`,
    en: (name: string, n: number) =>
      `${name}: ${n} answers on this computer wait to reach the school. Sending; do not switch it off.`,
  },
  ranOut: {
    vi: "Máy của trường chưa trả lời nên trang này tự dừng theo đồng hồ.",
    en: "The school's computer does not answer, so this page has stopped by its own clock.",
  },
  overview: { vi: "Tổng quan", en: "Overview" },
  hideOverview: { vi: "Đóng tổng quan", en: "Close overview" },
  flag: { vi: "Xem lại sau", en: "Come back later" },
  flagged: { vi: "Đã đánh dấu", en: "Flagged" },
  notAnswered: { vi: "chưa chọn", en: "not answered" },
  mark0: { vi: "mới ở máy này", en: "only on this device" },
  mark1: { vi: "trường đã lưu", en: "saved at the school" },
  mark2: { vi: "tỉnh đã nhận", en: "received by the province" },
  legend: { vi: "Các dấu bên cạnh câu", en: "What the marks mean" },
  handIn: { vi: "Nộp bài", en: "Hand in" },
  handInAsk: { vi: "Nộp bài ngay bây giờ?", en: "Hand in now?" },
  handInFull: {
    vi: (n: number) => `Thầy cô đã chọn đủ ${n} câu. Nộp rồi thì không sửa được nữa.`,
    en: (n: number) => `All ${n} questions are answered. After handing in nothing can be changed.`,
  },
  handInMissing: {
    vi: (n: number) => `Còn ${n} câu chưa chọn. Nộp rồi thì không sửa được nữa.`,
    en: (n: number) => `${n} questions are not answered. After handing in nothing can be changed.`,
  },
  handInFlagged: { vi: (n: number) => `${n} câu đang đánh dấu xem lại.`, en: (n: number) => `${n} flagged.` },
  handInUnsaved: {
    vi: (n: number) => `${n} câu chưa kịp lưu ở trường; trang đang gửi tiếp.`,
    en: (n: number) => `${n} answers are still on their way to the school.`,
  },
  handInYes: { vi: "Nộp bài", en: "Yes, hand in" },
  handInNo: { vi: "Quay lại làm tiếp", en: "Go back" },
  handingIn: { vi: "Đang nộp bài…", en: "Handing in…" },
  handedIn: { vi: "Đã nộp bài", en: "Handed in" },
  timeUp: { vi: "Đã hết giờ làm bài", en: "Time is up" },
  timeUpCalm: {
    vi: "Các câu đã lưu được tính là bài làm của thầy cô, không cần làm gì thêm.",
    en: "What was saved is your work. Nothing more to do.",
  },
  receipt: { vi: "Mã biên nhận", en: "Receipt" },
  receiptHint: {
    vi: "Thầy cô chép lại hoặc chụp màn hình. Khi tra kết quả cần số báo danh và mã này.",
    en: "Write it down or take a picture. You need it with your number to look up the result.",
  },
  counted: {
    vi: (n: number) => `Trường đã lưu ${n} câu trả lời.`,
    en: (n: number) => `${n} answers are saved.`,
  },
  late: {
    vi: "Có câu đến sau giờ đóng; người phụ trách sẽ xem xét.",
    en: "Some answers arrived after the close; a person will look at them.",
  },
  stillSending: {
    vi: (n: number) => `${n} câu trả lời còn nằm ở máy này. Xin để trang mở, trang đang gửi tiếp.`,
    en: (n: number) => `${n} answers are only on this device. Keep this page open; it goes on sending.`,
  },
  cancelled: { vi: "Bài kiểm tra này đã được huỷ.", en: "This exam has been cancelled." },
  missed: {
    vi: "Đề này không mở được nữa. Xin chờ hướng dẫn của giám thị.",
    en: "This paper can no longer be opened. Please wait for the invigilator.",
  },
  moved: { vi: "Bài thi đang mở ở nơi khác", en: "Your exam is open elsewhere" },
  movedCalm: {
    vi: "Thầy cô vừa mở bài ở một thẻ hoặc thiết bị khác. Các câu đã lưu vẫn còn nguyên.",
    en: "You have opened it in another tab or on another device. What was saved is kept.",
  },
  visiting: { vi: "Đang chuyển bài thi về đây", en: "Your exam is being moved here" },
  visitingCalm: {
    vi: "Trang này tự hỏi lại, thầy cô không cần bấm gì. Những câu đã lưu ở điểm cầu cũ đi theo thầy cô.",
    en: "This page asks again by itself; there is nothing to press. What was saved at the other site comes with you.",
  },
  visitingPin: { vi: "Dùng số báo danh và mã PIN", en: "Use a number and PIN instead" },
  away: { vi: "Bài thi đã chuyển sang nơi khác", en: "Your exam has moved to another place" },
  awayCalm: {
    vi: "Ở máy này không cần làm gì thêm.",
    en: "There is nothing more to do on this device.",
  },
  awayNext: { vi: "Người khác dùng máy này", en: "Somebody else uses this device" },
  movedBack: { vi: "Làm tiếp ở đây", en: "Continue here" },
  lineDown: {
    vi: "Mất kết nối với máy của trường. Thầy cô cứ làm tiếp: câu trả lời được giữ ở máy này và tự gửi lại.",
    en: "The school's computer does not answer. Carry on: answers are kept on this device and sent again.",
  },
  lineDownDoor: {
    vi: "Máy của trường chưa trả lời. Trang này tự thử lại, thầy cô cứ để mở.",
    en: "The school's computer does not answer yet. This page tries again by itself.",
  },
  lineDownOver: {
    vi: "Máy của trường chưa trả lời. Xin để trang mở, trang tự gửi lại.",
    en: "The school's computer does not answer. Keep this page open; it sends again by itself.",
  },
  slow: {
    vi: "Có câu gửi đã lâu mà trường chưa lưu. Xin báo giám thị.",
    en: "Some answers have waited long to be saved. Please tell the invigilator.",
  },
});
