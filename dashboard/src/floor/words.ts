import { dictionary } from "../shared/i18n";

/** The floor on the pages of a room: the big screen and the site desk. */
export const t = dictionary({
  onAir: { vi: "ĐANG PHÁT BIỂU", en: "ON AIR" },
  onAirHint: {
    vi: "Các phòng khác đang nghe và thấy phòng này.",
    en: "The other rooms hear and see this room.",
  },
  onAirBlurred: {
    vi: "Các phòng khác đang nghe phòng này. Hình được làm mờ theo quy định của lớp.",
    en: "The other rooms hear this room. Its picture is blurred, as the course's rule says.",
  },
  onAirUnseen: {
    vi: "Các phòng khác đang nghe phòng này và thấy tên trường.",
    en: "The other rooms hear this room and see the school's name.",
  },
  connecting: { vi: "Đang nối tiếng của phòng…", en: "Connecting this room's sound…" },
  muted: { vi: "Tiếng của phòng đang bị tắt", en: "This room is muted" },
  microphone: {
    vi: "Không mở được micro. Cắm lại micro rồi giơ tay lại.",
    en: "The microphone did not open. Plug it in and raise your hand again.",
  },
  stop: { vi: "Thôi phát biểu (F2)", en: "Stop speaking (F2)" },
  left: { vi: "Còn", en: "Left" },
  speaking: { vi: "Điểm cầu đang phát biểu", en: "A room speaks" },
  aside: { vi: "TRAO ĐỔI RIÊNG", en: "PRIVATE WORD" },
  asideWith: {
    vi: (name: string) => `${name} ở trung tâm đang nói chuyện riêng với phòng này.`,
    en: (name: string) => `${name} at the centre has a private word with this room.`,
  },
  raise: { vi: "Giơ tay (phím F2)", en: "Raise a hand (F2)" },
  sending: { vi: "Đang báo trung tâm…", en: "Telling the centre…" },
  raised: {
    vi: (place: number) => `Đã giơ tay, thứ ${place} (F2: hạ)`,
    en: (place: number) => `Hand up, number ${place} (F2: lower)`,
  },
  title: { vi: "Phát biểu và câu hỏi", en: "Speaking and questions" },
  hint: {
    vi: "Khi được mời, màn hình lớn tự mở micro. Các điểm cầu nghe thấy phòng, và thấy phòng theo quy định của lớp.",
    en: "When you are called, the big screen opens the microphone. The others hear this room, and see it as the rule says.",
  },
  ask: { vi: "Câu hỏi bằng chữ", en: "A written question" },
  askButton: { vi: "Gửi câu hỏi", en: "Send" },
  notDone: { vi: "Chưa làm được, hãy thử lại.", en: "Not done, try again." },
});

export const questionStates = dictionary({
  kept: { vi: "đã ghi ở máy này, sẽ tự gửi đi", en: "kept here, sent by itself" },
  asked: { vi: "trung tâm đã nhận", en: "at the centre" },
  accepted: { vi: "đã chuyển đến giảng viên", en: "passed on to the lecturer" },
  answered: { vi: "đã được trả lời", en: "answered" },
});
