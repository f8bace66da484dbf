import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Giảng viên", en: "Lecturer" },
  mine: { vi: "Buổi học của thầy/cô", en: "Your sessions" },
  none: { vi: "Chưa có buổi học nào được xếp cho thầy/cô.", en: "No session is planned for you yet." },
  enter: { vi: "Vào buổi học", en: "Open" },
  back: { vi: "Các buổi học", en: "All sessions" },
  rooms: { vi: (n: number) => `${n} điểm cầu`, en: (n: number) => `${n} sites` },
  goOnAir: { vi: "LÊN SÓNG", en: "GO ON AIR" },
  stop: { vi: "DỪNG", en: "STOP" },
  off: { vi: "Chưa phát. Các phòng chưa thấy thầy/cô.", en: "Not on air. The rooms do not see you." },
  elsewhere: {
    vi: "Buổi học này đang được phát từ một máy khác.",
    en: "This session is on air from another computer.",
  },
  taken: {
    vi: "Một máy khác vừa phát thay ở vị trí này, nên trang này đã thôi phát. Muốn phát lại từ máy này, hãy bấm nút bên dưới.",
    en: "Another computer took this place, so this page has stopped sending. To send from here again, press below.",
  },
  connecting: { vi: "Đang nối tới trung tâm…", en: "Connecting to the centre…" },
  on: { vi: "ĐANG PHÁT", en: "ON AIR" },
  retrying: {
    vi: (n: number) => `Đường truyền bị ngắt. Đang tự nối lại (lần ${n})… Xin thầy/cô chờ.`,
    en: (n: number) => `The line broke. Reconnecting by itself (try ${n})… please wait.`,
  },
  nobody: { vi: "KHÔNG PHÒNG NÀO NGHE THẤY THẦY/CÔ", en: "NO ROOM HEARS YOU" },
  nobodyHelp: {
    vi: "Kiểm tra micro (mục 2). Nếu vạch tiếng vẫn nhảy, hãy gọi người điều hành.",
    en: "Check the microphone (number 2). If its meter moves, call the operator.",
  },
  deadHelp: {
    vi: "Micro không có tiếng: xem lại dây cắm và nút tắt tiếng trên micro, hoặc chọn micro khác.",
    en: "No sound comes from the microphone: check its cable and its mute switch, or choose another one.",
  },
  otherMicrophone: { vi: "Chọn micro khác", en: "Choose another microphone" },
  rightMicrophone: { vi: "Micro này có đúng không?", en: "Is this the right microphone?" },
  rightHelp: {
    vi: "Từ lâu chưa nghe rõ tiếng nói. Nói thử một câu; nếu câu hỏi này không mất, hãy chọn micro khác.",
    en: "No clear voice has come for a while. Say something; if this question stays, choose another one.",
  },
  mutedNow: { vi: "MICRO ĐANG TẮT", en: "MICROPHONE IS OFF" },
  notIn: { vi: "Chưa vào được buổi học", en: "You are not in the session" },
  assistant: { vi: "Trợ giảng: chuyển trang trình chiếu", en: "Assistant: turns the slides" },
  tryAgain: { vi: "Thử lại", en: "Try again" },
  withPassword: { vi: "Đăng nhập bằng mật khẩu", en: "Sign in with a password" },
  audience: { vi: "Các phòng", en: "The rooms" },
  troubles: {
    vi: (n: number) => `${n} phòng đang gặp khó`,
    en: (n: number) => (n === 1 ? "1 room in trouble" : `${n} rooms in trouble`),
  },
  more: { vi: (n: number) => `và ${n} phòng khác`, en: (n: number) => `and ${n} more` },
  goOn: {
    vi: "Người điều hành đang lo các phòng này. Thầy/cô cứ giảng tiếp.",
    en: "The operators look after these rooms. Please go on.",
  },
  line: { vi: "Đường truyền của thầy/cô", en: "Your line" },
  lineFigures: {
    vi: (rtt: number, lost: string, kbps: number) => `Trễ ${rtt} ms · mất ${lost} % · gửi ${kbps} kbit/s.`,
    en: (rtt: number, lost: string, kbps: number) =>
      `Round trip ${rtt} ms · lost ${lost} % · sending ${kbps} kbit/s.`,
  },
  limitedLine: {
    vi: "Đường lên yếu: hình tự giảm nét, tiếng vẫn giữ.",
    en: "The line up is weak: the picture is coarser, the sound stays.",
  },
  limitedCpu: {
    vi: "Máy tính đang quá tải: hãy đóng bớt chương trình.",
    en: "This computer is overloaded: close other programs.",
  },
  left: { vi: (n: number) => `Còn ${n} phút`, en: (n: number) => `${n} min left` },
  late: { vi: (n: number) => `Quá giờ ${n} phút`, en: (n: number) => `${n} min over` },
  notYet: { vi: (time: string) => `Bắt đầu lúc ${time}`, en: (time: string) => `Starts at ${time}` },
  hotline: { vi: "Cần giúp, gọi", en: "For help, call" },
  watching: { vi: "phòng đang xem", en: "rooms watching" },
  hearing: { vi: "phòng nghe thấy", en: "rooms hearing" },
  eachRoom: { vi: "Xem từng phòng", en: "See each room" },
  roomsFollow: {
    vi: (n: number, all: number) => `${n}/${all} phòng đang xem`,
    en: (n: number, all: number) => `${n}/${all} rooms watching`,
  },
  seesAndHears: { vi: "đang xem và nghe", en: "sees and hears" },
  sees: { vi: "đang xem", en: "sees" },
  byPhone: { vi: "nghe qua điện thoại", en: "by telephone" },
  programme: { vi: "Các phòng đang thấy", en: "The rooms see" },
  yourPicture: { vi: "hình của thầy/cô", en: "your picture" },
  showPicture: { vi: "Xem hình ở các phòng", en: "Show the rooms' picture" },
  hidePicture: { vi: "Thôi xem", en: "Hide it" },
  camera: { vi: "1. Máy quay", en: "1. Camera" },
  microphone: { vi: "2. Micro", en: "2. Microphone" },
  speak: {
    vi: "Nói thử: vạch xanh phải nhảy theo tiếng nói.",
    en: "Say something: the green bar must move.",
  },
  level: { vi: "Độ to của tiếng nói", en: "Loudness of your voice" },
  share: { vi: "3. Màn hình máy này", en: "3. This screen" },
  shareScreen: { vi: "Chiếu màn hình máy này", en: "Share this screen" },
  unshareScreen: { vi: "Thôi chiếu màn hình", en: "Stop sharing" },
  sharing: { vi: "Các phòng đang thấy màn hình của thầy/cô.", en: "The rooms see your screen." },
  mute: { vi: "Tắt micro", en: "Mute" },
  unmute: { vi: "Bật lại micro", en: "Unmute" },
  noDevice: { vi: "Không tìm thấy thiết bị", en: "No device found" },
  end: { vi: "Kết thúc buổi học", en: "End the session" },
  endAsk: {
    vi: "Kết thúc hẳn buổi học? Màn hình các phòng sẽ tắt bài giảng.",
    en: "End the session for good? The rooms' screens will stop showing it.",
  },
  over: { vi: "Buổi học này đã kết thúc.", en: "This session is over." },
  call: { vi: "Điểm danh", en: "Roll call" },
  called: { vi: "Camera các phòng đang đếm người.", en: "The rooms' cameras are counting." },
  insecureTitle: {
    vi: "Trình duyệt không cho mở máy quay ở địa chỉ này",
    en: "The browser gives no camera at this address",
  },
  insecure: {
    vi: (host: string) =>
      `Máy quay và micro chỉ mở được khi địa chỉ bắt đầu bằng https:// (ví dụ https://${host}), hoặc khi mở ngay trên máy chủ tại http://127.0.0.1. Hãy báo người quản trị bật chứng chỉ TLS cho trung tâm.`,
    en: (host: string) =>
      `A camera and a microphone open only at an address that begins with https:// (such as https://${host}), or on the server itself at http://127.0.0.1. Ask the administrator to give the centre a TLS certificate.`,
  },
});

