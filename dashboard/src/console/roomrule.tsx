import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { dayAndTime } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Alert, Chip, Field, Modal } from "../shared/parts";
import { can } from "../shared/signed";

const w = dictionary({
  title: { vi: "Ảnh và số người trong phòng học", en: "Pictures and numbers of the rooms" },
  change: { vi: "Sửa quy định", en: "Change the rule" },
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
    vi: "Dự kiến, camera và khai báo lệch nhau nhiều hơn thì hỏi lại điểm cầu.",
    en: "Where expected, counted and declared differ by more, the site is asked.",
  },
  save: { vi: "Lưu", en: "Save" },
  days: { vi: (n: number) => `lưu ${n} ngày`, en: (n: number) => `kept ${n} days` },
  none: { vi: "không lưu ảnh", en: "no picture kept" },
  within: { vi: (n: number) => `cho lệch ${n} người`, en: (n: number) => `${n} people tolerated` },
  province: { vi: "theo mặc định của tỉnh", en: "the province's default" },
  set: {
    vi: (who: string, at: string) => `${who} đặt lúc ${at}`,
    en: (who: string, at: string) => `set by ${who}, ${at}`,
  },
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
}

interface Made {
  rule: Rule;
  version: number;
  at_ms: number;
  who: string;
}

/** What may leave the rooms of a course, for how long it is kept, and which difference asks for a word. */
export function RoomRuleOf({ course }: { course: string }): JSX.Element {
  const path = `/api/v1/courses/${course}/room-rule`;
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
          <Chip tone={made.rule.policy === "full" ? "warn" : "good"}>
            {worded(policies, made.rule.policy)}
          </Chip>
          <span class="num">
            {made.rule.keep_days ? w.days(made.rule.keep_days) : w.none} · {made.rule.seen_by} ·{" "}
            {w.within(made.rule.tolerance)}
          </span>
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
        <Field label={w.policy}>
          <select
            value={rule.policy}
            onChange={(e) => set({ ...rule, policy: e.currentTarget.value as Rule["policy"] })}
          >
            {(["count_only", "blurred", "full"] as const).map((policy) => (
              <option key={policy} value={policy}>
                {policies[policy]}
              </option>
            ))}
          </select>
        </Field>
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
        <p class="muted">{w.later}</p>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary" disabled={busy}>
          {w.save}
        </button>
      </form>
    </Modal>
  );
}
