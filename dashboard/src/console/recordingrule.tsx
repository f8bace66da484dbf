import type { JSX } from "preact";
import { dictionary } from "../shared/i18n";
import { Chip, Field } from "../shared/parts";
import { CourseRule } from "./courserule";

const w = dictionary({
  title: { vi: "Ghi hình các buổi học", en: "Recording of the sessions" },
  record: { vi: "Tự ghi hình khi buổi học diễn ra", en: "Record each session while it is live" },
  recordHint: {
    vi: "Người điều hành hoặc giảng viên vẫn tắt, bật được từng buổi. Giờ giải lao không ghi.",
    en: "Operators and the lecturer can still switch each session. Breaks are not recorded.",
  },
  keep: { vi: "Lưu bản ghi (ngày)", en: "Keep recordings (days)" },
  keepHint: {
    vi: "Hết hạn, bản ghi bị xóa và có biên bản xóa.",
    en: "Then the recording is erased, with proof.",
  },
  later: {
    vi: "Bản ghi đã có giữ thời hạn cũ.",
    en: "Recordings that exist keep the days they were made under.",
  },
  recorded: { vi: "Có ghi hình", en: "Recorded" },
  not: { vi: "Không ghi hình", en: "Not recorded" },
  days: { vi: (n: number) => `lưu ${n} ngày`, en: (n: number) => `kept ${n} days` },
});

interface Rule {
  record: boolean;
  keep_days: number;
}

/** Whether the sessions of a course are recorded, and for how long that is kept. */
export function RecordingRuleOf({ course }: { course: string }): JSX.Element {
  return (
    <CourseRule<Rule>
      title={w.title}
      path={`/api/v1/courses/${course}/recording-rule`}
      later={w.later}
      says={(rule) => (
        <>
          <Chip tone={rule.record ? "warn" : "good"}>{rule.record ? w.recorded : w.not}</Chip>
          <span class="num">{w.days(rule.keep_days)}</span>
        </>
      )}
      fields={(rule, set) => (
        <>
          <label class="row">
            <input
              type="checkbox"
              checked={rule.record}
              onChange={(e) => set({ ...rule, record: e.currentTarget.checked })}
            />
            <b>{w.record}</b>
          </label>
          <p class="muted">{w.recordHint}</p>
          <Field label={w.keep} hint={w.keepHint}>
            <input
              type="number"
              min={1}
              max={3650}
              required
              value={rule.keep_days}
              onInput={(e) => set({ ...rule, keep_days: e.currentTarget.valueAsNumber })}
            />
          </Field>
        </>
      )}
    />
  );
}
