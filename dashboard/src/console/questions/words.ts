import { dictionary } from "../../shared/i18n";

export const w = dictionary({
  picture: { vi: (n: number) => `Hình ${n}`, en: (n: number) => `Picture ${n}` },
  title: { vi: "Ngân hàng câu hỏi", en: "Question bank" },
  count: { vi: (n: number) => `${n} câu`, en: (n: number) => `${n} questions` },
  shownOf: {
    vi: (n: number, all: number) => `${n} / ${all} câu`,
    en: (n: number, all: number) => `${n} of ${all}`,
  },
  add: { vi: "Thêm câu hỏi", en: "Add a question" },
  topic: { vi: "Chủ đề", en: "Topic" },
  anyTopic: { vi: "Mọi chủ đề", en: "All topics" },
  noTopic: { vi: "(chưa có chủ đề)", en: "(no topic)" },
  source: { vi: "Nguồn", en: "Source" },
  anySource: { vi: "Mọi nguồn", en: "All sources" },
  console: { vi: "Soạn tại đây", en: "Written here" },
  remark: { vi: "Cần xem lại", en: "To look at" },
  anyQuestion: { vi: "Mọi câu", en: "All questions" },
  anyRemark: { vi: "Mọi lưu ý", en: "Any remark" },
  archived: { vi: "Đã cất", en: "Put away" },
  more: { vi: "Xem thêm", en: "Show more" },
  none: { vi: "Không có câu nào.", en: "No questions." },
  held: { vi: "Trong bài thi đã niêm phong", en: "In a sealed exam" },
  heldBy: {
    vi: (exam: string) =>
      `Câu này nằm trong bài thi đã niêm phong “${exam}”. Đáp án không hiện và không sửa được đến khi thi xong.`,
    en: (exam: string) =>
      `The sealed exam “${exam}” asks this question: no key is shown and no edit taken until it is over.`,
  },
  image: { vi: "Hình", en: "Image" },
  compare: { vi: "So hai câu", en: "Compare" },
  open: { vi: "Mở câu này", en: "Open" },
  right: { vi: "Đáp án đúng", en: "Right answer" },
  pinned: { vi: "Giữ chỗ", en: "Keeps its place" },
  edit: { vi: "Sửa", en: "Edit" },
  save: { vi: "Lưu", en: "Save" },
  stop: { vi: "Thôi", en: "Cancel" },
  putAway: { vi: "Cất đi", en: "Put away" },
  restore: { vi: "Dùng lại", en: "Take back into use" },
  remove: { vi: "Xoá hẳn", en: "Remove for good" },
  sureAway: {
    vi: "Câu này sẽ không được bốc vào đề nữa. Có thể dùng lại bất cứ lúc nào.",
    en: "It is drawn no more; it can be taken back at any time.",
  },
  sureRemove: { vi: "Câu này sẽ bị xoá khỏi ngân hàng.", en: "It leaves the bank for good." },
  text: { vi: "Lời dẫn", en: "Question" },
  textHint: {
    vi: "Xuống dòng được giữ. Bảng: mỗi hàng một dòng, các ô cách nhau bằng “ | ”. Hình đứng ở chỗ ghi [Hình 1].",
    en: "Line breaks stay. A table: a row per line, cells parted by “ | ”. An image stands at [Hình 1].",
  },
  options: { vi: "Các phương án", en: "Options" },
  option: { vi: (letter: string) => `Phương án ${letter}`, en: (letter: string) => `Option ${letter}` },
  addOption: { vi: "Thêm phương án", en: "Add an option" },
  drop: { vi: "Bỏ", en: "Drop" },
  name: { vi: "Mã câu", en: "Name" },
  images: { vi: "Hình ảnh", en: "Images" },
  addImage: { vi: "Thêm hình (PNG, JPEG)", en: "Add an image (PNG, JPEG)" },
  history: { vi: "Lịch sử sửa", en: "History" },
  usedIn: { vi: "Đã dùng trong", en: "Asked in" },
  before: { vi: "Trước đó", en: "Before" },
  list: { vi: "← Danh sách câu hỏi", en: "← Questions" },
  fresh: { vi: "Câu hỏi mới", en: "New question" },
});

export const remarks = dictionary({
  left_out: { vi: "Có phần không nhập được", en: "Something was left out" },
  loose_tail: { vi: "“Tất cả…” chưa ghim", en: "“All of the above” not pinned" },
  alike_options: { vi: "Phương án giống nhau", en: "Options alike" },
  alike_questions: { vi: "Gần trùng câu khác", en: "Near duplicate" },
  no_image: { vi: "Thiếu hình", en: "Image missing" },
  not_compared: { vi: "Chưa so trùng", en: "Not compared" },
});

export const changes = dictionary({
  edited: { vi: "Sửa", en: "Edited" },
  archived: { vi: "Cất đi", en: "Put away" },
  restored: { vi: "Dùng lại", en: "Taken back" },
  deleted: { vi: "Xoá", en: "Removed" },
});
