import { dictionary } from "../../shared/i18n";

export const w = dictionary({
  title: { vi: "Sự cố", en: "Incidents" },
  log: { vi: "Nhật ký", en: "Log" },
  works: { vi: "Công việc có kế hoạch", en: "Planned work" },
  channels: { vi: "Kênh tin báo", en: "Channels" },
  rules: { vi: "Quy tắc", en: "Rules" },
  from: { vi: "Từ ngày", en: "From" },
  until: { vi: "Đến ngày", en: "Until" },
  district: { vi: "Địa bàn", en: "District" },
  provider: { vi: "Nhà mạng", en: "Provider" },
  everywhere: { vi: "Tất cả", en: "Everywhere" },
  who: { vi: "Người", en: "Who" },
  alarm: { vi: "Báo động", en: "Alarm" },
  happened: { vi: "Diễn biến", en: "What happened" },
  cut: {
    vi: "Quá nhiều dòng nên chỉ có những dòng mới nhất. Hãy chọn ít ngày hơn, một địa bàn hoặc một điểm cầu.",
    en: "Too many lines, so only the newest are here. Choose fewer days, a district or a site.",
  },
  nothing: { vi: "Không có sự cố nào trong thời gian này.", en: "Nothing happened in this time." },
  figures: {
    vi: (alarms: number, grave: number, sites: number) =>
      `${alarms} báo động, ${grave} nặng, ${sites} điểm cầu bị ảnh hưởng`,
    en: (alarms: number, grave: number, sites: number) =>
      `${alarms} alarms, ${grave} grave, ${sites} sites affected`,
  },
  takenAfter: {
    vi: (n: number, time: string) => `${n} có người nhận, sau ${time} (trung vị)`,
    en: (n: number, time: string) => `${n} taken, after ${time} (median)`,
  },
  longest: { vi: (time: string) => `lâu nhất ${time}`, en: (time: string) => `longest ${time}` },
  plan: { vi: "Báo trước công việc", en: "Plan work" },
  where: { vi: "Ở đâu", en: "Where" },
  why: { vi: "Lý do", en: "Why" },
  whyHint: { vi: "Ví dụ: VNPT thay cáp quang, cắt điện", en: "For example: new fibre, power cut" },
  planMeans: {
    vi: "Trong thời gian này không báo động về các điểm cầu đó. Ô trên màn hình toàn cảnh vẫn cho thấy tình trạng thật.",
    en: "No alarms of these sites in this time. Their tiles on the wall still show what is so.",
  },
  noWorks: { vi: "Không có công việc nào đang hoặc sắp diễn ra.", en: "No work is on or to come." },
  on: { vi: "Đang diễn ra", en: "On now" },
  toCome: { vi: "Sắp tới", en: "To come" },
  held: {
    vi: (n: number) => `giữ lại báo động của ${n} điểm cầu`,
    en: (n: number) => `holds back alarms of ${n} sites`,
  },
  end: { vi: "Kết thúc sớm", en: "End it now" },
  endSure: { vi: "Kết thúc công việc này ngay?", en: "End this work now?" },
  endMeans: {
    vi: "Điểm cầu nào còn sự cố sẽ báo động trở lại.",
    en: "Sites that are still in trouble will alarm again.",
  },
  addChannel: { vi: "Thêm kênh", en: "Add a channel" },
  noChannels: {
    vi: "Chưa có kênh nào: báo động chỉ hiện trên màn hình toàn cảnh.",
    en: "No channels yet: alarms show on the wall only.",
  },
  kind: { vi: "Cách gửi", en: "Kind" },
  webhook: { vi: "Web hook", en: "Web hook" },
  email: { vi: "Thư điện tử", en: "E-mail" },
  telegram: { vi: "Telegram", en: "Telegram" },
  other: { vi: "Dịch vụ khác (Apprise)", en: "Other service (Apprise)" },
  address: { vi: "Địa chỉ web hook", en: "Web hook's address" },
  token: { vi: "Mã bot (token)", en: "Bot token" },
  password: { vi: "Mật khẩu thư", en: "Mail password" },
  otherAddress: { vi: "Địa chỉ Apprise, ví dụ slack://…", en: "Apprise address such as slack://…" },
  keepSecret: { vi: "Để trống: giữ như cũ", en: "Empty: keep it" },
  secretHint: {
    vi: "Được mã hoá và không bao giờ hiện lại.",
    en: "Kept encrypted and never shown again.",
  },
  chats: { vi: "Mã phòng chat, cách bằng dấu phẩy", en: "Chat ids, with commas" },
  recipients: { vi: "Người nhận (cách nhau bằng dấu phẩy)", en: "Recipients (separated by commas)" },
  mailServer: { vi: "Máy chủ thư (tên:cổng)", en: "Mail server (name:port)" },
  telegramServer: { vi: "Máy chủ Bot API (nếu riêng)", en: "Bot API server (empty: Telegram's)" },
  sender: { vi: "Thư gửi từ", en: "Mail from" },
  user: { vi: "Tài khoản thư", en: "Mail account" },
  security: { vi: "Mã hoá đường truyền", en: "Security" },
  plain: { vi: "Không mã hoá", en: "None" },
  severityFrom: { vi: "Báo từ mức", en: "From severity" },
  every: { vi: "Cách nhau ít nhất (giây)", en: "At least apart (seconds)" },
  onlyDistricts: { vi: "Chỉ các địa bàn (không chọn: tất cả)", en: "Only districts (none: all)" },
  tellCleared: { vi: "Báo cả khi hết", en: "Also tell when it is over" },
  enabled: { vi: "Đang dùng", en: "In use" },
  quiet: { vi: "Giờ yên lặng", en: "Quiet hours" },
  quietFrom: { vi: "Từ", en: "From" },
  quietUntil: { vi: "Đến", en: "Until" },
  gravePasses: { vi: "Mức nặng vẫn báo", en: "Grave ones pass" },
  save: { vi: "Lưu", en: "Save" },
  test: { vi: "Gửi tin thử", en: "Send a test" },
  sent: { vi: "Đã gửi.", en: "Sent." },
  change: { vi: "Sửa", en: "Change" },
  remove: { vi: "Xoá", en: "Remove" },
  removeSure: { vi: (name: string) => `Xoá kênh “${name}”?`, en: (name: string) => `Remove “${name}”?` },
  removeMeans: { vi: "Sẽ không gửi gì qua kênh này nữa.", en: "Nothing will be sent through it any more." },
  failing: {
    vi: (n: number, why: string) => `Không gửi được ${n} lần liền: ${why}`,
    en: (n: number, why: string) => `Failed ${n} times in a row: ${why}`,
  },
  off: { vi: "Tắt", en: "Off" },
  adminOnly: { vi: "Chỉ quản trị sửa được.", en: "Only an administrator may change this." },
  common: { vi: "Gộp theo nguyên nhân chung", en: "Common causes" },
  share: {
    vi: "Gộp khi ít nhất … % điểm cầu cùng sự cố",
    en: "One alarm when at least … % of the sites have it",
  },
  keepShare: { vi: "Giữ gộp đến khi dưới … %", en: "Kept down to … %" },
  leastSites: { vi: "Và ít nhất … điểm cầu", en: "And at least … sites" },
  settle: { vi: "Chờ điểm cầu trở lại (giây)", en: "Wait for rooms to return (s)" },
  grace: { vi: "Chờ sau khi trung tâm khởi động (giây)", en: "Wait after the centre's start (s)" },
  flapWindow: { vi: "Chập chờn: trong … giây", en: "Flapping: within … s" },
  flapEnter: { vi: "có … lần đổi trạng thái", en: "… changes" },
  flapLeave: { vi: "hết khi còn … lần", en: "over at … changes" },
  delays: { vi: "Chờ bao lâu mới báo (giây)", en: "How long before it alarms (s)" },
  together: { vi: "nhiều nơi cùng lúc", en: "many together" },
  alone: { vi: "một điểm cầu", en: "one site" },
  steps: { vi: "Khi chưa ai nhận", en: "When nobody takes it" },
  after: { vi: "Sau … phút", en: "After … min" },
  loud: { vi: "Nháy sáng trên toàn cảnh", en: "Flash on the wall" },
  also: { vi: "Gửi thêm qua", en: "Also through" },
  addStep: { vi: "Thêm bậc", en: "Add a step" },
  saved: { vi: "Đã lưu.", en: "Saved." },
  outside: {
    vi: (name: string, least: string, most: string) => `«${name}» phải từ ${least} đến ${most}.`,
    en: (name: string, least: string, most: string) => `“${name}” must be from ${least} to ${most}.`,
  },
  outsideWhole: {
    vi: (name: string, least: string, most: string) => `«${name}» phải là số nguyên từ ${least} đến ${most}.`,
    en: (name: string, least: string, most: string) =>
      `“${name}” must be a whole number from ${least} to ${most}.`,
  },
});

