import { dictionary } from "./i18n";

/** Why time is missing or added (`wire.exam_fairness.Cause`). */
export const causes = dictionary({
  agent: { vi: "Chương trình ở trường dừng", en: "The site's program stopped" },
  computer: { vi: "Máy tính ở trường tắt", en: "The site's computer was off" },
  device: { vi: "Máy của thí sinh hỏng", en: "A candidate's device failed" },
  line: { vi: "Mất đường truyền", en: "The line was down" },
  fire: { vi: "Dừng khẩn cấp", en: "Emergency stop" },
  power: { vi: "Mất điện", en: "Power cut" },
  illness: { vi: "Ốm đau", en: "Illness" },
  disability: { vi: "Khuyết tật, cần thêm giờ", en: "Disability" },
  disturbance: { vi: "Phòng thi bị làm phiền", en: "Disturbance" },
  late_paper: { vi: "Đề đến muộn", en: "The paper was late" },
  other: { vi: "Lý do khác", en: "Other" },
});

/** What an invigilator writes down (`wire.exam_fairness.IncidentKind`). */
export const incidents = dictionary({
  device: { vi: "Máy hỏng, đổi máy", en: "Device failed" },
  power: { vi: "Mất điện", en: "Power cut" },
  network: { vi: "Mạng trong phòng hỏng", en: "Room network failed" },
  wrong_code: { vi: "Nhầm mã đề", en: "Wrong paper" },
  pin_reset: { vi: "Mở khóa PIN", en: "PIN unlocked" },
  illness: { vi: "Ốm đau", en: "Illness" },
  cheating: { vi: "Vi phạm quy chế", en: "Breach of rules" },
  absent: { vi: "Vắng, bỏ thi", en: "Absent or left" },
  fire: { vi: "Cháy, sơ tán", en: "Fire, evacuation" },
  stopped: { vi: "DỪNG KHẨN CẤP", en: "EMERGENCY STOP" },
  other: { vi: "Việc khác", en: "Other" },
});
