import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../../shared/api";
import { useAsked, useDoing } from "../../shared/asked";
import { timeOfDay } from "../../shared/format";
import { dictionary, worded } from "../../shared/i18n";
import { Alert, Chip, Field, type Tone } from "../../shared/parts";
import { can } from "../../shared/signed";
import { t } from "../words";
import { kinds } from "./words";

const v = dictionary({
  title: { vi: "Kế hoạch điểm danh của buổi học", en: "Planned roll calls of the session" },
  none: {
    vi: "Chưa có kế hoạch: chỉ điểm danh khi có người ra lệnh.",
    en: "No plan: roll calls on order only.",
  },
  atStart: { vi: "Đầu buổi", en: "At the start" },
  afterBreak: { vi: "Sau mỗi lần giải lao", en: "After each break" },
  atRandom: { vi: "Số lần ngẫu nhiên", en: "Times at random" },
  randomHint: {
    vi: "Không ai biết trước lúc nào, kể cả trang này và cơ sở dữ liệu.",
    en: "Nobody knows when, not even this page or the database.",
  },
  settle: { vi: "Chờ ổn định chỗ ngồi (phút)", en: "Time to be seated (minutes)" },
  apart: { vi: "Cách nhau ít nhất (phút)", en: "At least so far apart (minutes)" },
  save: { vi: "Lưu kế hoạch", en: "Save the plan" },
  fresh: { vi: "Lập kế hoạch", en: "Make a plan" },
  went: { vi: "Đã diễn ra thế nào", en: "How it went" },
  over: {
    vi: "Buổi học đã kết thúc, kế hoạch không đổi được nữa.",
    en: "The session is over; the plan stands.",
  },
  saved: { vi: "Đã lưu kế hoạch.", en: "The plan is saved." },
});

const lineStates = dictionary({
  waiting: { vi: "Chưa tới", en: "To come" },
  held: { vi: "Đã điểm danh", en: "Held" },
  missed: { vi: "Không thực hiện", en: "Not held" },
});

const TONES: Record<string, Tone> = { waiting: "idle", held: "good", missed: "warn" };

interface RollPlan {
  at_start: boolean;
  after_break: boolean;
  at_random: number;
  settle_s: number;
  apart_s: number;
}

interface Seen {
  plan: RollPlan | null;
  lines: { kind: string; state: string; at_ms: number | null }[];
}

const FRESH: RollPlan = { at_start: true, after_break: true, at_random: 2, settle_s: 300, apart_s: 600 };

/** When the session counts its rooms by itself, and what came of it. */
export function Plan({ session, over }: { session: string; over: boolean }): JSX.Element {
  const path = `/api/v1/sessions/${session}/roll-plan`;
  const asked = useAsked<Seen>(path, 5000);
  const [changed, change] = useState<RollPlan | null>(null);
  const [saved, tell] = useState(false);
  const { busy, fault, run } = useDoing();
  const plan = changed ?? asked.value?.plan ?? null;
  const may = can("rollcall.order") && !over;
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      await api.put(path, plan);
      change(null);
      tell(true);
      asked.again();
    });
  };
  const set = (part: Partial<RollPlan>): void => {
    tell(false);
    change({ ...(plan ?? FRESH), ...part });
  };
  if (!asked.value) {
    return asked.fault ? <Alert tone="bad">{asked.fault}</Alert> : <p class="muted">{t.loading}</p>;
  }
  return (
    <div class="columns top">
      <section class="card stack">
        <h2>{v.title}</h2>
        {plan === null && (
          <>
            <p class="muted">{v.none}</p>
            {may && (
              <button class="button primary" onClick={() => change(FRESH)}>
                {v.fresh}
              </button>
            )}
          </>
        )}
        {over && <p class="muted">{v.over}</p>}
        {plan && (
          <form class="stack" onSubmit={submit}>
            <label class="row">
              <input
                type="checkbox"
                disabled={!may}
                checked={plan.at_start}
                onChange={(e) => set({ at_start: e.currentTarget.checked })}
              />
              {v.atStart}
            </label>
            <label class="row">
              <input
                type="checkbox"
                disabled={!may}
                checked={plan.after_break}
                onChange={(e) => set({ after_break: e.currentTarget.checked })}
              />
              {v.afterBreak}
            </label>
            <Field label={v.atRandom} hint={v.randomHint}>
              <input
                type="number"
                min={0}
                max={12}
                required
                disabled={!may}
                value={plan.at_random}
                onInput={(e) => set({ at_random: e.currentTarget.valueAsNumber })}
              />
            </Field>
            <div class="columns">
              <Field label={v.settle}>
                <input
                  type="number"
                  min={0}
                  max={60}
                  required
                  disabled={!may}
                  value={plan.settle_s / 60}
                  onInput={(e) => set({ settle_s: e.currentTarget.valueAsNumber * 60 })}
                />
              </Field>
              <Field label={v.apart}>
                <input
                  type="number"
                  min={1}
                  max={120}
                  required
                  disabled={!may}
                  value={plan.apart_s / 60}
                  onInput={(e) => set({ apart_s: e.currentTarget.valueAsNumber * 60 })}
                />
              </Field>
            </div>
            {fault && <Alert tone="bad">{fault}</Alert>}
            {saved && <Alert tone="good">{v.saved}</Alert>}
            {may && (
              <button class="button primary" disabled={busy || changed === null}>
                {v.save}
              </button>
            )}
          </form>
        )}
      </section>
      {asked.value.lines.length > 0 && (
        <section class="card stack">
          <h2>{v.went}</h2>
          <table>
            <tbody>
              {asked.value.lines.map((line, place) => (
                <tr key={place}>
                  <td>{worded(kinds, line.kind)}</td>
                  <td class="num big">{line.at_ms === null ? "" : timeOfDay(line.at_ms)}</td>
                  <td>
                    <Chip tone={TONES[line.state] ?? "idle"}>{worded(lineStates, line.state)}</Chip>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}
