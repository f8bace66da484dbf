import { dictionary } from "../shared/i18n";

export const kinds = dictionary({
  notice: { vi: "Thông báo lên màn hình", en: "Notice on the big screen" },
  roll_call: { vi: "Điểm danh", en: "Roll call" },
  restart_screen: { vi: "Khởi động lại màn hình", en: "Restart the screen" },
  restart_agent: { vi: "Khởi động lại chương trình", en: "Restart the agent" },
  collect_logs: { vi: "Lấy nhật ký máy", en: "Collect logs" },
});

export const meanings = dictionary({
  notice: {
    vi: "Một dòng chữ hiện trên màn hình lớn cho đến khi hết giờ.",
    en: "A line stands on the big screen until its time is over.",
  },
  roll_call: {
    vi: "Camera đếm người ngay. Chỉ phòng đang có buổi học mới đếm.",
    en: "The camera counts people now. Only rooms with a session on can count.",
  },
  restart_screen: {
    vi: "Màn hình lớn tắt rồi mở lại, mất hình khoảng 10 giây.",
    en: "The big screen closes and opens again; about 10 s without a picture.",
  },
  restart_agent: {
    vi: "Chương trình Điểm cầu tắt rồi tự mở lại, khoảng 20 giây. Máy từ chối khi đang thi hoặc sắp thi.",
    en: "The agent ends and starts again by itself, about 20 s. A site refuses while an exam is on or near.",
  },
  collect_logs: {
    vi: "Máy gửi nhật ký kỹ thuật về trung tâm: không có họ tên, không có hình. Giữ 30 ngày.",
    en: "The computer sends its technical log: no names, no pictures. Kept for 30 days.",
  },
});

export const states = dictionary({
  held: { vi: "Chưa gửi", en: "Held back" },
  waiting: { vi: "Chờ kết nối", en: "Away, waiting" },
  sent: { vi: "Đã gửi", en: "Sent" },
  taken: { vi: "Đã nhận", en: "Received" },
  done: { vi: "Đã làm", en: "Done" },
  failed: { vi: "Không làm được", en: "Failed" },
  expired: { vi: "Hết hiệu lực", en: "Expired" },
  unsupported: { vi: "Máy bản cũ", en: "Older agent" },
  undone: { vi: "Đã huỷ", en: "Taken back" },
});

export const reasons = dictionary({
  away: { vi: "không kết nối trong lúc lệnh còn hiệu lực", en: "never linked while it was good" },
  no_answer: { vi: "đã gửi nhưng không trả lời", en: "sent, but no answer" },
  late: { vi: "lệnh đến quá muộn", en: "it came too late" },
  old_agent: { vi: "cần cập nhật chương trình tại điểm cầu", en: "the site's agent needs an update" },
  exam_open: { vi: "đang thi", en: "an exam is on" },
  exam_soon: { vi: "sắp thi (dưới 15 phút)", en: "an exam begins within 15 min" },
  screen_silent: {
    vi: "màn hình không mở lại được trong 30 giây",
    en: "the screen did not come back in 30 s",
  },
  refused: { vi: "buổi học không nhận điểm danh", en: "the session refused a roll call" },
  no_session: { vi: "phòng không có buổi học", en: "no session is on in the room" },
  withdrawn: { vi: "người ra lệnh đã thôi", en: "withdrawn" },
  undone: { vi: "hoàn tác trong 5 giây", en: "undone within 5 s" },
  timeout: { vi: "quá 2 phút chưa xong", en: "not done in 2 min" },
  fault: { vi: "lỗi tại máy điểm cầu", en: "a fault at the site" },
  dark: { vi: "camera tối", en: "the camera is dark" },
  covered: { vi: "camera bị che", en: "the camera is covered" },
  no_camera: { vi: "không có camera", en: "no camera" },
});

