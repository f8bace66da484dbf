import { dictionary } from "../shared/i18n";

/** The floor as lecturers and operators see it. */
export const t = dictionary({
  title: { vi: "Phát biểu", en: "Speaking" },
  nobody: { vi: "Chưa có điểm cầu nào giơ tay.", en: "No hand is up." },
  hands: { vi: (n: number) => `${n} điểm cầu giơ tay`, en: (n: number) => `${n} hands up` },
  give: { vi: "Mời phát biểu", en: "Let speak" },
  giveTo: { vi: (room: string) => `Mời phát biểu: ${room}`, en: (room: string) => `Let speak: ${room}` },
  lower: { vi: "Hạ tay", en: "Lower" },
  lowerOf: { vi: (room: string) => `Hạ tay: ${room}`, en: (room: string) => `Lower: ${room}` },
  waits: { vi: "chờ", en: "waits" },
  away: { vi: "đang mất kết nối", en: "not connected" },
  speaks: { vi: "ĐANG PHÁT BIỂU", en: "SPEAKING" },
  left: { vi: "Còn", en: "Left" },
  more: { vi: "Thêm 1 phút", en: "One more minute" },
  mute: { vi: "Tắt tiếng phòng", en: "Mute the room" },
  unmute: { vi: "Bật lại tiếng phòng", en: "Unmute the room" },
  stop: { vi: "Dừng phát biểu", en: "Take back" },
  unlinked: {
    vi: "Đường truyền của phòng vừa mất. Nếu không trở lại trong 10 giây, phòng thôi phát biểu.",
    en: "The room's line is gone. Without it for ten seconds, the room loses the floor.",
  },
  questions: { vi: "Câu hỏi bằng chữ", en: "Written questions" },
  noQuestions: { vi: "Chưa có câu hỏi nào.", en: "No questions yet." },
  waiting: {
    vi: (n: number) => `${n} câu hỏi chờ người trực duyệt`,
    en: (n: number) => `${n} wait for a moderator`,
  },
  aside: { vi: "Nói riêng", en: "Private word" },
  asideOf: {
    vi: (room: string) => `Nói riêng: ${room}`,
    en: (room: string) => `Private word: ${room}`,
  },
  asideWith: { vi: "Đang nói riêng với", en: "Private word with" },
  asideBy: {
    vi: (name: string, room: string) => `${name} đang nói riêng với ${room}`,
    en: (name: string, room: string) => `${name} has a private word with ${room}`,
  },
  asideEnd: { vi: "Đưa phòng trở lại buổi học", en: "Bring it back" },
  asideHint: {
    vi: "Chỉ phòng này nghe thấy bạn. Tiếng bài giảng ở phòng được hạ nhỏ.",
    en: "Only this room hears you. The lecture is turned down there.",
  },
  asideNoSound: { vi: "Không mở được micro của máy này.", en: "This computer's microphone did not open." },
  room: { vi: "Điểm cầu", en: "Room" },
  choose: { vi: "Chọn điểm cầu", en: "Choose a room" },
  insecure: {
    vi: "Muốn nói riêng, hãy mở trang này bằng địa chỉ https://.",
    en: "For a private word, open this page by an https:// address.",
  },
  page: { vi: "Điều hành phát biểu", en: "The floor" },
  backToWall: { vi: "Toàn cảnh", en: "Wall" },
});

export const decisions = dictionary({
  accepted: { vi: "Chuyển giảng viên", en: "Pass on" },
  hidden: { vi: "Ẩn", en: "Hide" },
  answered: { vi: "Đã trả lời", en: "Answered" },
  asked: { vi: "Chờ duyệt", en: "Waiting" },
});

export const questionMarks = dictionary({
  asked: { vi: "chờ duyệt", en: "waits" },
  accepted: { vi: "đã chuyển", en: "passed on" },
  answered: { vi: "đã trả lời", en: "answered" },
  hidden: { vi: "đã ẩn", en: "hidden" },
});

/** Beside the hand of a room that nobody would hear. */
export const muteRooms = dictionary({
  no_page: { vi: "không có màn hình lớn, không có micro", en: "no big screen, no microphone" },
  no_microphone: { vi: "không thấy micro", en: "no microphone found" },
});

export const muteHints = dictionary({
  no_page: {
    vi: "Phòng không có màn hình lớn đang mở nên không ai nghe được. Hãy gọi điện, hoặc nhờ phòng mở màn hình.",
    en: "The room has no big screen open, so nobody hears it. Telephone it, or have its screen opened.",
  },
  no_microphone: {
    vi: "Máy của phòng không thấy micro nào nên không ai nghe được. Hãy nhờ phòng cắm micro.",
    en: "The room's computer finds no microphone, so nobody hears it. Have one plugged in.",
  },
});
