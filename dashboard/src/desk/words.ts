import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Bàn điểm cầu", en: "Site desk" },
  openScreen: { vi: "Mở màn hình lớn", en: "Open the big screen" },
  guide: { vi: "Chuẩn bị phòng", en: "Get the room ready" },
  invigilate: { vi: "Giám thị (Ctrl + Alt + G)", en: "Invigilator (Ctrl + Alt + G)" },
  agentGone: {
    vi: "Chương trình Điểm cầu trên máy này đã dừng. Đang thử lại.",
    en: "The Diem Cau program on this computer has stopped. Trying again.",
  },
  line: { vi: "Đường truyền", en: "Line" },
  clock: { vi: "Đồng hồ", en: "Clock" },
  lecture: { vi: "Bài giảng", en: "Lecture" },
  exam: { vi: "Bài kiểm tra", en: "Exam" },
  bound: {
    vi: (ms: string) => `lệch không quá ${ms} ms`,
    en: (ms: string) => `off by at most ${ms} ms`,
  },
  picture: {
    vi: (fps: string, size: string) => `${fps} hình/giây · ${size}`,
    en: (fps: string, size: string) => `${fps} frames/s · ${size}`,
  },
  level: { vi: (level: string) => `tiếng: ${level}`, en: (level: string) => `sound: ${level}` },
  noLevel: { vi: "không có tiếng", en: "no sound" },
  noLecture: { vi: "Chưa có bài giảng", en: "No lecture now" },
  noExam: { vi: "Chưa có bài kiểm tra", en: "No exam" },
  startsAt: { vi: (time: string) => `bắt đầu lúc ${time}`, en: (time: string) => `starts at ${time}` },
  address: { vi: "Thí sinh mở địa chỉ", en: "Candidates open" },
  hotline: { vi: "Hỗ trợ", en: "Hotline" },
});

export const links = dictionary({
  up: { vi: "Đã kết nối", en: "Connected" },
  down: { vi: "Mất kết nối", en: "Disconnected" },
  never: { vi: "Đang kết nối", en: "Connecting" },
});

export const clocks = dictionary({
  synced: { vi: "Chính xác", en: "Exact" },
  loose: { vi: "Tạm được", en: "Loose" },
  blind: { vi: "Chưa biết giờ trung tâm", en: "Centre time unknown" },
});

export const pictures = dictionary({
  playing: { vi: "Đang chiếu", en: "Playing" },
  stalled: { vi: "Bị dừng", en: "Stalled" },
  dark: { vi: "Chưa có hình", en: "Dark" },
  idle: { vi: "Đang chờ", en: "Waiting" },
});

export const exams = dictionary({
  missing: { vi: "Chưa nhận đề", en: "Paper not here yet" },
  ready: { vi: "Đã có đề (niêm phong)", en: "Paper here, sealed" },
  sign_in: { vi: "Đang nhận thí sinh", en: "Signing in" },
  released: { vi: "Sắp mở đề", en: "About to open" },
  open: { vi: "Đang làm bài", en: "Open" },
  closed: { vi: "Đã kết thúc", en: "Closed" },
  cancelled: { vi: "Đã hủy", en: "Cancelled" },
});
