import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Điều hành", en: "Console" },
  sessions: { vi: "Buổi học", en: "Sessions" },
  exams: { vi: "Thi", en: "Exams" },
  sites: { vi: "Các điểm cầu", en: "Sites" },
  people: { vi: "Tài khoản", en: "People" },
  audit: { vi: "Nhật ký", en: "Audit" },
  wall: { vi: "Toàn cảnh", en: "Wall" },
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
  arm: { vi: "Sẵn sàng mở theo giờ", en: "Arm for T0" },
  mark: { vi: "Chấm bài", en: "Mark" },
  publish: { vi: "Công bố kết quả", en: "Publish results" },
  cancel: { vi: "Huỷ bài thi", en: "Cancel the exam" },
});

/** What the audit trail names; `exam.…` also carries the states that come by time. */
export const deeds = dictionary({
  login: { vi: "Đăng nhập", en: "Signed in" },
  logout: { vi: "Thoát", en: "Signed out" },
  "login.refused": { vi: "Đăng nhập bị từ chối", en: "Sign-in refused" },
  "password.changed": { vi: "Đổi mật khẩu", en: "Changed the password" },
  "password.reset": { vi: "Cấp lại mật khẩu", en: "Gave a new password" },
  "person.created": { vi: "Tạo tài khoản", en: "Added a person" },
  "sites.imported": { vi: "Nhập điểm cầu, học viên", en: "Imported sites, participants" },
  "site.pairing_code": { vi: "Cấp mã ghép máy", en: "Gave a pairing code" },
  "site.paired": { vi: "Máy điểm cầu đã ghép", en: "Site's computer paired" },
  "site.revoked": { vi: "Thu hồi máy điểm cầu", en: "Revoked a site's computer" },
  "sessions.plan": { vi: "Xếp lịch buổi học", en: "Planned a session" },
  "sessions.conduct": { vi: "Ra lệnh buổi học", en: "Conducted a session" },
  "sessions.notice": { vi: "Gửi thông báo lên màn hình", en: "Sent a notice to the screens" },
  "rollcall.order": { vi: "Điểm danh", en: "Ordered a roll call" },
  "rollcall.declare": { vi: "Nhập số khai báo", en: "Entered a declared number" },
  "bank.imported": { vi: "Nhập câu hỏi", en: "Imported questions" },
  "exam.planned": { vi: "Tạo bài thi", en: "Planned an exam" },
  "exam.seal": { vi: "Niêm phong, gửi đề", en: "Sealed and sent papers" },
  "exam.arm": { vi: "Sẵn sàng mở theo giờ", en: "Armed the exam" },
  "exam.release": { vi: "Phát khoá", en: "Released the key" },
  "exam.open": { vi: "Mở đề", en: "Papers opened" },
  "exam.close": { vi: "Hết giờ, chờ bài về", en: "Time over, answers coming in" },
  "exam.finish": { vi: "Đủ bài, đóng bài thi", en: "All answers in, exam closed" },
  "exam.mark": { vi: "Chấm bài", en: "Marked" },
  "exam.publish": { vi: "Công bố kết quả", en: "Published the results" },
  "exam.cancel": { vi: "Huỷ bài thi", en: "Cancelled the exam" },
  "exam.vouchers": { vi: "Xem phiếu dự thi", en: "Opened the vouchers" },
});

export const roles = dictionary({
  administrator: { vi: "Quản trị", en: "Administrator" },
  planner: { vi: "Kế hoạch", en: "Planner" },
  operator: { vi: "Trực kỹ thuật", en: "Operator" },
  lecturer: { vi: "Giảng viên", en: "Lecturer" },
  viewer: { vi: "Chỉ xem", en: "Viewer" },
});
