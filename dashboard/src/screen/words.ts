import { dictionary } from "../shared/i18n";

export const t = dictionary({
  waitingTitle: { vi: "Chờ buổi học bắt đầu", en: "Waiting for the session" },
  waitingHint: {
    vi: "Màn hình tự chuyển sang bài giảng. Không cần bấm gì.",
    en: "The lecture appears by itself. Nothing to press.",
  },
  ownTime: {
    vi: "Giờ của máy này, chưa đối chiếu với trung tâm",
    en: "This computer's own time, not checked with the centre",
  },
  linkDown: { vi: "Mất kết nối với trung tâm", en: "No connection to the centre" },
  linkDownHint: {
    vi: "Máy đang tự kết nối lại. Kiểm tra dây mạng và đèn của bộ phát mạng.",
    en: "Reconnecting by itself. Check the network cable and the router's lights.",
  },
  linkNever: { vi: "Đang kết nối với trung tâm", en: "Connecting to the centre" },
  linkNeverHint: { vi: "Chờ trong giây lát.", en: "One moment." },
  agentGone: {
    vi: "Chương trình Điểm cầu trên máy này đã dừng",
    en: "The Diem Cau program on this computer stopped",
  },
  agentGoneHint: {
    vi: "Hãy khởi động lại máy tính nếu dòng chữ này không mất sau một phút.",
    en: "Restart the computer if this line is still here after a minute.",
  },
  soundBlocked: { vi: "Trình duyệt đang chặn âm thanh", en: "The browser blocks the sound" },
  soundBlockedHint: {
    vi: "Màn hình sắp tự mở lại để có tiếng. Nếu dòng chữ này còn: đóng cửa sổ này (Alt + F4).",
    en: "The screen is about to open again with sound. If this line stays: close this window (Alt + F4).",
  },
  rollCall: {
    vi: "Đang điểm danh bằng camera: chỉ đếm số người",
    en: "Roll call by camera: people are only counted",
  },
  rollCallHint: { vi: "Mời quý thầy cô ngồi tại chỗ.", en: "Please stay seated." },
  exam: { vi: "Bài kiểm tra", en: "Exam" },
  examOpens: { vi: "Bắt đầu lúc", en: "Starts at" },
  examIn: { vi: "Còn", en: "In" },
  examUntimed: {
    vi: "Máy này chưa biết giờ đúng: đề mở khi giám thị nhập mã hoặc khi trung tâm báo.",
    en: "This computer does not know the time yet: papers open by the code or by the centre's word.",
  },
  examOpen: { vi: "Đang làm bài", en: "Under way" },
  examClosed: { vi: "Đã hết giờ làm bài", en: "Time is over" },
  examAddress: { vi: "Mở trên máy hoặc điện thoại, dùng mạng của phòng:", en: "Open on the room's network:" },
  examScan: { vi: "Quét mã để mở", en: "Scan to open" },
  startingTitle: { vi: "Đang mở bài giảng", en: "Opening the lecture" },
  stalled: { vi: "Hình bị dừng, đang tự kết nối lại", en: "The picture stopped; reconnecting" },
  darkTitle: { vi: "Chưa có hình bài giảng", en: "No picture of the lecture" },
  darkLine: {
    vi: "Kiểm tra dây mạng và đèn của bộ phát mạng.",
    en: "Check the network cable and the router's lights.",
  },
  darkCentre: {
    vi: "Máy vẫn nối với trung tâm nhưng hình chưa tới. Người trực ở trung tâm cũng thấy điều này.",
    en: "This computer reaches the centre but the picture does not arrive. The operators see this too.",
  },
  darkWait: {
    vi: "Chờ một phút. Màn hình tự nhận lại hình, không cần bấm gì.",
    en: "Wait a minute. The picture returns by itself, nothing to press.",
  },
  darkRestart: {
    vi: "Nếu vẫn chưa có hình: khởi động lại máy tính này.",
    en: "Still dark: restart this computer.",
  },
  darkCall: {
    vi: (number: string) => `Gọi ban tổ chức: ${number}`,
    en: (number: string) => `Call: ${number}`,
  },
  darkCallNobody: { vi: "Gọi ban tổ chức.", en: "Call the organisers." },
  noPicture: { vi: "Chưa có hình và tiếng của giảng viên", en: "No picture and no sound of the lecturer" },
  noPictureHint: {
    vi: "Màn hình tự nhận lại, không cần bấm gì. Trang trình chiếu vẫn theo bài giảng.",
    en: "They return by themselves, nothing to press. The slides go on with the lecture.",
  },
  page: {
    vi: (page: number, pages: number) => `Trang ${page}/${pages}`,
    en: (page: number, pages: number) => `Page ${page}/${pages}`,
  },
  noSound: { vi: "Giảng viên chưa có tiếng", en: "No sound from the lecturer" },
  sound: { vi: "Âm thanh", en: "Sound" },
  hotline: { vi: "Hỗ trợ", en: "Hotline" },
});
