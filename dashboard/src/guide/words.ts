import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Chuẩn bị phòng", en: "Get the room ready" },
  desk: { vi: "Về bàn điểm cầu", en: "To the site desk" },
  back: { vi: "Bước trước", en: "Back" },
  next: { vi: "Bước sau", en: "Next" },
  step: {
    vi: (n: number, of: number) => `Bước ${n} / ${of}`,
    en: (n: number, of: number) => `Step ${n} of ${of}`,
  },
  steps: { vi: "Các bước", en: "Steps" },
  keys: {
    vi: "Phím ← → để đi qua các bước",
    en: "The ← → keys go through the steps",
  },
  again: { vi: "Kiểm tra lại", en: "Check again" },
  all: { vi: "Kiểm tra lại tất cả", en: "Check everything again" },
  looking: { vi: "Đang kiểm tra…", en: "Looking…" },
  gone: {
    vi: "Chương trình Điểm cầu trên máy này chưa trả lời. Đang thử lại.",
    en: "The Diem Cau program on this computer does not answer. Trying again.",
  },
  busy: {
    vi: "Đang có bài giảng hoặc sắp tới giờ thi: máy không phát tiếng thử và không đo mạng.",
    en: "A lecture runs or an exam is near: no test sound is played and the line is not measured.",
  },
  hotline: { vi: "Cần giúp? Gọi", en: "Need help? Call" },
  what: { vi: "Cần làm", en: "What to do" },
  allGood: { vi: "Phòng đã sẵn sàng.", en: "The room is ready." },
  notGood: {
    vi: (n: number) => `Còn ${n} việc phải sửa.`,
    en: (n: number) => (n === 1 ? "1 thing left to mend." : `${n} things left to mend.`),
  },
  rest: {
    vi: "Không còn gì phải sửa; mục màu xám chưa thử được lúc này.",
    en: "Nothing to mend; what is grey could not be tried yet.",
  },
  told: {
    vi: "Kết quả tự gửi về trung tâm; sửa xong là tự chuyển xanh.",
    en: "The result goes to the centre by itself, and turns green once mended.",
  },
  rehearsal: {
    vi: (title: string, time: string) => `Tổng duyệt: ${title}, bắt đầu lúc ${time}`,
    en: (title: string, time: string) => `Rehearsal: ${title}, starts at ${time}`,
  },
  practice: {
    vi: (n: number) => `Còn ${n} phút: mở hết thiết bị, đi qua từng bước, ở lại tới khi bắt đầu.`,
    en: (n: number) => `${n} minutes left: switch everything on, go through the steps, stay until it starts.`,
  },
  // Pairing
  server: { vi: "Địa chỉ trung tâm", en: "Address of the centre" },
  serverHint: { vi: "Ví dụ: https://diemcau.tinh.gov.vn", en: "For example https://diemcau.tinh.gov.vn" },
  code: { vi: "Mã ghép máy", en: "Pairing code" },
  codeHint: {
    vi: "13 chữ và số, trung tâm đọc qua điện thoại hoặc gửi cho trường.",
    en: "13 letters and digits; the centre reads it out or sends it.",
  },
  pair: { vi: "Ghép máy này", en: "Pair this computer" },
  pairing: { vi: "Đang ghép…", en: "Pairing…" },
  paired: {
    vi: (code: string, name: string) => `Đã ghép với ${code} · ${name}`,
    en: (code: string, name: string) => `Paired with ${code} · ${name}`,
  },
  starting: {
    vi: "Đã ghép. Chương trình đang khởi động, đợi vài giây.",
    en: "Paired. The program is starting, wait a few seconds.",
  },
  notPaired: { vi: "Chưa ghép được, hãy thử lại.", en: "Not paired, try again." },
  // Sound
  try: { vi: "Thử loa", en: "Try the loudspeaker" },
  loud: {
    vi: "Máy sẽ phát một tiếng rít ngắn qua loa. Báo cho mọi người trong phòng trước khi bấm.",
    en: "A short rising tone will be played. Tell the people in the room before you press.",
  },
  // Phone
  scan: {
    vi: "Nối điện thoại vào cùng Wi-Fi với máy này, rồi quét mã.",
    en: "Join the same Wi-Fi with a phone, then scan the code.",
  },
  qr: { vi: "Mã QR để thử bằng điện thoại", en: "QR code to try with a phone" },
  picture: { vi: "Hình camera đang thấy", en: "What the camera sees" },
  seats: { vi: "Vẽ vùng chỗ ngồi trên bàn điểm cầu", en: "Draw the seats on the site desk" },
  openScreen: { vi: "Mở lại màn hình lớn", en: "Reopen the big screen" },
});

