import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Ai đang lên sóng", en: "Who is on air" },
  since: { vi: (time: string) => `từ ${time}`, en: (time: string) => `since ${time}` },
  seats: { vi: "Các nguồn", en: "Sources" },
  sends: { vi: "đang gửi hình", en: "sending" },
  away: { vi: "không gửi", en: "not sending" },
  arm: {
    vi: "Mất giảng viên thì nguồn dự phòng tự lên sóng",
    en: "When the lecturer is lost, the standby goes on air by itself",
  },
  autoReturn: {
    vi: "Giảng viên trở lại thì tự lên sóng lại",
    en: "A lecturer who comes back goes on air again without an order",
  },
  inBreak: {
    vi: "Đang giải lao: các phòng chỉ thấy màn chờ, không thấy và không nghe thầy/cô.",
    en: "Break: the rooms see the slate only; they neither see nor hear you.",
  },
  takeBreak: { vi: "Giải lao", en: "Take a break" },
  goOn: { vi: "Hết giải lao, học tiếp", en: "End the break" },
  resumes: { vi: "Màn chờ ghi giờ học tiếp sau", en: "The slate says that we go on in" },
  minutes: { vi: (n: number) => `${n} phút`, en: (n: number) => `${n} min` },
  resumesAt: {
    vi: (time: string) => `Màn chờ ghi: học tiếp lúc ${time}.`,
    en: (time: string) => `The slate says: we go on at ${time}.`,
  },
  noHour: { vi: "Không hẹn giờ", en: "No hour" },
  standbyPage: { vi: "Trang của nguồn dự phòng", en: "The standby's page" },
  record: { vi: "Nhật ký sóng", en: "Record of the air" },
  from: { vi: "Từ", en: "From" },
  until: { vi: "Đến", en: "Until" },
  whose: { vi: "Ai", en: "Who" },
  why: { vi: "Vì sao", en: "Why" },
  now: { vi: "đang phát", en: "now" },
  ordered: { vi: (who: string) => `do ${who} ra lệnh`, en: (who: string) => `ordered by ${who}` },
  standbyHere: {
    vi: "Thầy/cô đang ở chỗ DỰ PHÒNG: các phòng chỉ thấy khi giảng viên mất sóng hoặc khi có lệnh.",
    en: "You are the STANDBY: the rooms see you only when the lecturer is lost, or on order.",
  },
  notSeen: {
    vi: (who: string) => `Đang gửi, nhưng các phòng đang thấy: ${who}`,
    en: (who: string) => `Sending, but the rooms see: ${who}`,
  },
});

export const seats = dictionary({
  lecturer: { vi: "Giảng viên", en: "Lecturer" },
  standby: { vi: "Dự phòng", en: "Standby" },
  slate: { vi: "Màn chờ", en: "Slate" },
  none: { vi: "Không có gì", en: "Nothing" },
});

export const steps = dictionary({
  standby: { vi: "Cho dự phòng lên sóng", en: "Standby on air" },
  lecturer: { vi: "Trả sóng cho giảng viên", en: "Back to the lecturer" },
  slate: { vi: "Chiếu màn chờ", en: "Show the slate" },
  auto: { vi: "Thôi chiếu màn chờ", en: "End the slate" },
});

/** Why a seat holds the stream; words of the relay and of the centre. */
export const whys = dictionary({
  preferred: { vi: "như thường lệ", en: "in the usual order" },
  ordered: { vi: "theo lệnh", en: "by order" },
  ordered_silent: { vi: "nguồn được lệnh lên sóng không gửi hình", en: "what was ordered does not send" },
  lecturer_silent: { vi: "giảng viên không gửi hình", en: "the lecturer does not send" },
  standby_kept: { vi: "chờ lệnh trả sóng cho giảng viên", en: "until it is given back to the lecturer" },
  nobody_sends: { vi: "không ai gửi hình", en: "nobody sends" },
  keyframe_awaited: {
    vi: "đang chờ khung hình đầu của nguồn",
    en: "waiting for the first frame of the source",
  },
  relay_down: { vi: "máy chủ hình ảnh dừng", en: "the relay is down" },
  break: { vi: "giờ giải lao", en: "a break" },
});

/** What the wall and the console say when something is amiss. */
export const airFindings = dictionary({
  nothing_on_air: { vi: "CÁC PHÒNG KHÔNG CÓ HÌNH", en: "THE ROOMS ARE DARK" },
  lecturer_lost: { vi: "MẤT GIẢNG VIÊN – ĐANG CHIẾU MÀN CHỜ", en: "LECTURER LOST – SLATE ON AIR" },
  lecturer_awaited: { vi: "CHỜ GIẢNG VIÊN – ĐANG CHIẾU MÀN CHỜ", en: "LECTURER AWAITED – SLATE ON AIR" },
  standby_on_air: { vi: "Dự phòng đang lên sóng", en: "Standby on air" },
  slate_ordered: { vi: "Màn chờ theo lệnh", en: "Slate by order" },
});
