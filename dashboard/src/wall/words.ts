import { dictionary } from "../shared/i18n";

export const t = dictionary({
  wall: { vi: "Toàn cảnh", en: "Wall" },
  readiness: { vi: "Sẵn sàng", en: "Readiness" },
  console: { vi: "Điều hành", en: "Console" },
  lost: { vi: "MẤT KẾT NỐI VỚI TRUNG TÂM", en: "CONNECTION TO THE CENTRE LOST" },
  age: {
    vi: (seconds: string) => `Số liệu dưới đây cách đây ${seconds}. Đang nối lại…`,
    en: (seconds: string) => `The figures below are ${seconds} old. Reconnecting…`,
  },
  opening: { vi: "Đang nối với trung tâm…", en: "Connecting to the centre…" },
  noneFits: { vi: "Không có điểm cầu nào khớp với bộ lọc.", en: "No site fits the filter." },
  find: { vi: "Tìm tên, mã, người phụ trách…", en: "Find a name, code, contact…" },
  allDistricts: { vi: "Mọi địa bàn", en: "All districts" },
  allLevels: { vi: "Mọi cấp học", en: "All levels" },
  grouped: { vi: "Xếp theo", en: "Grouped by" },
  by_auto: { vi: "Tự xếp", en: "By itself" },
  by_district: { vi: "Theo địa bàn", en: "By district" },
  by_level: { vi: "Theo cấp học", en: "By level" },
  by_state: { vi: "Theo trạng thái", en: "By state" },
  by_none: { vi: "Không chia nhóm", en: "Ungrouped" },
  found: { vi: (n: number) => `${n} điểm cầu`, en: (n: number) => `${n} sites` },
  showAll: { vi: "Bỏ lọc", en: "Show all" },
  missed: {
    vi: (n: number) => `${n} nơi khác cần xử lý`,
    en: (n: number) => `${n} others in trouble`,
  },
  inTrouble: { vi: (n: number) => `${n} điểm cầu cần xử lý`, en: (n: number) => `${n} sites in trouble` },
  noTrouble: { vi: "Không có điểm cầu nào cần xử lý", en: "No site in trouble" },
  moreTrouble: { vi: (n: number) => `và ${n} điểm cầu nữa`, en: (n: number) => `and ${n} more` },
  noDistrict: { vi: "Chưa xếp địa bàn", en: "No district" },
  sceneAll: { vi: "Toàn tỉnh", en: "Whole province" },
  sceneTrouble: { vi: "Điểm cầu cần xử lý", en: "Sites in trouble" },
  soundOn: { vi: "Chuông bật", en: "Sound on" },
  soundOff: { vi: "Chuông tắt", en: "Sound off" },
  only: { vi: (word: string) => `Chỉ xem: ${word}`, en: (word: string) => `Only: ${word}` },
  noSites: { vi: "Chưa có điểm cầu nào.", en: "No sites yet." },
  sites: { vi: "điểm cầu", en: "sites" },
  online: { vi: "Trực tuyến", en: "Online" },
  late: { vi: "Chậm tin", en: "Late" },
  silent: { vi: "Mất tin", en: "Silent" },
  unknown: { vi: "Không rõ", en: "Unknown" },
  never: { vi: "Chưa nối", en: "Never seen" },
  revoked: { vi: "Thu hồi", en: "Revoked" },
  trouble: { vi: "Cần xử lý", en: "In trouble" },
  heads: { vi: "Có mặt (camera)", en: "Present (camera)" },
  declared: { vi: "Khai báo", en: "Declared" },
  declaredN: { vi: (n: number) => `khai ${n}`, en: (n: number) => `declared ${n}` },
  people: { vi: "người", en: "people" },
  notCounted: { vi: "chưa đếm", en: "not counted" },
  counting: { vi: "đang đếm…", en: "counting…" },
  districts: { vi: "Địa bàn", en: "Districts" },
  moreDistricts: { vi: (n: number) => `và ${n} địa bàn nữa`, en: (n: number) => `and ${n} more` },
  events: { vi: "Diễn biến", en: "Events" },
  noEvents: { vi: "Chưa có diễn biến.", en: "No events yet." },
  allEvents: { vi: "Xem tất cả", en: "See all" },
  noSession: { vi: "Không có buổi học nào", en: "No session" },
  onAir: { vi: "ĐANG PHÁT", en: "ON AIR" },
  offAir: { vi: "CHƯA CÓ HÌNH", en: "NO PICTURE" },
  watching: { vi: "phòng đang xem", en: "rooms watching" },
  hearing: { vi: "phòng nghe thấy", en: "rooms hearing" },
  noExam: { vi: "Không có bài thi nào", en: "No exam" },
  opensIn: { vi: "Mở đề sau", en: "Opens in" },
  remains: { vi: "Còn lại", en: "Remains" },
  ended: { vi: "Đã hết giờ", en: "Time is over" },
  opened: { vi: "đã mở", en: "opened" },
  openedLate: { vi: "mở muộn", en: "late" },
  notOpened: { vi: "chưa mở", en: "not opened" },
  signedIn: { vi: "vào thi", en: "signed in" },
  handedIn: { vi: "đã nộp", en: "handed in" },
  exam: { vi: "Thi", en: "Exam" },
  more: { vi: (n: number) => `+${n}`, en: (n: number) => `+${n}` },
});