export const t = dictionary({
  orders: { vi: "Lệnh", en: "Orders" },
  give: { vi: "Ra lệnh", en: "Give an order" },
  giveTo: { vi: (n: number) => `Ra lệnh (${n})`, en: (n: number) => `Order (${n})` },
  to: { vi: (n: number) => `Gửi tới ${n} điểm cầu`, en: (n: number) => `To ${n} sites` },
  away: {
    vi: (n: number) => `${n} đang mất kết nối: sẽ được gửi khi kết nối lại, nếu lệnh còn hiệu lực.`,
    en: (n: number) => `${n} are away: told when they link again, while the order is good.`,
  },
  which: { vi: "Lệnh nào", en: "Which order" },
  text: { vi: "Nội dung (tiếng Việt)", en: "Text (Vietnamese)" },
  textEn: { vi: "Nội dung (tiếng Anh), không bắt buộc", en: "Text (English), optional" },
  good: { vi: "Hiệu lực", en: "Good for" },
  shown: { vi: "Hiện trong", en: "Shown for" },
  minutes: { vi: (n: number) => `${n} phút`, en: (n: number) => `${n} min` },
  hours: { vi: (n: number) => `${n} giờ`, en: (n: number) => `${n} h` },
  forced: {
    vi: "Làm cả khi đang thi hoặc sắp thi",
    en: "Even while an exam is on or near",
  },
  send: { vi: (n: number) => `Gửi tới ${n} điểm cầu`, en: (n: number) => `Send to ${n} sites` },
  sendOne: { vi: "Gửi", en: "Send" },
  undoable: { vi: "Có 5 giây để hoàn tác sau khi bấm.", en: "It can be undone for 5 s after the click." },
  leaves: { vi: (s: number) => `Gửi đi sau ${s} giây`, en: (s: number) => `Leaves in ${s} s` },
  undo: { vi: "Hoàn tác", en: "Undo" },
  undone: { vi: "Đã hoàn tác, không điểm cầu nào nhận lệnh.", en: "Undone; no site was told." },
  left: { vi: "Đã gửi.", en: "Sent." },
  follow: { vi: "Xem ai đã trả lời", en: "See who has answered" },
  withdraw: { vi: "Thôi lệnh này", en: "Withdraw it" },
  withdrawSure: { vi: "Thôi lệnh này?", en: "Withdraw this order?" },
  withdrawMeans: {
    vi: "Những điểm cầu chưa kết nối sẽ không nhận lệnh nữa. Thông báo đang hiện sẽ được gỡ khỏi màn hình.",
    en: "Sites that are away are not told any more. A notice leaves the big screens.",
  },
  none: { vi: "Chưa có lệnh nào.", en: "No orders yet." },
  when: { vi: "Lúc", en: "When" },
  by: { vi: "Người ra lệnh", en: "By" },
  scope: { vi: "Phạm vi", en: "To whom" },
  answered: { vi: "Đã trả lời", en: "Answered" },
  open: { vi: "Chưa trả lời", en: "Not yet" },
  over: { vi: "Hết hiệu lực lúc", en: "Good until" },
  received: { vi: "Nhận lúc", en: "Received" },
  ended: { vi: "Kết quả lúc", en: "Ended" },
  times: { vi: "Số lần gửi", en: "Times sent" },
  log: { vi: "Nhật ký", en: "Log" },
  download: { vi: (kb: number) => `Tải về (${kb} KB)`, en: (kb: number) => `Download (${kb} KB)` },
  district: { vi: "Huyện, thành phố", en: "District" },
  level: { vi: "Cấp học", en: "Level" },
  session: { vi: "Các điểm cầu của buổi học", en: "Sites of a session" },
  everybody: { vi: "Tất cả", en: "All" },
  back: { vi: "← Danh sách", en: "← List" },
  loading: { vi: "Đang tải…", en: "Loading…" },
  withdrawn: { vi: "đã thôi", en: "withdrawn" },
});

export const c = dictionary({
  chats: { vi: "Trao đổi", en: "Chats" },
  chat: { vi: "Trao đổi với điểm cầu", en: "Chat with the site" },
  none: { vi: "Không có cuộc trao đổi nào đang mở.", en: "No open conversation." },
  choose: { vi: "Chọn một cuộc trao đổi.", en: "Choose a conversation." },
  nothing: { vi: "Chưa có tin nào.", en: "Nothing was said yet." },
  write: { vi: "Viết cho bàn điểm cầu", en: "Write to the site's desk" },
  send: { vi: "Gửi", en: "Send" },
  finish: { vi: "Xong", en: "Finished" },
  waits: { vi: "Chờ trả lời", en: "Waits for an answer" },
  waiting: {
    vi: (n: number) => `${n} điểm cầu chờ trả lời`,
    en: (n: number) => `${n} sites wait for an answer`,
  },
  site: { vi: "Điểm cầu", en: "Site" },
  delivered: { vi: "Đã tới điểm cầu", en: "At the site" },
  underway: { vi: "Đang chờ điểm cầu kết nối", en: "Waits for the site" },
});
