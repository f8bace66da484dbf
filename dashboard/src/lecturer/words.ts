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
  connecting: { vi: "Đang nối tới trung tâm…", en: "Connecting to the centre…" },
  on: { vi: "ĐANG PHÁT", en: "ON AIR" },
  retrying: {
    vi: (n: number) => `Đường truyền bị ngắt. Đang tự nối lại (lần ${n})… Xin thầy/cô chờ.`,
    en: (n: number) => `The line broke. Reconnecting by itself (try ${n})… please wait.`,
  },
  nobody: { vi: "KHÔNG PHÒNG NÀO NGHE THẤY THẦY/CÔ", en: "NO ROOM HEARS YOU" },
  nobodyHelp: {
    vi: "Kiểm tra micro bên dưới. Nếu vạch tiếng vẫn nhảy, hãy gọi người điều hành.",
    en: "Check the microphone below. If its meter moves, call the operator.",
  },
  mutedNow: { vi: "MICRO ĐANG TẮT", en: "MICROPHONE IS OFF" },
  watching: { vi: "phòng đang xem", en: "rooms watching" },
  hearing: { vi: "phòng nghe thấy", en: "rooms hearing" },
  camera: { vi: "1. Máy quay", en: "1. Camera" },
  microphone: { vi: "2. Micro", en: "2. Microphone" },
  speak: {
    vi: "Nói thử: vạch xanh phải nhảy theo tiếng nói.",
    en: "Say something: the green bar must move.",
  },
  share: { vi: "3. Trình chiếu", en: "3. Slides" },
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
  failed: { vi: "Không mở được thiết bị.", en: "The device did not open." },
});
