import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { dayAndTime } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { Alert, Chip, Field, Modal } from "../shared/parts";
import { can } from "../shared/signed";

const w = dictionary({
  title: { vi: "Ghi hình các buổi học", en: "Recording of the sessions" },
  change: { vi: "Sửa quy định", en: "Change the rule" },
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
  province: { vi: "theo mặc định của tỉnh", en: "the province's default" },
  set: {
    vi: (who: string, at: string) => `${who} đặt lúc ${at}`,
    en: (who: string, at: string) => `set by ${who}, ${at}`,
  },
  save: { vi: "Lưu", en: "Save" },
});

interface Rule {
  record: boolean;
  keep_days: number;
}

interface Made {
  rule: Rule;
  version: number;
  at_ms: number;
  who: string;
}

/** Whether the sessions of a course are recorded, and for how long that is kept. */
export function RecordingRuleOf({ course }: { course: string }): JSX.Element {
  const path = `/api/v1/courses/${course}/recording-rule`;
  const asked = useAsked<Made>(path);
  const [changing, change] = useState(false);
  const made = asked.value;
  return (
    <section class="card stack noprint">
      <div class="row">
        <h2 class="grow">{w.title}</h2>
        {can("courses.plan") && (
          <button class="button" disabled={made === null} onClick={() => change(true)}>
            {w.change}
          </button>
        )}
      </div>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {made && (
        <p class="row">
          <Chip tone={made.rule.record ? "warn" : "good"}>{made.rule.record ? w.recorded : w.not}</Chip>
          <span class="num">{w.days(made.rule.keep_days)}</span>
          <span class="muted num">{made.version ? w.set(made.who, dayAndTime(made.at_ms)) : w.province}</span>
        </p>
      )}
      {changing && made && (
        <Change
          path={path}
          rule={made.rule}
          onClose={() => change(false)}
          onDone={() => {
            change(false);
            asked.again();
          }}
        />
      )}
    </section>
  );
}

function Change(props: { path: string; rule: Rule; onClose: () => void; onDone: () => void }): JSX.Element {
  const [rule, set] = useState(props.rule);
  const { busy, fault, run } = useDoing();
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(() => api.put(props.path, rule).then(props.onDone));
  };
  return (
    <Modal title={w.title} onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
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
        <p class="muted">{w.later}</p>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary" disabled={busy}>
          {w.save}
        </button>
      </form>
    </Modal>
  );
}
