import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { useAsked } from "../shared/asked";
import {
  type Exam,
  EXAM_ORDERS,
  type ExamOrder,
  type ExamSite,
  type ExamStage,
  hasResults,
} from "../shared/exam";
import { countdown, dayAndTime, decimal, timeOfDay } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Alert, Bar, Chip, type Tone } from "../shared/parts";
import { can } from "../shared/signed";
import { examStates } from "../wall/words";
import { Conflicts } from "./conflicts";
import { Heads } from "./heads";
import { Moves } from "./moves";
import { Preview } from "./papers/preview";
import { Papers } from "./papers/print";
import { Sheets } from "./sheets/sheets";
import { Vouchers } from "./vouchers";
import { ReadinessOf } from "./readiness";
import { ReleaseDesk } from "./release";
import { examOrders, t } from "./words";

const w = dictionary({
  sure: {
    vi: (order: string, title: string) => `${order}: “${title}”?`,
    en: (order: string, title: string) => `${order}: “${title}”?`,
  },
  seal: {
    vi: "Đề được bốc từ ngân hàng, mã hoá riêng cho từng điểm cầu và gửi đi. Sau đó không đổi được câu hỏi.",
    en: "Papers are drawn from the bank, encrypted for each site and sent. Questions cannot change afterwards.",
  },
  arm: {
    vi: "Khoá sẽ được phát và đề sẽ mở đúng giờ T0, không cần bấm gì thêm.",
    en: "The key is released and papers open at T0 by themselves.",
  },
  cancel: { vi: "Không khôi phục được.", en: "This cannot be undone." },
  mark: { vi: "Chấm mọi bài đã về trung tâm.", en: "Marks every answer that has arrived." },
  markAgain: { vi: "Chấm lại", en: "Mark again" },
  publish: { vi: "Kết quả trở thành chính thức.", en: "Results become final." },
  toT0: { vi: (time: string) => `Mở đề sau ${time}`, en: (time: string) => `Opens in ${time}` },
  toEnd: { vi: (time: string) => `Còn lại ${time}`, en: (time: string) => `${time} remain` },
  codes: { vi: "Mã đề", en: "Paper codes" },
  questions: { vi: (n: number) => `${n} câu`, en: (n: number) => `${n} questions` },
  package: { vi: "Gói đề", en: "Paper" },
  opened: { vi: "Mở đề", en: "Opened" },
  afterT0: { vi: "Sau T0", en: "After T0" },
  registered: { vi: "Đăng ký", en: "Registered" },
  signedIn: { vi: "Vào thi", en: "Signed in" },
  started: { vi: "Làm bài", en: "Started" },
  answered: { vi: "Câu trả lời", en: "Answers" },
  received: { vi: "Đã về trung tâm", en: "At the centre" },
  handedIn: { vi: "Đã nộp", en: "Handed in" },
  total: { vi: "Tổng", en: "Total" },
  slips: { vi: "In phiếu dự thi", en: "Print slips" },
  results: { vi: "Xem kết quả", en: "Results" },
});

const TONES: Record<ExamStage, Tone> = {
  draft: "idle",
  sealed: "minor",
  armed: "warn",
  released: "warn",
  open: "good",
  closing: "warn",
  closed: "minor",
  marked: "minor",
  published: "good",
  cancelled: "idle",
};

export function stageTone(stage: ExamStage): Tone {
  return TONES[stage] ?? "idle";
}

export function OneExam({ id, onBack }: { id: string; onBack: () => void }): JSX.Element {
  const asked = useAsked<Exam>(`/api/v1/exams/${id}`, 2000);
  const [printing, print] = useState(false);
  const [beside, show] = useState<"" | "preview" | "sheets">("");
  const exam = asked.value;
  if (beside === "preview") return <Preview exam={id} onBack={() => show("")} />;
  if (beside === "sheets" && exam) return <Sheets exam={exam} onBack={() => show("")} />;
  if (printing && exam) return <Vouchers exam={exam} onBack={() => print(false)} />;
  return (
    <div class="stack">
      <div>
        <button class="button small" onClick={onBack}>
          {t.back}
        </button>
      </div>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {exam && (
        <>
          <Head exam={exam} />
          <div class="row">
            {can("exams.conduct") &&
              EXAM_ORDERS[exam.state].map((order) => (
                <Order key={order} exam={exam} order={order} onDone={asked.again} />
              ))}
            {can("exams.vouchers") && exam.state !== "draft" && exam.state !== "cancelled" && (
              <button class="button" onClick={() => print(true)}>
                {w.slips}
              </button>
            )}
            {can("results.see") && hasResults(exam.state) && (
              <a class="button primary" href={`/results/${exam.id}`}>
                {w.results}
              </a>
            )}
          </div>
          <Papers exam={exam} onPreview={() => show("preview")} onSheets={() => show("sheets")} />
          {can("exams.conduct") && <ReleaseDesk exam={exam} onDone={asked.again} />}
          {can("exams.conduct") && <ReadinessOf exam={exam} />}
          <Progress exam={exam} />
          {can("exams.conduct") && exam.state !== "draft" && exam.state !== "cancelled" && (
            <>
              <Conflicts exam={exam} />
              <Heads exam={exam} />
              <Moves exam={exam} />
            </>
          )}
        </>
      )}
    </div>
  );
}