export const severities = dictionary({
  1: { vi: "Nhẹ", en: "Mild" },
  2: { vi: "Vừa", en: "Serious" },
  3: { vi: "Nặng", en: "Grave" },
});

/** Sentences of the log by kind of event; fields are the event's own. */
export const told = dictionary({
  raised: {
    vi: (sites: number, codes: string) => `Báo động, ${sites} điểm cầu: ${codes}`,
    en: (sites: number, codes: string) => `Alarm, ${sites} sites: ${codes}`,
  },
  raisedAlone: { vi: "Báo động", en: "Alarm" },
  joined: {
    vi: (sites: number, codes: string) => `Thêm ${sites} điểm cầu: ${codes}`,
    en: (sites: number, codes: string) => `${sites} more sites: ${codes}`,
  },
  left: {
    vi: (sites: number, why: string, codes: string) => `${sites} điểm cầu ${why}: ${codes}`,
    en: (sites: number, why: string, codes: string) => `${sites} sites ${why}: ${codes}`,
  },
  worsened: {
    vi: (severity: string) => `Nặng hơn: ${severity}`,
    en: (severity: string) => `Worse: ${severity}`,
  },
  cleared: { vi: (why: string) => `Hết báo động: ${why}`, en: (why: string) => `Over: ${why}` },
  acknowledged: {
    vi: (name: string, until: string, word: string) => `${name} nhận ${until}${word}`,
    en: (name: string, until: string, word: string) => `${name} took it ${until}${word}`,
  },
  takenOver: {
    vi: (name: string, from: string, until: string, word: string) =>
      `${name} nhận thay ${from} ${until}${word}`,
    en: (name: string, from: string, until: string, word: string) =>
      `${name} took it over from ${from} ${until}${word}`,
  },
  untilTime: { vi: (time: string) => `đến ${time}`, en: (time: string) => `until ${time}` },
  untilClear: { vi: "đến khi hết", en: "until it clears" },
  acknowledgement_ended: {
    vi: (why: string) => `Không còn người nhận: ${why}`,
    en: (why: string) => `Nobody has it any more: ${why}`,
  },
  escalated: {
    vi: (level: number) => `Chưa ai nhận: nâng lên bậc ${level}`,
    en: (level: number) => `Nobody took it: step ${level}`,
  },
  told: {
    vi: (channel: string) => `Đã báo qua “${channel}”`,
    en: (channel: string) => `Told through “${channel}”`,
  },
  toldOver: {
    vi: (channel: string) => `Đã báo hết qua “${channel}”`,
    en: (channel: string) => `Told through “${channel}” that it is over`,
  },
  centre_started: {
    vi: (n: number) => `Trung tâm khởi động, tiếp tục ${n} báo động`,
    en: (n: number) => `The centre started; ${n} alarms go on`,
  },
  work_planned: {
    vi: (where: string, why: string) => `Báo trước công việc tại ${where}: ${why}`,
    en: (where: string, why: string) => `Work planned at ${where}: ${why}`,
  },
  work_ended: {
    vi: (where: string) => `Kết thúc sớm công việc tại ${where}`,
    en: (where: string) => `Work at ${where} ended early`,
  },
  rules_changed: {
    vi: (n: number) => `Sửa quy tắc (bản ${n})`,
    en: (n: number) => `Rules changed (version ${n})`,
  },
  channel_changed: {
    vi: (name: string, what: string) => `Kênh “${name}”: ${what}`,
    en: (name: string, what: string) => `Channel “${name}”: ${what}`,
  },
});

export const whys = dictionary({
  back: { vi: "trở lại bình thường", en: "back to normal" },
  planned: { vi: "thuộc công việc có kế hoạch", en: "under planned work" },
  apart: { vi: "tách thành báo động riêng", en: "now an alarm of its own" },
  merged: { vi: "gộp vào nguyên nhân rộng hơn", en: "merged into a wider cause" },
  flapping: { vi: "chập chờn, theo dõi riêng", en: "comes and goes, watched apart" },
  idle: { vi: "không có buổi học hay bài thi nào cần đến", en: "not needed by any session or exam" },
  over: { vi: "hết thời gian chờ", en: "the time is over" },
  expired: { vi: "hết hạn", en: "expired" },
  changed: { vi: "báo động lan rộng", en: "the alarm grew" },
  withdrawn: { vi: "trả lại", en: "given back" },
  added: { vi: "thêm", en: "added" },
  removed: { vi: "xoá", en: "removed" },
  tested: { vi: "gửi thử", en: "tested" },
});