export const sessionStates = dictionary({
  planned: { vi: "Đã xếp lịch", en: "Planned" },
  lobby: { vi: "Phòng chờ", en: "Lobby" },
  live: { vi: "Đang học", en: "Live" },
  break: { vi: "Giải lao", en: "Break" },
  ended: { vi: "Đã kết thúc", en: "Ended" },
  cancelled: { vi: "Đã huỷ", en: "Cancelled" },
});

export const examStates = dictionary({
  draft: { vi: "Nháp", en: "Draft" },
  sealed: { vi: "Đã niêm phong", en: "Sealed" },
  armed: { vi: "Sẵn sàng", en: "Armed" },
  released: { vi: "Đã phát khoá", en: "Key released" },
  open: { vi: "Đang thi", en: "Open" },
  closing: { vi: "Đang thu bài", en: "Collecting" },
  closed: { vi: "Đã đóng", en: "Closed" },
  marked: { vi: "Đã chấm", en: "Marked" },
  published: { vi: "Đã công bố", en: "Published" },
  cancelled: { vi: "Đã huỷ", en: "Cancelled" },
  missing: { vi: "Chưa có đề", en: "Paper missing" },
  sent: { vi: "Đã gửi đề", en: "Paper sent" },
  sign_in: { vi: "Đang nhận thí sinh", en: "Signing in" },
  ready: { vi: "Đã có đề", en: "Paper ready" },
});

/** Why a tile is in trouble: the words of the centre's judge, and what a person does about it. */
export const reasons = dictionary({
  late: { vi: "Tin về chậm", en: "Late heartbeats" },
  silent: { vi: "Mất tín hiệu, gọi điểm cầu", en: "No signal, call the site" },
  unknown: { vi: "Lâu không có tin, gọi điểm cầu", en: "Long silent, call the site" },
  never: { vi: "Máy chưa kết nối", en: "Computer never connected" },
  not_paired: { vi: "Máy chưa ghép nối", en: "Computer not paired" },
  revoked: { vi: "Đã thu hồi", en: "Revoked" },
  dark: { vi: "Không có bài giảng", en: "No lecture" },
  stalled: { vi: "Hình đứng", en: "Picture stalled" },
  no_sound: { vi: "Không nghe tiếng", en: "No sound" },
  not_counted: { vi: "Không đếm được người", en: "Could not count heads" },
  count_low: { vi: "Vắng nhiều", en: "Many absent" },
  disk: { vi: "Sắp hết đĩa", en: "Disk nearly full" },
  camera: { vi: "Camera hỏng hoặc bị che", en: "Camera failed or covered" },
  outbox: { vi: "Số liệu ứ lại, chưa gửi về được", en: "Records pile up unsent" },
  not_ready: { vi: "Kiểm tra sẵn sàng chưa đạt", en: "Not ready by its last check" },
  clock_blind: { vi: "Đồng hồ chưa chỉnh được", en: "Clock not set" },
  clock_loose: { vi: "Đồng hồ chưa chắc", en: "Clock uncertain" },
  exam_not_open: { vi: "Chưa mở được đề", en: "Exam has not opened" },
  exam_missing: { vi: "Chưa có đề thi", en: "Paper has not arrived" },
});

/** Why a camera gave no number. */
export const countReasons = dictionary({
  no_model: { vi: "thiếu mô hình đếm", en: "no counting model" },
  no_picture: { vi: "camera không có hình", en: "no picture" },
  unreadable: { vi: "ảnh hỏng", en: "unreadable picture" },
  dark: { vi: "phòng tối quá", en: "room too dark" },
  covered: { vi: "camera bị che", en: "camera covered" },
  partly_covered: { vi: "camera bị che một phần", en: "camera partly covered" },
  blurred: { vi: "hình mờ", en: "picture blurred" },
  frozen: { vi: "hình đứng", en: "picture frozen" },
  not_sworn: { vi: "không khớp chữ ký của phòng", en: "not what the room signed" },
});

export const cameraStates = dictionary({
  working: { vi: "Tốt", en: "Working" },
  covered: { vi: "Bị che", en: "Covered" },
  failed: { vi: "Hỏng", en: "Failed" },
  absent: { vi: "Không có", en: "Absent" },
});

export const levels = dictionary({
  mam_non: { vi: "Mầm non", en: "Kindergarten" },
  tieu_hoc: { vi: "Tiểu học", en: "Primary" },
  thcs: { vi: "THCS", en: "Lower secondary" },
  thpt_gdtx: { vi: "THPT – GDTX", en: "Upper secondary" },
});

export const streamStates = dictionary({
  playing: { vi: "Đang chiếu", en: "Playing" },
  stalled: { vi: "Hình đứng", en: "Stalled" },
  dark: { vi: "Không có hình", en: "Dark" },
  idle: { vi: "Chờ", en: "Idle" },
  none: { vi: "Không chiếu", en: "None" },
});

export const clockStates = dictionary({
  synced: { vi: "Đúng giờ", en: "Synced" },
  loose: { vi: "Chưa chắc", en: "Loose" },
  blind: { vi: "Chưa chỉnh", en: "Blind" },
});