function Head({ exam }: { exam: Exam }): JSX.Element {
  const [now, tick] = useState(Date.now());
  useEffect(() => {
    const second = setInterval(() => tick(Date.now()), 1000);
    return () => clearInterval(second);
  }, []);
  const endsMs = exam.starts_ms + exam.duration_s * 1000;
  const running = !["draft", "cancelled", "closed", "marked", "published"].includes(exam.state);
  return (
    <div class="row">
      <div class="grow">
        <h1>{exam.title}</h1>
        <p class="muted num">
          T0 {dayAndTime(exam.starts_ms, true)} – {timeOfDay(endsMs)} · {w.questions(exam.questions)} ·{" "}
          {w.codes} {exam.codes.join(", ")}
        </p>
      </div>
      {running && now < endsMs && (
        <b class="countdown num">
          {now < exam.starts_ms ? w.toT0(countdown(exam.starts_ms, now)) : w.toEnd(countdown(endsMs, now))}
        </b>
      )}
      <Chip tone={stageTone(exam.state)}>{worded(examStates, exam.state)}</Chip>
    </div>
  );
}

function Order(props: { exam: Exam; order: ExamOrder; onDone: () => void }): JSX.Element {
  const { exam, order, onDone } = props;
  const again = order === "mark" && exam.state !== "closed";
  const word = again ? w.markAgain : worded(examOrders, order);
  return (
    <Confirmed
      word={word}
      title={w.sure(word, exam.title)}
      class={order === "cancel" ? "danger" : again ? "" : "primary"}
      deed={() => api.post(`/api/v1/exams/${exam.id}/orders`, { order }).then(onDone)}
    >
      {w[order]}
    </Confirmed>
  );
}

type Counted = "registered" | "signed_in" | "started" | "answered" | "received" | "handed_in";
const COUNTED: readonly (readonly [Counted, () => string])[] = [
  ["registered", () => w.registered],
  ["signed_in", () => w.signedIn],
  ["started", () => w.started],
  ["answered", () => w.answered],
  ["received", () => w.received],
  ["handed_in", () => w.handedIn],
];

function Progress({ exam }: { exam: Exam }): JSX.Element {
  const total = (key: Counted): number => exam.sites.reduce((sum, site) => sum + site[key], 0);
  const handed = total("handed_in");
  const signed = total("signed_in");
  return (
    <section class="card stack">
      <div class="row num">
        {w.handedIn} {handed}/{signed}
        <span class="grow">
          <Bar share={handed / Math.max(1, signed)} label={`${handed}/${signed}`} />
        </span>
      </div>
      <div class="scroll-x">
        <table>
          <thead>
            <tr>
              <th>{t.site}</th>
              <th>{w.package}</th>
              <th>{t.state}</th>
              <th class="num">{w.opened}</th>
              <th class="num">{w.afterT0}</th>
              {COUNTED.map(([key, word]) => (
                <th key={key} class="num">
                  {word()}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr class="total">
              <td colSpan={5}>{w.total}</td>
              {COUNTED.map(([key]) => (
                <td key={key} class="num">
                  {total(key)}
                </td>
              ))}
            </tr>
            {exam.sites.map((site) => (
              <SiteRow key={site.site} site={site} startsMs={exam.starts_ms} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const PACKAGES: Record<ExamSite["package"], Tone> = { missing: "bad", sent: "warn", ready: "good" };

function SiteRow({ site, startsMs }: { site: ExamSite; startsMs: number }): JSX.Element {
  const { opened_lo_ms: lo, opened_hi_ms: hi } = site;
  return (
    <tr>
      <td>
        <span class="num">{site.code}</span> <span class="muted">{site.name}</span>
      </td>
      <td class={`tone-${PACKAGES[site.package]}`}>{worded(examStates, site.package)}</td>
      <td>{worded(examStates, site.state)}</td>
      <td class="num">{hi === null ? "–" : timeOfDay(hi, true)}</td>
      <td class="num nowrap">
        {lo === null || hi === null
          ? ""
          : `${decimal((lo + hi) / 2 - startsMs, 0)} ±${decimal((hi - lo) / 2, 0)} ms`}
      </td>
      {COUNTED.map(([key]) => (
        <td key={key} class="num">
          {site[key]}
        </td>
      ))}
    </tr>
  );
}
