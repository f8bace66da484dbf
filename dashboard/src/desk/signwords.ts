import { dictionary } from "../shared/i18n";

export const t = dictionary({
  count: { vi: "Số người có mặt", en: "People in the room" },
  countHint: {
    vi: "Đếm rồi nhập số người đang ngồi trong phòng. Người phụ trách ký bằng họ tên và mã PIN của trường.",
    en: "Count and enter the people in the room. The responsible person signs with a name and the school's PIN.",
  },
  number: { vi: "Số người có mặt", en: "People present" },
  listed: { vi: "Số người đã ký danh sách", en: "People who signed the list" },
  listedHint: {
    vi: "Nếu phòng có danh sách giấy: đếm số chữ ký. Không có thì để trống.",
    en: "If the room has a paper list: count the signatures. If not, leave empty.",
  },
  who: { vi: "Họ tên người phụ trách", en: "Name of the responsible person" },
  pin: { vi: "Mã PIN của trường", en: "The school's PIN" },
  choosePin: {
    vi: "Trường chưa có mã PIN: nhập 6 đến 12 chữ số để đặt mã.",
    en: "The school has no PIN yet: enter 6 to 12 digits to choose it.",
  },
  sign: { vi: "Ký và gửi", en: "Sign and send" },
  unsigned: { vi: "Gửi số người, chưa ký", en: "Send, not signed" },
  sending: { vi: "Đang gửi…", en: "Sending…" },
  wrong: {
    vi: "Số người có mặt: nhập một số nguyên từ 0 đến 10000.",
    en: "People present: enter a whole number from 0 to 10000.",
  },
  wrongListed: {
    vi: "Số người đã ký danh sách: nhập một số nguyên từ 0 đến 10000, hoặc để trống.",
    en: "People who signed the list: enter a whole number from 0 to 10000, or leave it empty.",
  },
  nameMissing: { vi: "Nhập họ tên và mã PIN để ký.", en: "Enter a name and the PIN to sign." },
  notSent: { vi: "Chưa gửi được, hãy thử lại.", en: "Not sent, try again." },
  last: {
    vi: (number: number, time: string) => `Đã ghi ${number} người lúc ${time}.`,
    en: (number: number, time: string) => `Recorded: ${number} people at ${time}.`,
  },
  lastListed: {
    vi: (listed: number) => `${listed} người đã ký danh sách.`,
    en: (listed: number) => `${listed} people signed the list.`,
  },
  signedBy: { vi: (who: string) => `${who} đã ký.`, en: (who: string) => `Signed by ${who}.` },
  lastOffline: {
    vi: "Đường truyền đang mất: số đã ghi ở máy này và sẽ tự gửi đi.",
    en: "The line is down: the number is kept here and will be sent by itself.",
  },
  camera: {
    vi: (time: string, n: number) => `Điểm danh lúc ${time}: camera thấy ít nhất ${n} người`,
    en: (time: string, n: number) => `Roll call at ${time}: the camera saw at least ${n} people`,
  },
  byRatio: {
    vi: (n: number) => `, khoảng ${n} theo tỉ lệ đếm tay`,
    en: (n: number) => `, about ${n} by the count by hand`,
  },
  still: { vi: (n: number) => `; ${n} chỗ không cử động`, en: (n: number) => `; ${n} places never moved` },
  blind: {
    vi: (time: string, why: string) => `Điểm danh lúc ${time}: camera không đếm được (${why})`,
    en: (time: string, why: string) => `Roll call at ${time}: the camera could not count (${why})`,
  },
  asked: {
    vi: (time: string) => `Trung tâm hỏi về số người lúc ${time}`,
    en: (time: string) => `The centre asks about the number at ${time}`,
  },
  askedHint: {
    vi: "Các con số lệch nhau. Nhập số đúng của lúc đó và lý do, rồi ký.",
    en: "The numbers differ. Enter the right number of that moment and why, then sign.",
  },
  expected: { vi: "Dự kiến", en: "Expected" },
  seen: { vi: "Camera", en: "Camera" },
  declared: { vi: "Đã khai", en: "Declared" },
  signedIn: { vi: "Đã ký tên", en: "Signed in" },
  none: { vi: "chưa có", en: "none" },
  word: { vi: "Lý do", en: "Why" },
  wordHint: {
    vi: "Ví dụ: 3 người đi họp ở xã, 1 người đang ở hành lang.",
    en: "For example: 3 are at a meeting in the commune, 1 is in the corridor.",
  },
  wordMissing: { vi: "Hãy ghi lý do.", en: "Please say why." },
  answer: { vi: "Ký và trả lời", en: "Sign and answer" },
  notice: { vi: "Thông báo với người trong phòng", en: "Notice to the people in the room" },
});
