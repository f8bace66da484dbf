import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Giám thị", en: "Invigilator" },
  yourName: { vi: "Họ và tên giám thị", en: "Your name" },
  pin: { vi: "Mã PIN giám thị", en: "Invigilator's PIN" },
  newPin: {
    vi: "Đặt mã PIN giám thị (6 đến 12 chữ số)",
    en: "Choose the invigilator's PIN (6 to 12 digits)",
  },
  newPinHint: {
    vi: "Chưa có mã PIN. Mã này dùng cho cả máy này và điện thoại của giám thị. Hãy ghi lại.",
    en: "There is no PIN yet. It serves this computer and your telephone. Write it down.",
  },
  noPinYet: {
    vi: "Chưa đặt mã PIN. Hãy mở trang Giám thị trên máy của trường (Ctrl + Alt + G) và đặt mã trước.",
    en: "No PIN yet. Open this page on the school's computer (Ctrl + Alt + G) and choose one first.",
  },
  enter: { vi: "Vào", en: "Enter" },
  out: { vi: "Thoát", en: "Sign out" },
  gone: {
    vi: "Máy của trường không trả lời. Số liệu dưới đây là cũ; đang thử lại.",
    en: "The school's computer does not answer. What stands below is old; trying again.",
  },
  lineDown: {
    vi: "Trường đang mất đường truyền về tỉnh. Bài thi vẫn chạy bình thường tại trường.",
    en: "The line to the province is down. The exam goes on at the school.",
  },
  noExam: { vi: "Chưa có bài thi nào ở điểm cầu này.", en: "No exam has come to this site yet." },
  left: { vi: "Còn lại", en: "Time left" },
  startsIn: { vi: "Bắt đầu sau", en: "Starts in" },
  late: { vi: "Đã quá giờ mở đề", en: "Past the start" },
  lost: {
    vi: (at: string) => `Máy này không biết giờ. Giờ mở đề là ${at}: xem đồng hồ khác, gọi tỉnh lấy mã.`,
    en: (at: string) =>
      `This computer does not know the time. The start is ${at}: look at another clock, call the province.`,
  },
  opened: { vi: (at: string) => `mở lúc ${at}`, en: (at: string) => `opened at ${at}` },
  closesAt: { vi: (at: string) => `hết giờ lúc ${at}`, en: (at: string) => `ends at ${at}` },
  plus: { vi: (min: string) => `cả điểm cầu +${min} phút`, en: (min: string) => `site +${min} min` },
  stopped: { vi: "ĐỒNG HỒ ĐANG DỪNG", en: "THE CLOCK IS STOPPED" },
  stoppedFor: {
    vi: (time: string) => `đã dừng ${time}; sẽ được trả lại đủ`,
    en: (time: string) => `for ${time}; all of it is given back`,
  },
  resume: { vi: "Cho làm bài tiếp", en: "Go on with the exam" },
  stop: { vi: "Dừng khẩn cấp", en: "Emergency stop" },
  stopAsk: {
    vi: "Mọi màn hình sẽ lưu bài và tắt đề, đồng hồ dừng lại. Bấm để xác nhận.",
    en: "Every screen saves and goes blank, the clock stops. Press to confirm.",
  },
  stopYes: { vi: "DỪNG NGAY", en: "STOP NOW" },
  cancel: { vi: "Không", en: "No" },
  clock: { vi: "Đồng hồ", en: "Clock" },
  signedIn: { vi: "đã vào", en: "in" },
  started: { vi: "đang làm", en: "writing" },
  handedIn: { vi: "đã nộp", en: "handed in" },
  trouble: { vi: "cần xem", en: "to look at" },
  people: { vi: "Thí sinh", en: "Candidates" },
  time: { vi: "Cộng giờ", en: "Time" },
  notes: { vi: "Ghi chép", en: "Notes" },
  code: { vi: "Mã mở đề", en: "Code" },
  search: { vi: "Tìm số báo danh hoặc tên", en: "Number or name" },
  nobody: { vi: "Không có ai như vậy.", en: "Nobody like that." },
  answered: { vi: (n: number, of: string) => `${n}/${of} câu`, en: (n: number, of: string) => `${n}/${of}` },
  awayFor: { vi: (time: string) => `mất kết nối ${time}`, en: (time: string) => `away ${time}` },
  unsavedFor: {
    vi: (answers: number, time: string) => `○ ${answers} câu chưa lưu đã ${time}`,
    en: (answers: number, time: string) => `○ ${answers} answers not saved for ${time}`,
  },
  lockedFor: { vi: (time: string) => `khóa PIN ${time}`, en: (time: string) => `PIN locked ${time}` },
  devices: { vi: "vừa đổi thiết bị", en: "changed device" },
  amber: { vi: "vào bằng PIN", en: "by PIN only" },
  extra: { vi: (min: string) => `+${min} phút`, en: (min: string) => `+${min} min` },
  codeOf: { vi: (code: string) => `mã đề ${code}`, en: (code: string) => `paper ${code}` },
  receipt: { vi: (code: string) => `biên nhận ${code}`, en: (code: string) => `receipt ${code}` },
  forWhom: { vi: "Cho ai", en: "For whom" },
  wholeSite: { vi: "Cả điểm cầu", en: "The whole site" },
  minutes: { vi: "Số phút", en: "Minutes" },
  why: { vi: "Lý do", en: "Reason" },
  more: { vi: "Viết thêm (nếu cần)", en: "More words (if needed)" },
  give: { vi: "Cộng giờ ngay", en: "Give now" },
  ask: { vi: "Xin tỉnh duyệt", en: "Ask the province" },
  limit: {
    vi: (site: number, one: number) =>
      `Điểm cầu tự cộng tối đa ${site} phút cho cả phòng, ${one} phút cho một người. Nhiều hơn: xin tỉnh duyệt.`,
    en: (site: number, one: number) =>
      `At most ${site} minutes for the room and ${one} for one person; more needs the province.`,
  },
  given: { vi: "Đã cộng và đã xin", en: "Given and asked for" },
  nothingGiven: { vi: "Chưa cộng giờ cho ai.", en: "Nothing given yet." },
  withdraw: { vi: "Rút lại", en: "Take back" },
  stood: {
    vi: (time: string) => `Đồng hồ đã dừng ${time}, đã trả lại.`,
    en: (time: string) => `Stopped for ${time}.`,
  },
  outages: {
    vi: (times: string) => `Máy đã ngừng ${times}; đã báo tỉnh để xét bù giờ.`,
    en: (times: string) => `The computer was away ${times}; told to the province.`,
  },
  kind: { vi: "Việc gì", en: "What" },
  whom: { vi: "Liên quan thí sinh (nếu có)", en: "Candidate (if any)" },
  text: { vi: "Nội dung", en: "What happened" },
  write: { vi: "Ghi và gửi về tỉnh", en: "Write and send" },
  noNotes: { vi: "Chưa có ghi chép.", en: "No notes." },
  addTime: { vi: "Cộng giờ", en: "Give time" },
  addNote: { vi: "Ghi chép", en: "Note" },
  forgive: { vi: "Mở khóa PIN", en: "Unlock PIN" },
  forgiven: { vi: "Đã mở khóa, thử lại được ngay.", en: "Unlocked." },
  wrongCodeHint: {
    vi: "Phát nhầm mã đề: ghi vào đây, thí sinh cứ làm bài; tỉnh sẽ quyết định.",
    en: "Wrong paper: write it down, let them go on; the province decides.",
  },
  codeHint: {
    vi: "Mã 28 ký tự do cán bộ tỉnh đọc qua điện thoại hoặc nhắn tin; cũng nhập mã đề dự phòng ở đây. Không cho thí sinh thấy.",
    en: "28 characters, read out by an officer or sent by SMS; the reserve paper's code goes here too. Keep it from candidates.",
  },
  codeField: { vi: "Mã mở đề", en: "Release code" },
  codeSign: {
    vi: (groups: string) => `Nhóm ${groups} có ký tự không bao giờ dùng trong mã (ví dụ U).`,
    en: (groups: string) => `Group ${groups} holds a sign that no code has (U, for example).`,
  },
  codeShort: { vi: (n: number) => `Còn ${n} ký tự.`, en: (n: number) => `${n} more.` },
  codeCheck: {
    vi: "Có ký tự sai hoặc đổi chỗ: hãy đọc lại từng nhóm.",
    en: "A character is wrong or two are swapped: read the groups again.",
  },
  codeGood: { vi: "Mã viết đúng. Bấm để mở.", en: "Well spelled. Press to use it." },
  codeSend: { vi: "Dùng mã này", en: "Use this code" },
  codeDone: { vi: "Đã nhận mã.", en: "The code was taken." },
  codeAsked: {
    vi: "Chưa có mã: gọi tỉnh và nhập mã mở đề.",
    en: "No code yet: call the province and type it.",
  },
  phone: { vi: "Mở trên điện thoại của giám thị", en: "Open it on your telephone" },
  phoneHint: {
    vi: "Nối điện thoại vào Wi-Fi của trường rồi quét. Trên điện thoại chỉ giám thị thấy; trên máy này cả phòng có thể thấy, nên mã, tên và giờ cộng được che.",
    en: "Join the school's Wi-Fi and scan. Only you see your telephone; the room may see this computer, so codes, names and extra time are covered here.",
  },
  roomSees: {
    vi: "Cả phòng có thể nhìn thấy màn hình này. Nên dùng điện thoại: nối vào Wi-Fi của trường rồi quét mã.",
    en: "The whole room may see this screen. Better use your telephone: join the school's Wi-Fi and scan the code.",
  },
  isCovered: {
    vi: "Ở đây tên thí sinh, giờ cộng và ghi chép đang được che; mã mở đề được che cả khi nhập.",
    en: "Names, extra time and notes are covered here, and a code even while it is typed.",
  },
  uncover: { vi: "Hiện tên, giờ cộng ở đây", en: "Show names and extra time here" },
  uncovered: {
    vi: "Tên và giờ cộng đang hiện trên màn hình này. Tự che lại sau một phút không ai bấm gì.",
    en: "Names and extra time stand on this screen. Covered again when nobody presses anything for a minute.",
  },
  cover: { vi: "Che lại", en: "Cover" },
  showCode: { vi: "Hiện mã", en: "Show the code" },
  maskCode: { vi: "Che mã", en: "Mask the code" },
  noteSeen: {
    vi: "Cả phòng đọc được lúc đang viết: đừng nêu tên ai ở đây.",
    en: "The room can read it while you write: name nobody here.",
  },
  notesKept: {
    vi: (n: number) => `Đã có ${n} ghi chép (đang che).`,
    en: (n: number) => `${n} notes so far (covered).`,
  },
  faulted: { vi: "Chưa làm được, hãy thử lại.", en: "Not done, try again." },
});

