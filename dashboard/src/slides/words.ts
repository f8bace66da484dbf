import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Trình chiếu", en: "Slides" },
  choose: { vi: "Chọn tệp PDF để chiếu", en: "Choose a PDF to show" },
  chooseOffice: { vi: "Chọn tệp PDF hoặc PowerPoint", en: "Choose a PDF or PowerPoint file" },
  another: { vi: "Thêm tệp khác", en: "Another file" },
  asPdf: {
    vi: "Có tệp PowerPoint? Mở trong PowerPoint, chọn Tệp → Xuất → Tạo PDF, rồi chọn tệp PDF đó ở đây.",
    en: "A PowerPoint file? Open it in PowerPoint, choose File → Export → Create PDF, then choose that PDF here.",
  },
  why: {
    vi: "Các phòng nhận trước từng trang nên chữ luôn nét, kể cả khi đường truyền yếu.",
    en: "The rooms get every page beforehand: letters stay sharp even on a weak line.",
  },
  none: { vi: "Chưa có tệp trình chiếu.", en: "No slides yet." },
  sending: {
    vi: (share: string) => `Đang gửi tệp: ${share} %`,
    en: (share: string) => `Sending: ${share} %`,
  },
  giveUp: { vi: "Thôi gửi", en: "Cancel" },
  broken: { vi: "Không gửi được tệp. Hãy thử lại.", en: "The file was not sent. Please try again." },
  converting: {
    vi: (pages: number) => `Đang chuẩn bị các trang: xong ${pages} trang`,
    en: (pages: number) => `Preparing the pages: ${pages} done`,
  },
  unfinished: { vi: "Tệp gửi dở dang", en: "Not sent to the end" },
  atPage: { vi: (page: number) => `Trang ${page}: `, en: (page: number) => `Page ${page}: ` },
  file: { vi: "Tệp", en: "File" },
  page: { vi: (page: number) => `Trang ${page}`, en: (page: number) => `Page ${page}` },
  pageOf: {
    vi: (page: number, pages: number) => `Trang ${page}/${pages}`,
    en: (page: number, pages: number) => `Page ${page} of ${pages}`,
  },
  pages: { vi: "Các trang", en: "Pages" },
  before: { vi: "Trang trước", en: "Back" },
  next: { vi: "Trang sau", en: "Next" },
  show: { vi: "CHIẾU LÊN CÁC PHÒNG", en: "SHOW IN THE ROOMS" },
  stop: { vi: "Thôi chiếu", en: "Stop showing" },
  shownNow: { vi: "Các phòng đang thấy trang này", en: "The rooms see this page" },
  notShown: { vi: "Các phòng chưa thấy trang này", en: "The rooms do not see this page" },
  layout: { vi: "Màn hình các phòng", en: "The rooms' screens" },
  both: { vi: "Trang lớn, giảng viên nhỏ", en: "Page large, lecturer small" },
  only: { vi: "Chỉ có trang", en: "Page only" },
  video: { vi: "Chỉ có giảng viên", en: "Lecturer only" },
  ready: {
    vi: (ready: number, sites: number) => `${ready}/${sites} phòng đã có đủ các trang`,
    en: (ready: number, sites: number) => `${ready}/${sites} rooms have every page`,
  },
  remove: { vi: "Xoá tệp", en: "Delete" },
  sure: { vi: (name: string) => `Xoá tệp ${name}?`, en: (name: string) => `Delete ${name}?` },
  gone: {
    vi: "Tệp mất khỏi trung tâm, không lấy lại được.",
    en: "The file is gone from the centre for good.",
  },
  assistants: { vi: "Mời trợ giảng chuyển trang", en: "Let an assistant turn the pages" },
  keys: {
    vi: "Bấm phím mũi tên, Page Up, Page Down hoặc bút trình chiếu để chuyển trang.",
    en: "Arrow keys, Page Up, Page Down or a presenter turn the pages.",
  },
});
