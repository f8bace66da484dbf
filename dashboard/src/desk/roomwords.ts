import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Camera và vùng ghế ngồi", en: "Camera and seats" },
  hint: {
    vi: "Làm một lần cho mỗi phòng: vẽ vùng ghế, chụp ảnh chuẩn, đếm tay một lần để so với camera.",
    en: "Once for each room: draw the seats, take a reference picture, count once by hand.",
  },
  stays: {
    vi: "Hình ở đây chỉ hiện trên máy này.",
    en: "The pictures here are shown on this computer alone.",
  },
  open: { vi: "Mở hình và thiết lập", en: "Open the picture and set up" },
  close: { vi: "Đóng hình", en: "Close the picture" },
  live: { vi: "Hình trực tiếp của phòng", en: "The room now" },
  counted: { vi: "Hình của lần đếm thử", en: "The picture of the trial count" },
  noPicture: {
    vi: "Chưa có hình từ camera. Kiểm tra dây camera; đang tự thử lại.",
    en: "No picture from the camera. Check its cable; trying again.",
  },
  seats: { vi: "1. Vùng ghế ngồi", en: "1. Seats" },
  seatsHint: {
    vi: "Khoanh quanh chỗ mọi người ngồi; để ngoài ảnh treo tường, tivi và màn chiếu. Bấm vào hình để thêm góc, kéo góc để sửa. Bàn phím: Tab tới góc, phím mũi tên để dời, Enter để thêm góc, Delete để bỏ góc.",
    en: "Draw around where people sit; leave out portraits, televisions and the projection. Click the picture to add a corner, drag corners. Keyboard: Tab to a corner, arrow keys move it, Enter adds one, Delete removes it.",
  },
  noSeats: { vi: "Chưa vẽ: đếm cả hình", en: "Not drawn: the whole picture counts" },
  corners: { vi: (n: number) => `Đã vẽ ${n} góc`, en: (n: number) => `${n} corners drawn` },
  corner: {
    vi: (n: number, x: number, y: number) => `Góc ${n}: ngang ${x} %, dọc ${y} %`,
    en: (n: number, x: number, y: number) => `Corner ${n}: ${x} % across, ${y} % down`,
  },
  begin: { vi: "Bắt đầu từ khung có sẵn", en: "Start from a frame" },
  addCorner: { vi: "Thêm góc", en: "Add a corner" },
  clear: { vi: "Bỏ vùng, đếm cả hình", en: "No area: count the whole picture" },
  saveSeats: { vi: "Lưu vùng ghế", en: "Save the seats" },
  undo: { vi: "Hoàn lại", en: "Undo" },
  saved: { vi: "Đã lưu.", en: "Saved." },
  unsaved: { vi: "Vùng đang vẽ chưa lưu.", en: "What is drawn is not saved yet." },
  tooFew: { vi: "Cần ít nhất 3 góc.", en: "At least 3 corners are needed." },
  reference: { vi: "2. Ảnh chuẩn", en: "2. Reference picture" },
  referenceHint: {
    vi: "Chụp khi phòng sáng đèn, camera đã đặt xong. Từ đó máy biết khi ống kính bị che một phần, camera bị xoay hay xê dịch. Chỉ giữ bản xám trên máy này.",
    en: "Take it with the light on and the camera in place. From then on a partly covered lens and a camera that was turned or moved are noticed. Only a grey copy is kept, on this computer.",
  },
  take: { vi: "Chụp ảnh chuẩn", en: "Take the reference" },
  takeAgain: { vi: "Chụp lại ảnh chuẩn", en: "Take it again" },
  forget: { vi: "Bỏ ảnh chuẩn", en: "Forget it" },
  noReference: { vi: "Chưa chụp", en: "Not taken" },
  referenced: { vi: (when: string) => `Đã chụp ${when}`, en: (when: string) => `Taken ${when}` },
  trial: { vi: "3. Đếm thử và đếm tay", en: "3. Trial count and count by hand" },
  trialHint: {
    vi: "Đếm thử mất khoảng 6 giây. Sau đó đếm số người bằng mắt và nhập vào: tỉ lệ được ghi cạnh mỗi lần đếm sau.",
    en: "A trial takes about 6 seconds. Then count the people yourself and enter the number: the ratio stands beside every later count.",
  },
  count: { vi: "Đếm thử", en: "Trial count" },
  counting: { vi: "Đang đếm…", en: "Counting…" },
  found: {
    vi: (n: number) => `Thấy ít nhất ${n} người`,
    en: (n: number) => `At least ${n} people seen`,
  },
  quality: {
    vi: (share: number, low: number, high: number, ms: string) =>
      `chất lượng ${share} % · từng hình ${low}–${high} người · ${ms} giây`,
    en: (share: number, low: number, high: number, ms: string) =>
      `quality ${share} % · single pictures ${low}–${high} people · ${ms} s`,
  },
  byRatio: {
    vi: (n: number) => `Theo lần đếm tay: khoảng ${n} người`,
    en: (n: number) => `By the count by hand: about ${n} people`,
  },
  still: {
    vi: (n: number) =>
      `${n} chỗ không hề cử động (viền cam): nếu là ảnh treo hay màn hình, hãy vẽ vùng ghế né ra.`,
    en: (n: number) =>
      `${n} places never moved (orange): if they are portraits or screens, draw the seats around them.`,
  },
  byHand: { vi: "Số người đếm bằng mắt lúc này", en: "People counted by eye now" },
  compare: { vi: "So với camera", en: "Compare with the camera" },
  noHand: { vi: "Chưa đếm tay", en: "Not counted by hand" },
  ratio: {
    vi: (hand: number, camera: number, ratio: string, when: string) =>
      `Đếm tay ${hand}, camera ${camera}: tỉ lệ ${ratio} (${when})`,
    en: (hand: number, camera: number, ratio: string, when: string) =>
      `By hand ${hand}, by camera ${camera}: ratio ${ratio} (${when})`,
  },
  wrong: { vi: "Nhập một số nguyên từ 1 đến 10000.", en: "Enter a whole number from 1 to 10000." },
  failed: { vi: "Chưa làm được, hãy thử lại.", en: "Not done, try again." },
  backToLive: { vi: "Xem hình trực tiếp", en: "Show the room now" },
});

export const reasons = dictionary({
  no_model: { vi: "Không đếm được: thiếu mô hình", en: "Cannot count: the model is missing" },
  no_picture: { vi: "Không có hình từ camera", en: "No picture from the camera" },
  unreadable: { vi: "Hình không đọc được", en: "The picture cannot be read" },
  dark: { vi: "Quá tối: hãy bật đèn", en: "Too dark: switch on the light" },
  covered: { vi: "Ống kính bị che", en: "The lens is covered" },
  partly_covered: { vi: "Một phần ống kính bị che", en: "Part of the lens is covered" },
  blurred: { vi: "Hình bị nhòe: lau ống kính, chỉnh nét", en: "Blurred: wipe the lens, focus" },
  frozen: { vi: "Hình đứng yên: cắm lại camera", en: "Frozen: plug the camera in again" },
});

export const cameras = dictionary({
  working: { vi: "Camera hoạt động", en: "Camera working" },
  covered: { vi: "Ống kính bị che hoặc quá tối", en: "Lens covered or too dark" },
  failed: { vi: "Camera không cho hình", en: "The camera gives no picture" },
  absent: { vi: "Chưa thấy camera", en: "No camera found" },
});
