import { dictionary } from "../../shared/i18n";

export const w = dictionary({
  title: { vi: "Điểm danh", en: "Attendance" },
  choose: { vi: "Chọn buổi học để điểm danh và đối chiếu số người.", en: "Choose a session." },
  none: { vi: "Chưa có buổi học nào.", en: "No sessions yet." },
  back: { vi: "← Các buổi học", en: "← Sessions" },
  noRoll: { vi: "Chưa điểm danh lần nào trong buổi này.", en: "No roll call in this session yet." },
  now: { vi: "Điểm danh ngay", en: "Roll call now" },
  nowMeans: {
    vi: (n: number) => `Camera của ${n} phòng học sẽ đếm sau 3 giây nữa.`,
    en: (n: number) => `The cameras of ${n} rooms count in 3 seconds.`,
  },
  numbers: { vi: "Bốn con số", en: "Four numbers" },
  plan: { vi: "Kế hoạch", en: "Plan" },
  pictures: { vi: "Xem ảnh", en: "Pictures" },
  presence: { vi: "Hiện diện", en: "Presence" },
  proof: { vi: "Kiểm chứng", en: "Proof" },
  workbook: { vi: "Báo cáo buổi học (XLSX)", en: "Session's report (XLSX)" },
  expected: { vi: "Dự kiến", en: "Expected" },
  camera: { vi: "Camera", en: "Camera" },
  declared: { vi: "Khai báo", en: "Declared" },
  signedIn: { vi: "Ký tên", en: "Signed in" },
  difference: { vi: "Lệch", en: "Diff." },
  stands: { vi: "Số chốt", en: "Stands" },
  answered: {
    vi: (n: number, of: number) => `${n}/${of} phòng đã trả lời`,
    en: (n: number, of: number) => `${n}/${of} rooms answered`,
  },
  open: { vi: (n: number) => `${n} phòng còn lệch`, en: (n: number) => `${n} rooms differ` },
  noneOpen: { vi: "Không phòng nào còn lệch", en: "No room differs" },
  tolerance: { vi: (n: number) => `cho lệch ${n} người`, en: (n: number) => `${n} people tolerated` },
  district: { vi: "Địa bàn", en: "District" },
  all: { vi: "Tất cả", en: "All" },
  search: { vi: "Tìm mã, tên, người phụ trách", en: "Find a code, name, person" },
  order: { vi: "Xếp theo", en: "Order" },
  show: { vi: "Hiện", en: "Show" },
  empty: { vi: "Không có phòng nào như vậy.", en: "No such room." },
  signedBy: { vi: (who: string) => `${who} ký`, en: (who: string) => `signed by ${who}` },
  byPhone: { vi: "qua điện thoại", en: "by telephone" },
  bySite: { vi: "chưa ký", en: "unsigned" },
  countedLate: {
    vi: (time: string) => `đếm muộn, lúc ${time}`,
    en: (time: string) => `counted late, at ${time}`,
  },
  unverified: {
    vi: "không khớp chữ ký của phòng, không tính",
    en: "not what the room signed: does not count",
  },
  roster: { vi: "đánh dấu ở trung tâm", en: "ticked at the centre" },
  list: {
    vi: (time: string) => `danh sách của phòng, ${time}`,
    en: (time: string) => `the room's list, ${time}`,
  },
  exam: { vi: "vào phòng thi", en: "at the exam" },
  listed: {
    vi: (n: number) => `${n} người đã ký danh sách`,
    en: (n: number) => `${n} people signed the list`,
  },
  edit: { vi: "Mở", en: "Open" },
  keepUntil: { vi: (day: string) => `ảnh lưu đến ${day}`, en: (day: string) => `pictures kept until ${day}` },
  rooms: { vi: (n: number) => `${n} phòng`, en: (n: number) => `${n} rooms` },
});

export const states = dictionary({
  waiting: { vi: "Đang chờ", en: "Waiting" },
  silent: { vi: "Không trả lời", en: "No answer" },
  agreed: { vi: "Khớp", en: "Agrees" },
  asked: { vi: "Lệch · đã hỏi", en: "Differs · asked" },
  explained: { vi: "Lệch · đã giải thích", en: "Differs · explained" },
  corrected: { vi: "Đã sửa", en: "Corrected" },
});

export const kinds = dictionary({
  order: { vi: "theo lệnh", en: "on order" },
  start: { vi: "đầu buổi", en: "at the start" },
  after_break: { vi: "sau giải lao", en: "after a break" },
  random: { vi: "ngẫu nhiên", en: "at random" },
});

export const shows = dictionary({
  all: { vi: "Tất cả phòng", en: "All rooms" },
  open: { vi: "Còn lệch", en: "Still differing" },
  unanswered: { vi: "Chưa trả lời", en: "Not answered" },
  late: { vi: "Đếm muộn", en: "Counted late" },
  corrected: { vi: "Đã sửa", en: "Corrected" },
});

export const orders = dictionary({
  difference: { vi: "Lệch nhiều trước", en: "Largest difference" },
  district: { vi: "Địa bàn", en: "District" },
  code: { vi: "Mã điểm cầu", en: "Code" },
});
