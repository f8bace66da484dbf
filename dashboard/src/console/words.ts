import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Điều hành", en: "Console" },
  sessions: { vi: "Buổi học", en: "Sessions" },
  attendance: { vi: "Điểm danh", en: "Attendance" },
  exams: { vi: "Thi", en: "Exams" },
  questions: { vi: "Câu hỏi", en: "Questions" },
  courses: { vi: "Bồi dưỡng", en: "Courses" },
  marking: { vi: "Chấm bài", en: "Marking" },
  alarms: { vi: "Sự cố", en: "Incidents" },
  sites: { vi: "Các điểm cầu", en: "Sites" },
  orders: { vi: "Lệnh", en: "Orders" },
  chats: { vi: "Trao đổi", en: "Chats" },
  people: { vi: "Tài khoản", en: "People" },
  audit: { vi: "Nhật ký", en: "Audit" },
  wall: { vi: "Toàn cảnh", en: "Wall" },
  readiness: { vi: "Sẵn sàng", en: "Readiness" },
  recordings: { vi: "Bản ghi", en: "Recordings" },
  nothing: {
    vi: "Vai trò của bạn không có việc gì ở trang này.",
    en: "Your role has nothing to do on this page.",
  },
  create: { vi: "Tạo", en: "Create" },
  back: { vi: "← Danh sách", en: "← List" },
  search: { vi: "Tìm", en: "Search" },
  all: { vi: "Tất cả", en: "All" },
  loading: { vi: "Đang tải…", en: "Loading…" },
  send: { vi: "Gửi", en: "Send" },
  name: { vi: "Tên", en: "Name" },
  code: { vi: "Mã", en: "Code" },
  site: { vi: "Điểm cầu", en: "Site" },
  state: { vi: "Trạng thái", en: "State" },
  time: { vi: "Thời gian", en: "Time" },
  begins: { vi: "Bắt đầu", en: "Begins" },
  ends: { vi: "Kết thúc", en: "Ends" },
  chooseSites: { vi: "Chọn điểm cầu", en: "Choose sites" },
  allSites: { vi: (n: number) => `Tất cả ${n} điểm cầu`, en: (n: number) => `All ${n} sites` },
  someSites: { vi: "Chỉ một số điểm cầu", en: "Only some sites" },
  chosen: { vi: (n: number) => `Đã chọn ${n}`, en: (n: number) => `${n} chosen` },
  rows: { vi: (n: number) => `${n} điểm cầu`, en: (n: number) => `${n} sites` },
});

export const sessionOrders = dictionary({
  open_lobby: { vi: "Mở phòng chờ", en: "Open the lobby" },
  go_live: { vi: "Bắt đầu học", en: "Go live" },
  take_break: { vi: "Giải lao", en: "Take a break" },
  resume: { vi: "Học tiếp", en: "Resume" },
  end: { vi: "Kết thúc", en: "End" },
  cancel: { vi: "Huỷ buổi học", en: "Cancel the session" },
});

export const examOrders = dictionary({
  seal: { vi: "Niêm phong và gửi đề", en: "Seal and send papers" },
  arm: { vi: "Sẵn sàng mở theo giờ", en: "Arm for the start" },
  mark: { vi: "Chấm bài", en: "Mark" },
  publish: { vi: "Công bố kết quả", en: "Publish results" },
  cancel: { vi: "Huỷ bài thi", en: "Cancel the exam" },
});

export const roles = dictionary({
  administrator: { vi: "Quản trị", en: "Administrator" },
  planner: { vi: "Kế hoạch", en: "Planner" },
  operator: { vi: "Trực kỹ thuật", en: "Operator" },
  lecturer: { vi: "Giảng viên", en: "Lecturer" },
  marker: { vi: "Người chấm", en: "Marker" },
  officer: { vi: "Cán bộ giữ mã", en: "Release officer" },
  viewer: { vi: "Chỉ xem", en: "Viewer" },
  television: { vi: "Màn hình treo tường", en: "Television" },
});
