import { dictionary } from "../shared/i18n";

export const t = dictionary({
  alarms: { vi: "Báo động", en: "Alarms" },
  none: { vi: "Không có báo động", en: "No alarms" },
  nobody: { vi: "CHƯA AI NHẬN", en: "NOBODY HAS IT" },
  fresh: { vi: "MỚI", en: "NEW" },
  until: {
    vi: (name: string, time: string) => `${name} đang xử lý đến ${time}`,
    en: (name: string, time: string) => `${name} has it until ${time}`,
  },
  untilClear: {
    vi: (name: string) => `${name} đang xử lý đến khi hết`,
    en: (name: string) => `${name} has it until it clears`,
  },
  sites: {
    vi: (n: number) => `${n} điểm cầu`,
    en: (n: number) => (n === 1 ? "1 site" : `${n} sites`),
  },
  ofSites: { vi: (n: number) => `trong ${n}`, en: (n: number) => `of ${n}` },
  since: {
    vi: (time: string, length: string) => `từ ${time} (${length})`,
    en: (time: string, length: string) => `since ${time} (${length})`,
  },
  more: { vi: (n: number) => `Còn ${n} báo động`, en: (n: number) => `${n} more` },
  waiting: { vi: (n: number) => `${n} chưa ai nhận`, en: (n: number) => `${n} without anybody` },
  all: { vi: "Tất cả báo động", en: "All alarms" },
  take: { vi: "Nhận", en: "Take" },
  takeFor: { vi: "Nhận xử lý trong", en: "Take it for" },
  takeOver: { vi: (name: string) => `Nhận thay ${name}`, en: (name: string) => `Take over from ${name}` },
  takeOverFor: {
    vi: (name: string) => `Nhận thay ${name} trong`,
    en: (name: string) => `Take it over from ${name} for`,
  },
  minutes: { vi: (n: number) => `${n} phút`, en: (n: number) => `${n} min` },
  hours: { vi: (n: number) => `${n} giờ`, en: (n: number) => `${n} h` },
  tillClear: { vi: "Đến khi hết", en: "Until it clears" },
  giveBack: { vi: "Trả lại", en: "Give back" },
  word: { vi: "Ghi chú (không bắt buộc)", en: "A word (optional)" },
  wordHint: { vi: "Ví dụ: đã gọi VNPT, kỹ thuật đang tới", en: "For example: provider called" },
  sticky: { vi: "Vẫn giữ khi báo động lan rộng", en: "Keep it when the alarm grows" },
  show: { vi: "Xem các điểm cầu", en: "Show its sites" },
  most: { vi: (n: number) => `nhiều nhất ${n}`, en: (n: number) => `${n} at most` },
  noSites: { vi: "Không có điểm cầu nào dưới báo động này.", en: "There are no sites under this alarm." },
  loud: { vi: "Quá hạn chưa ai nhận", en: "Nobody took it in time" },
  relay: { vi: (name: string) => `Máy chủ hình ảnh số ${name}`, en: (name: string) => `Media relay ${name}` },
  works: { vi: "Công việc có kế hoạch", en: "Planned work" },
  held: {
    vi: (n: number) => `đang giữ lại báo động của ${n} điểm cầu`,
    en: (n: number) => `holds back alarms of ${n} sites`,
  },
  untilTime: { vi: (time: string) => `đến ${time}`, en: (time: string) => `until ${time}` },
  log: { vi: "Nhật ký sự cố", en: "Incident log" },
});

export const troubles = dictionary({
  away: { vi: "Mất kết nối", en: "Connection lost" },
  flapping: { vi: "Chập chờn", en: "Comes and goes" },
  picture: { vi: "Không có hình bài giảng", en: "No lecture picture" },
  sound: { vi: "Không nghe tiếng", en: "No sound" },
  camera: { vi: "Camera hỏng hoặc bị che", en: "Camera failed, covered or frozen" },
  clock: { vi: "Đồng hồ sai hoặc chưa chỉnh được", en: "Clock wrong or not set" },
  exam: { vi: "Đề thi chưa tới hoặc chưa mở", en: "Paper missing or not opened" },
  disk: { vi: "Sắp hết đĩa", en: "Disk nearly full" },
  readiness: { vi: "Phòng chưa sẵn sàng", en: "Room not ready" },
  starting: { vi: "Vừa khởi động, chờ nối lại", en: "Just started, waiting for sites" },
  relay: { vi: "Máy chủ hình ảnh dừng", en: "Media relay is down" },
  lecturer: { vi: "Mất giảng viên, đang chiếu màn chờ", en: "Lecturer lost, slate on air" },
  channel: { vi: "Không gửi được tin báo", en: "Cannot send notices" },
  recording: { vi: "Không ghi hình được", en: "A session is not recorded" },
  unarmed: {
    vi: "Đã tới hoặc gần giờ thi mà chưa bấm “Sẵn sàng mở theo giờ”: đề sẽ không tự mở",
    en: "Its time is near or past and “Arm for the start” was not pressed: it will not open by itself",
  },
});

export const scopes = dictionary({
  centre: { vi: "Toàn trung tâm", en: "The whole centre" },
  province: { vi: "Đường truyền tỉnh", en: "Province" },
  district: { vi: "Địa bàn", en: "District" },
  provider: { vi: "Nhà mạng", en: "Provider" },
  site: { vi: "Điểm cầu", en: "Site" },
  part: { vi: "Trung tâm", en: "Centre" },
});
