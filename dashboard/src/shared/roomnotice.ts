import { dictionary } from "./i18n";

/** What may leave a room besides its count, as the agent tells its pages; null while the centre has said nothing. */
export interface RoomRules {
  policy: string;
  keep_days: number;
  seen_by: string;
  /** A room that asked to speak is shown to the others as it is, although the rule blurs. */
  speaker_seen?: boolean;
}

const t = dictionary({
  counted: {
    vi: "Camera chỉ đếm số người, không nhận diện ai.",
    en: "The camera only counts people; nobody is identified.",
  },
  countOnly: {
    vi: "Chỉ giữ con số; không hình nào rời khỏi phòng.",
    en: "Only the number is kept; no picture leaves the room.",
  },
  blurred: {
    vi: (days: number) =>
      `Kèm con số là một hình thu nhỏ không nhận ra mặt ai${days ? `, giữ ${days} ngày rồi xóa` : ""}.`,
    en: (days: number) =>
      `With it goes a picture so small that no face can be known${days ? `, erased after ${days} days` : ""}.`,
  },
  full: {
    vi: (days: number) => `Kèm con số là một hình chụp phòng${days ? `, giữ ${days} ngày rồi xóa` : ""}.`,
    en: (days: number) => `With it goes a picture of the room${days ? `, erased after ${days} days` : ""}.`,
  },
  number: {
    vi: "Con số được lưu cùng hồ sơ lớp.",
    en: "The number is kept with the records of the course.",
  },
  speaker: {
    vi: "Khi phòng tự giơ tay và được mời phát biểu, các điểm cầu khác thấy rõ phòng này.",
    en: "When this room raises its hand and is called to speak, the other rooms see it clearly.",
  },
  seen: { vi: (who: string) => `Người được xem: ${who}.`, en: (who: string) => `Seen by: ${who}.` },
  organisers: { vi: "ban tổ chức lớp", en: "the organisers" },
  law: { vi: "(Luật\u00a091/2025/QH15)", en: "(Law\u00a091/2025/QH15)" },
});

/** What is counted, what is kept and how long, who sees it: for everybody in the room. */
export function roomNotice(rules: RoomRules | null): string[] {
  const speaker = rules?.policy === "blurred" && rules.speaker_seen ? [t.speaker] : [];
  return [
    t.counted,
    keptOf(rules),
    ...speaker,
    t.number,
    `${t.seen(rules?.seen_by || t.organisers)} ${t.law}`,
  ];
}

/** A rule that this page does not know is told as the most that may happen, never as less. */
function keptOf(rules: RoomRules | null): string {
  if (!rules || rules.policy === "count_only") return t.countOnly;
  return rules.policy === "blurred" ? t.blurred(rules.keep_days) : t.full(rules.keep_days);
}