/** What is said in another way to whoever stands before the computer; keys as in `advice`. */
export const here = dictionary({
  "paired.not_paired": {
    vi: "Gọi trung tâm để lấy địa chỉ và mã ghép, rồi nhập vào đây.",
    en: "Call the centre for its address and a code, and enter them here.",
  },
  "speaker.not_tried": { vi: "Bấm «Thử loa».", en: "Press “Try the loudspeaker”." },
  "phone.not_tried": {
    vi: "Quét mã QR bằng điện thoại cùng Wi-Fi.",
    en: "Scan the QR code with a phone on the same Wi-Fi.",
  },
  not_looked: { vi: "Đợi vài giây: máy đang tự kiểm tra.", en: "Wait some seconds: it is being looked at." },
});

export const steps = dictionary({
  pair: { vi: "Ghép máy", en: "Pairing" },
  line: { vi: "Đường mạng", en: "Line" },
  camera: { vi: "Máy ảnh", en: "Camera" },
  sound: { vi: "Loa và micrô", en: "Sound" },
  screen: { vi: "Màn hình lớn", en: "Big screen" },
  phone: { vi: "Điện thoại", en: "Phone" },
  computer: { vi: "Máy tính", en: "Computer" },
  paper: { vi: "Đề thi thử", en: "Exam paper" },
  done: { vi: "Tổng kết", en: "Overview" },
});

/** What a person does in each step, in one or two sentences. */
export const tasks = dictionary({
  pair: {
    vi: "Nhập địa chỉ trung tâm và mã ghép. Chỉ làm một lần cho máy này.",
    en: "Enter the centre's address and the code. Once for this computer.",
  },
  line: {
    vi: "Cắm dây mạng vào máy. Dây tốt hơn Wi-Fi.",
    en: "Plug a network cable in. A cable is better than Wi-Fi.",
  },
  camera: {
    vi: "Đặt máy ảnh phía trước lớp, cao hơn đầu người, nhìn thấy mọi chỗ ngồi.",
    en: "Put the camera in front, above the heads, so that it sees every seat.",
  },
  sound: {
    vi: "Bật loa, bật micrô. Bấm thử: micrô phải nghe được tiếng từ loa.",
    en: "Switch loudspeaker and microphone on. Try: the one must hear the other.",
  },
  screen: {
    vi: "Bật máy chiếu hoặc ti-vi. Khi chưa có bài giảng, lúc kiểm tra màn hình lớn hiện hình thử trong vài giây: vạch sáng chạy trên nền xám, không có tiếng. Máy đếm số hình đã chiếu.",
    en: "Switch projector or television on. While no lecture plays, the check shows a test picture for a few seconds: a bright bar moving over grey, without sound. Its pictures are counted.",
  },
  phone: {
    vi: "Thí sinh làm bài bằng điện thoại qua mạng của phòng. Hãy thử một máy.",
    en: "Candidates sit the exam on phones in the room's network. Try one.",
  },
  computer: {
    vi: "Cắm sạc, đặt đúng giờ, chừa chỗ trên đĩa, khởi động lại trước ngày học.",
    en: "Plug in power, set the clock, leave room on the disk, restart before the day.",
  },
  paper: {
    vi: "Đề niêm phong tự tải về. Buổi thi thử cho biết máy này mở được đề.",
    en: "Sealed papers come by themselves. A rehearsal shows that this computer opens one.",
  },
  done: { vi: "Mọi thứ đã kiểm tra của phòng này.", en: "Everything that was checked in this room." },
});