export const faults = dictionary({
  insecure: { vi: "Địa chỉ này không an toàn.", en: "This address is not secure." },
  denied: {
    vi: "Trình duyệt đang chặn. Bấm vào biểu tượng ổ khoá cạnh địa chỉ, chọn Cho phép, rồi tải lại trang.",
    en: "The browser blocks it. Click the lock beside the address, choose Allow, and reload.",
  },
  missing: {
    vi: "Không tìm thấy thiết bị. Hãy cắm lại dây rồi chọn lại.",
    en: "No device found. Plug it in again and choose it.",
  },
  busy: {
    vi: "Thiết bị đang bị chương trình khác dùng (Zoom, Zalo…). Hãy đóng chương trình đó rồi chọn lại.",
    en: "Another program uses the device (Zoom, Zalo…). Close it and choose again.",
  },
  lost: {
    vi: "Thiết bị vừa bị rút hoặc mất kết nối. Hãy cắm lại dây: trang sẽ tự dùng lại.",
    en: "The device was unplugged. Plug it in again: the page takes it up by itself.",
  },
  failed: { vi: "Không mở được thiết bị.", en: "The device did not open." },
});

/** What a room lacks. */
export const lacks = dictionary({
  lost: { vi: "mất liên lạc", en: "no contact" },
  dark: { vi: "chưa có hình", en: "no picture" },
  stalled: { vi: "hình bị đứng", en: "picture stands" },
  silent: { vi: "không nghe thấy", en: "no sound" },
});

export const lineWords = dictionary({
  good: { vi: "Tốt", en: "Good" },
  weak: { vi: "Yếu", en: "Weak" },
  bad: { vi: "Kém", en: "Bad" },
});