export const filters = dictionary({
  all: { vi: "Tất cả", en: "All" },
  trouble: { vi: "Cần xem", en: "To look at" },
  writing: { vi: "Đang làm", en: "Writing" },
  absent: { vi: "Chưa vào", en: "Absent" },
  done: { vi: "Xong", en: "Done" },
});

export const states = dictionary({
  absent: { vi: "chưa vào", en: "absent" },
  signed_in: { vi: "đã vào", en: "in" },
  working: { vi: "đang làm", en: "writing" },
  handed_in: { vi: "đã nộp", en: "handed in" },
  ended: { vi: "hết giờ", en: "time over" },
});

export const phases = dictionary({
  waiting: { vi: "Chưa nhận đủ đề", en: "Paper not here yet" },
  sealed: { vi: "Đề đã niêm phong", en: "Sealed" },
  armed: { vi: "Sắp mở đề", en: "About to open" },
  open: { vi: "Đang làm bài", en: "Open" },
  closed: { vi: "Đã hết giờ", en: "Closed" },
  cancelled: { vi: "Đã hủy", en: "Cancelled" },
  missed: { vi: "Quá giờ mở muộn", en: "Too late to open" },
});

export const clocks = dictionary({
  synced: { vi: "chính xác", en: "exact" },
  loose: { vi: "tạm được", en: "loose" },
  blind: { vi: "chưa biết giờ trung tâm", en: "centre time unknown" },
});

export const grantStates = dictionary({
  in_force: { vi: "đang có hiệu lực", en: "in force" },
  asked: { vi: "chờ tỉnh duyệt", en: "waiting for the province" },
  withdrawn: { vi: "đã rút lại", en: "taken back" },
  too_late: { vi: "đến sau khi hết giờ", en: "came too late" },
});
