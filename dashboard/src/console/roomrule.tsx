import type { JSX } from "preact";
import { dictionary, worded } from "../shared/i18n";
import { Chip, Field } from "../shared/parts";
import { CourseRule } from "./courserule";

const w = dictionary({
  title: { vi: "Ảnh và số người trong phòng học", en: "Pictures and numbers of the rooms" },
  policy: { vi: "Ảnh nào được rời phòng học", en: "Which picture may leave a room" },
  keep: { vi: "Lưu ảnh (ngày)", en: "Keep pictures (days)" },
  keepHint: {
    vi: "Tính từ lúc điểm danh. Hết hạn, ảnh bị xóa và có biên bản xóa; số đếm đã ký vẫn còn.",
    en: "From the roll call on. Then the picture is erased, with proof; the signed count stays.",
  },
  seen: { vi: "Ai được xem ảnh", en: "Who may see pictures" },
  seenHint: { vi: "Người trong phòng đọc được dòng này.", en: "The people in the room read this." },
  tolerance: { vi: "Chênh lệch cho phép (người)", en: "Tolerated difference (people)" },
  toleranceHint: {
    vi: "Dự kiến, camera, khai báo và ký tên lệch nhau nhiều hơn thì hỏi lại điểm cầu.",
    en: "Where expected, counted, declared and signed in differ by more, the site is asked.",
  },
  speaker: {
    vi: "Phòng tự giơ tay được thấy rõ khi phát biểu",
    en: "A room that raised its hand is seen clearly while it speaks",
  },
  speakerHint: {
    vi: "Các điểm cầu khác thấy hình phòng không làm mờ, chỉ trong lúc phòng ấy nói. Người trong phòng được báo trước trên màn hình.",
    en: "The other rooms see it unblurred, only while it speaks. Its people are told on their screen beforehand.",
  },
  speakerSeen: { vi: "thấy rõ phòng đang phát biểu", en: "a room that speaks is seen clearly" },
  days: { vi: (n: number) => `lưu ${n} ngày`, en: (n: number) => `kept ${n} days` },
  none: { vi: "không lưu ảnh", en: "no picture kept" },
  within: { vi: (n: number) => `cho lệch ${n} người`, en: (n: number) => `${n} people tolerated` },
  later: {
    vi: "Có hiệu lực từ lần điểm danh tới; các lần trước giữ nguyên quy định đã báo cho người trong phòng.",
    en: "Holds from the next roll call on; earlier ones keep the rule that their rooms were told.",
  },
});

export const policies = dictionary({
  count_only: { vi: "Chỉ số đếm, không có ảnh", en: "The count alone, no picture" },
  blurred: { vi: "Ảnh đã làm mờ, không nhận ra ai", en: "A blurred picture in which nobody can be known" },
  full: { vi: "Ảnh nguyên", en: "The picture as it is" },
});

interface Rule {
  policy: "count_only" | "blurred" | "full";
  keep_days: number;
  seen_by: string;
  tolerance: number;
  speaker_seen: boolean;
}

/** What may leave the rooms of a course, for how long it is kept, and which difference asks for a word. */
export function RoomRuleOf({ course }: { course: string }): JSX.Element {
  return (
    <CourseRule<Rule>
      title={w.title}
      path={`/api/v1/courses/${course}/room-rule`}
      later={w.later}
      says={(rule) => (
        <>
          <Chip tone={rule.policy === "full" ? "warn" : "good"}>{worded(policies, rule.policy)}</Chip>
          <span class="num">
            {rule.keep_days ? w.days(rule.keep_days) : w.none} · {rule.seen_by} · {w.within(rule.tolerance)}
            {rule.speaker_seen && ` · ${w.speakerSeen}`}
          </span>
        </>
      )}
      fields={(rule, set) => (
        <>
          <Field label={w.policy}>
            <select
              value={rule.policy}
              onChange={(e) => {
                const policy = e.currentTarget.value as Rule["policy"];
                set({ ...rule, policy, speaker_seen: rule.speaker_seen && policy === "blurred" });
              }}
            >
              {(["count_only", "blurred", "full"] as const).map((policy) => (
                <option key={policy} value={policy}>
                  {policies[policy]}
                </option>
              ))}
            </select>
          </Field>
          {rule.policy === "blurred" && (
            <label class="field">
              <span>
                <input
                  type="checkbox"
                  checked={rule.speaker_seen}
                  onChange={(e) => set({ ...rule, speaker_seen: e.currentTarget.checked })}
                />{" "}
                {w.speaker}
              </span>
              <small class="muted">{w.speakerHint}</small>
            </label>
          )}
          <div class="columns">
            <Field label={w.keep} hint={w.keepHint}>
              <input
                type="number"
                min={0}
                max={3650}
                required
                value={rule.keep_days}
                onInput={(e) => set({ ...rule, keep_days: e.currentTarget.valueAsNumber })}
              />
            </Field>
            <Field label={w.tolerance} hint={w.toleranceHint}>
              <input
                type="number"
                min={0}
                max={1000}
                required
                value={rule.tolerance}
                onInput={(e) => set({ ...rule, tolerance: e.currentTarget.valueAsNumber })}
              />
            </Field>
          </div>
          <Field label={w.seen} hint={w.seenHint}>
            <input
              required
              maxLength={300}
              value={rule.seen_by}
              onInput={(e) => set({ ...rule, seen_by: e.currentTarget.value })}
            />
          </Field>
        </>
      )}
    />
  );
}
