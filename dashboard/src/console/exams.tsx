import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import type { Exam } from "../shared/exam";
import { dayAndTime, fieldTime } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Alert, Chip, Field, Modal } from "../shared/parts";
import { can } from "../shared/signed";
import type { Site } from "../shared/site";
import { examStates } from "../wall/words";
import { OneExam, stageTone } from "./exam";
import { asked, counted, NO_CHOICE, type PaperChoice } from "./papers/choice";
import { ChooseQuestions } from "./papers/choose";
import { Rehearse } from "./papers/rehearsal";
import { w as words } from "./papers/words";
import { type Choice, SitePicker } from "./picker";
import { AUTOMATIC, PlanRelease, type ReleasePlan, releaseWish } from "./releaseplan";
import { t } from "./words";

const w = dictionary({
  fresh: { vi: "Tạo bài thi", en: "Plan an exam" },
  none: { vi: "Chưa có bài thi nào.", en: "No exams yet." },
  titleOf: { vi: "Tên bài thi", en: "Title" },
  t0: { vi: "Giờ mở đề", en: "Opens at" },
  minutes: { vi: "Thời gian làm bài (phút)", en: "Duration (minutes)" },
  codes: { vi: "Số mã đề", en: "Paper codes" },
  timing: { vi: "Mốc thời gian", en: "Timing" },
  signIn: { vi: "Nhận thí sinh trước giờ mở (phút)", en: "Sign-in opens before the start (minutes)" },
  release: { vi: "Phát khoá trước giờ mở (giây)", en: "Key released before the start (seconds)" },
  jitter: { vi: "Rải thời điểm nộp (giây)", en: "Spread of uploads (seconds)" },
  late: { vi: "Mở muộn nhất sau T0 (phút)", en: "Latest opening after T0 (minutes)" },
  minute: { vi: (n: number) => `${n} phút`, en: (n: number) => `${n} min` },
  candidates: { vi: (n: number) => `${n} thí sinh`, en: (n: number) => `${n} candidates` },
});

export function Exams(): JSX.Element {
  const list = useAsked<Exam[]>("/api/v1/exams", 5000);
  const [open, show] = useState<string | null>(null);
  const [planning, plan] = useState(false);
  if (open !== null) return <OneExam id={open} onBack={() => show(null)} />;
  const sorted = (list.value ?? [])
    .filter((exam) => !exam.archived)
    .sort((a, b) => b.starts_ms - a.starts_ms);
  const past = (list.value ?? []).filter((exam) => exam.archived);
  return (
    <div class="stack">
      <div class="row">
        <h1 class="grow">{t.exams}</h1>
        {can("exams.conduct") && <Rehearse onMade={list.again} />}
        {can("exams.plan") && (
          <button class="button primary" onClick={() => plan(true)}>
            {w.fresh}
          </button>
        )}
      </div>
      {list.fault && <Alert tone="bad">{list.fault}</Alert>}
      {list.value?.length === 0 && <p class="muted">{w.none}</p>}
      {sorted.map((exam) => (
        <button key={exam.id} class="card line" onClick={() => show(exam.id)}>
          <span class="grow">
            <h2>{exam.title}</h2>
            <span class="muted num">
              {dayAndTime(exam.starts_ms)} · {w.minute(Math.round(exam.duration_s / 60))} ·{" "}
              {t.rows(exam.site_count)} · {w.candidates(exam.registered)}
            </span>
          </span>
          <Chip tone={stageTone(exam.state)}>{worded(examStates, exam.state)}</Chip>
        </button>
      ))}
      {past.length > 0 && (
        <details>
          <summary>{words.past(past.length)}</summary>
          {past.map((exam) => (
            <button key={exam.id} class="button small" onClick={() => show(exam.id)}>
              {dayAndTime(exam.starts_ms)}
            </button>
          ))}
        </details>
      )}
      {planning && (
        <Planning
          onClose={() => plan(false)}
          onMade={(made) => {
            plan(false);
            list.again();
            show(made.id);
          }}
        />
      )}
    </div>
  );
}

interface Wish {
  title: string;
  at: string;
  minutes: number;
  codes: number;
  signInMinutes: number;
  releaseS: number;
  jitterS: number;
  lateMinutes: number;
}

function wished(wish: Wish, choice: Choice, paper: PaperChoice, release: ReleasePlan): unknown {
  return {
    ...releaseWish(release),
    title: wish.title,
    starts_ms: new Date(wish.at).getTime(),
    duration_s: Math.round(wish.minutes * 60),
    ...asked(paper),
    codes: wish.codes,
    sites: choice && [...choice],
    sign_in_lead_s: wish.signInMinutes * 60,
    release_lead_s: wish.releaseS,
    upload_jitter_s: wish.jitterS,
    late_cap_s: wish.lateMinutes * 60,
  };
}

/** The next full hour that leaves half an hour to plan. */
function nextHour(now: number): number {
  return Math.ceil((now + 1_800_000) / 3_600_000) * 3_600_000;
}

function Planning(props: { onClose: () => void; onMade: (exam: Exam) => void }): JSX.Element {
  const sites = useAsked<Site[]>("/api/v1/sites");
  const [choice, choose] = useState<Choice>(null);
  const [paper, choosePaper] = useState<PaperChoice>(NO_CHOICE);
  const [release, planRelease] = useState<ReleasePlan>(AUTOMATIC);
  const { busy, fault, run } = useDoing();
  const [wish, setWish] = useState<Wish>({
    title: "",
    at: fieldTime(nextHour(Date.now())),
    minutes: 30,
    codes: 2,
    signInMinutes: 30,
    releaseS: 60,
    jitterS: 20,
    lateMinutes: 30,
  });
  const change = (part: Partial<Wish>): void => setWish({ ...wish, ...part });
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () =>
      props.onMade(await api.post<Exam>("/api/v1/exams", wished(wish, choice, paper, release))),
    );
  };
  const number = (key: keyof Wish, label: string, min: number, step = 1): JSX.Element => (
    <Field label={label}>
      <input
        type="number"
        required
        min={min}
        step={step}
        value={wish[key]}
        onInput={(e) => change({ [key]: e.currentTarget.valueAsNumber })}
      />
    </Field>
  );
  return (
    <Modal title={w.fresh} wide onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label={w.titleOf}>
          <input required value={wish.title} onInput={(e) => change({ title: e.currentTarget.value })} />
        </Field>
        <div class="columns">
          <Field label={w.t0}>
            <input
              type="datetime-local"
              step={1}
              required
              value={wish.at}
              onInput={(e) => change({ at: e.currentTarget.value })}
            />
          </Field>
          {number("minutes", w.minutes, 0.5, 0.5)}
          {number("codes", w.codes, 1)}
        </div>
        <ChooseQuestions choice={paper} onChoose={choosePaper} />
        <PlanRelease plan={release} onPlan={planRelease} />
        <details>
          <summary>{w.timing}</summary>
          <div class="columns">
            {number("signInMinutes", w.signIn, 0, 0.5)}
            {number("releaseS", w.release, 0)}
            {number("jitterS", w.jitter, 0)}
            {number("lateMinutes", w.late, 0, 0.5)}
          </div>
        </details>
        <SitePicker sites={sites.value ?? []} choice={choice} onChoose={choose} />
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary" disabled={busy || choice?.size === 0 || counted(paper) === 0}>
          {t.create}
        </button>
      </form>
    </Modal>
  );
}
