import { dictionary } from "../shared/i18n";

export const w = dictionary({
  title: { vi: "Bản ghi buổi học", en: "Recordings" },
  none: {
    vi: "Chưa có bản ghi nào. Buổi học đang diễn ra sẽ tự được ghi lại.",
    en: "There are no recordings yet. A session is recorded by itself while it is live.",
  },
  back: { vi: "Tất cả bản ghi", en: "All recordings" },
  console: { vi: "Điều hành", en: "Console" },
  free: {
    vi: (size: string, hours: number) => `Đĩa còn ${size}, đủ cho khoảng ${hours} giờ học.`,
    en: (size: string, hours: number) => `${size} free on the disk, enough for about ${hours} hours.`,
  },
  full: {
    vi: "Đĩa sắp đầy: không ghi thêm được. Xóa bớt bản ghi cũ hoặc thêm đĩa.",
    en: "The disk is almost full: nothing more can be recorded. Erase old recordings or add a disk.",
  },
  keptUntil: { vi: (day: string) => `Lưu đến ${day}`, en: (day: string) => `Kept until ${day}` },
  erased: { vi: (n: number) => `${n} tệp đã xóa`, en: (n: number) => `${n} files erased` },
  files: { vi: (n: number) => `${n} tệp`, en: (n: number) => `${n} files` },
  nothingYet: {
    vi: "Buổi học này chưa ghi được gì.",
    en: "Nothing of this session has been recorded.",
  },
  watchingIsNoted: {
    vi: "Mỗi lần xem hoặc tải về được ghi vào nhật ký.",
    en: "Each time somebody watches or downloads is on record.",
  },
  toNow: { vi: "Xem tới lúc này", en: "Up to now" },
  cannotPlay: {
    vi: "Trình duyệt này không phát được bản ghi. Hãy tải về, hoặc dùng Chrome hay Edge.",
    en: "This browser cannot play the recording. Download it, or use Chrome or Edge.",
  },
  timeline: { vi: "Diễn biến buổi học", en: "What happened" },
  goTo: { vi: (at: string) => `Tới ${at}`, en: (at: string) => `Go to ${at}` },
  notRecorded: { vi: "không ghi", en: "not recorded" },
  floorSpeaks: { vi: "Phòng phát biểu", en: "A room speaks" },
  downloads: { vi: "Tải về", en: "Download" },
  whole: { vi: "Tải cả buổi (một tệp)", en: "Whole session (one file)" },
  file: { vi: "Tệp", en: "File" },
  from: { vi: "Từ lúc", en: "From" },
  length: { vi: "Dài", en: "Length" },
  size: { vi: "Dung lượng", en: "Size" },
  save: { vi: "Tải tệp này", en: "Save this file" },
  lectureFile: { vi: (n: number) => `Bài giảng ${n}`, en: (n: number) => `Lecture ${n}` },
  floorFile: { vi: (n: number) => `Phòng phát biểu ${n}`, en: (n: number) => `Floor ${n}` },
  growing: { vi: "đang ghi", en: "being written" },
  erase: { vi: "Xóa bản ghi này", en: "Erase this recording" },
  eraseSure: { vi: "Xóa hẳn bản ghi này?", en: "Erase this recording for good?" },
  eraseHelp: {
    vi: "Không lấy lại được. Ai xóa, khi nào, vì sao và mã kiểm của từng tệp được giữ lại.",
    en: "It cannot be had back. Who erased it, when, why, and each file's digest are kept.",
  },
  why: { vi: "Lý do", en: "Reason" },
  proof: { vi: "Đã xóa", en: "Erased" },
  when: { vi: "Lúc", en: "When" },
  who: { vi: "Ai", en: "Who" },
  digest: { vi: "Mã kiểm (SHA-256)", en: "Digest (SHA-256)" },
  clock: { vi: "đồng hồ (hết hạn lưu)", en: "the clock (its time was over)" },
  open: { vi: "Xem bản ghi", en: "Watch the recording" },
});

export const light = dictionary({
  heading: { vi: "Ghi hình", en: "Recording" },
  running: { vi: "Đang ghi hình", en: "Recording" },
  starting: { vi: "Đang chờ hình để ghi", en: "Waiting for a picture to record" },
  willRecord: { vi: "Sẽ ghi khi buổi học bắt đầu", en: "Will be recorded once it is live" },
  inBreak: { vi: "Giải lao: không ghi", en: "Break: not recorded" },
  off: { vi: "Không ghi hình", en: "Not recorded" },
  stoppedBy: {
    vi: (who: string, at: string) => `${who} đã tắt lúc ${at}`,
    en: (who: string, at: string) => `${who} switched it off at ${at}`,
  },
  startedBy: {
    vi: (who: string, at: string) => `${who} đã bật lúc ${at}`,
    en: (who: string, at: string) => `${who} switched it on at ${at}`,
  },
  stop: { vi: "Dừng ghi hình", en: "Stop recording" },
  stopSure: { vi: "Dừng ghi hình buổi học này?", en: "Stop recording this session?" },
  stopHelp: {
    vi: "Từ lúc này không hình, không tiếng nào được lưu nữa, cho tới khi có người bật lại. Phần đã ghi vẫn còn.",
    en: "From now on no picture and no sound is kept until somebody switches it on again. What was recorded stays.",
  },
  start: { vi: "Ghi hình trở lại", en: "Record again" },
  startSure: { vi: "Ghi hình buổi học này?", en: "Record this session?" },
  startHelp: {
    vi: "Hình và tiếng của buổi học, kể cả phòng phát biểu, được lưu lại. Các phòng thấy dòng “Đang ghi hình”.",
    en: "Picture and sound of the session, rooms that speak included, are kept. The rooms see “Recording”.",
  },
});

/** What keeps a session from being written down. */
export const troubles = dictionary({
  disk_full: {
    vi: "Hết chỗ trên đĩa: buổi học không được ghi. Báo quản trị giải phóng đĩa.",
    en: "The disk is full: the session is not recorded. Tell the administrator.",
  },
  disk_slow: {
    vi: "Đĩa quá chậm: bản ghi có thể thiếu.",
    en: "The disk is too slow: parts may be missing.",
  },
  disk_broken: {
    vi: "Không ghi được vào đĩa. Báo quản trị kiểm tra đĩa.",
    en: "The disk cannot be written. Tell the administrator.",
  },
  other_codec: {
    vi: "Buổi học phát bằng chuẩn hình khác: chỉ ghi được H.264 và VP8. Báo quản trị đổi cấu hình.",
    en: "The session is sent in another codec: only H.264 and VP8 can be recorded. Tell the administrator.",
  },
  recorder_dead: {
    vi: "Máy ghi hỏng và đang tự khởi động lại. Báo quản trị.",
    en: "The recorder fails and restarts itself. Tell the administrator.",
  },
});
