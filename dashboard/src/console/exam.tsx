import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { useAsked } from "../shared/asked";
import { Awaited } from "../shared/awaited";
import { type Exam, EXAM_ORDERS, type ExamOrder, type ExamStage, hasResults } from "../shared/exam";
import { countdown, dayAndTime, timeOfDay } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Alert, Chip, type Tone } from "../shared/parts";
import { can } from "../shared/signed";
import { examStates } from "../wall/words";
import { Conflicts } from "./conflicts";
import { Heads } from "./heads";
import { Moves } from "./moves";
import { Preview } from "./papers/preview";
import { EnterSheets, Papers } from "./papers/print";
import { Progress } from "./progress";
import { Sheets } from "./sheets/sheets";
import { Vouchers } from "./vouchers";
import { isShown, ReadinessOf } from "./readiness";
import { MoveStart, OfficersOf, ReleaseDesk } from "./release";
import { examOrders, t } from "./words";

const w = dictionary({
  sure: {
    vi: (order: string, title: string) => `${order}: “${title}”?`,
    en: (order: string, title: string) => `${order}: “${title}”?`,
  },
  seal: {
    vi: "Đề được bốc từ ngân hàng và mã hoá riêng cho từng điểm cầu. Sau đó không đổi được câu hỏi. Gói đề chưa gửi đi.",
    en: "Papers are drawn from the bank and encrypted for each site. Questions cannot change. Nothing is sent yet.",
  },
  arm: {
    vi: "Gói đề được gửi ngay tới các điểm cầu; khoá sẽ được phát và đề sẽ mở đúng giờ, không cần bấm gì thêm.",
    en: "Packages go to the sites now; the key is released and papers open at the start by themselves.",
  },
  notSent: {
    vi: "Chưa điểm cầu nào được gửi gói đề. Bấm “Sẵn sàng mở theo giờ”, tốt nhất trước giờ thi 48 giờ.",
    en: "No site has been sent its package yet. Press “Arm for the start”, best 48 hours before the start.",
  },
  cancel: { vi: "Không khôi phục được.", en: "This cannot be undone." },
  mark: { vi: "Chấm mọi bài đã về trung tâm.", en: "Marks every answer that has arrived." },
  markAgain: { vi: "Chấm lại", en: "Mark again" },
  publish: { vi: "Kết quả trở thành chính thức.", en: "Results become final." },
  opensAt: { vi: "Mở đề", en: "Opens" },
  toT0: { vi: (time: string) => `Mở đề sau ${time}`, en: (time: string) => `Opens in ${time}` },
  toEnd: { vi: (time: string) => `Còn lại ${time}`, en: (time: string) => `${time} remain` },
  codes: { vi: "Mã đề", en: "Paper codes" },
  questions: { vi: (n: number) => `${n} câu`, en: (n: number) => `${n} questions` },
  slips: { vi: "Phiếu dự thi trên màn hình", en: "Slips on the screen" },
  results: { vi: "Xem kết quả", en: "Results" },
  board: { vi: "Bảng toàn tỉnh", en: "Province board" },
  parts: { vi: "Các phần của ngày thi", en: "Parts of the exam day" },
  papers: { vi: "Đề và bản in", en: "Papers and print" },
  ready: { vi: "Gói đề, sẵn sàng", en: "Package, readiness" },
  release: { vi: "Mở đề", en: "Release" },
  during: { vi: "Trong giờ thi", en: "During the exam" },
  after: { vi: "Sau giờ thi", en: "After the exam" },
  notSealed: { vi: "Chưa có gì: đề chưa niêm phong.", en: "Nothing yet: the papers are not sealed." },
  readyOver: {
    vi: "Bảng sẵn sàng có từ lúc niêm phong đến lúc hết giờ.",
    en: "Readiness is shown from sealing until the close.",
  },
  byConductors: { vi: "Phần này dành cho người điều hành.", en: "This part is for conductors." },
  notOver: { vi: "Bài thi chưa kết thúc.", en: "The exam is not over." },
  portal: {
    vi: "Thí sinh tra kết quả bằng số báo danh và mã biên nhận tại:",
    en: "Candidates look up their result by number and receipt at:",
  },
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

type Part = "papers" | "ready" | "release" | "during" | "after";
const PARTS: readonly Part[] = ["papers", "ready", "release", "during", "after"];

/** Where the day is: the part that people most likely came for. */
export function partOf(stage: ExamStage): Part {
  if (stage === "draft" || stage === "cancelled") return "papers";
  if (stage === "sealed" || stage === "armed") return "ready";
  if (stage === "released") return "release";
  return hasResults(stage) ? "after" : "during";
}

export function OneExam({ id, onBack }: { id: string; onBack: () => void }): JSX.Element {
  const asked = useAsked<Exam>(`/api/v1/exams/${id}`, 2000);
  const [beside, show] = useState<"" | "preview" | "sheets" | "slips">("");
  const [chosen, choose] = useState<Part | null>(null);
  const exam = asked.value;
  const back = (): void => show("");
  if (beside === "preview" && exam) return <Preview exam={exam} onBack={back} />;
  if (beside === "sheets" && exam) return <Sheets exam={exam} onBack={back} />;
  if (beside === "slips" && exam) return <Vouchers exam={exam} onBack={back} />;
  const part = chosen ?? (exam ? partOf(exam.state) : "papers");
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
          {exam.state === "sealed" && <Alert tone="warn">{w.notSent}</Alert>}
          {exam.state === "closing" && can("wall.see") && <Awaited exam={exam.id} />}
          <Orders exam={exam} onDone={asked.again} />
          <nav class="parts" aria-label={w.parts}>
            {PARTS.map((each, place) => (
              <button
                key={each}
                class="button"
                aria-current={each === part ? "step" : undefined}
                onClick={() => choose(each)}
              >
                {place + 1}. {w[each]}
              </button>
            ))}
          </nav>
          <PartOf part={part} exam={exam} onShow={show} onDone={asked.again} />
        </>
      )}
    </div>
  );
}

/** The next step of the exam, its pages elsewhere, and, apart from them, its end. */
function Orders({ exam, onDone }: { exam: Exam; onDone: () => void }): JSX.Element {
  const orders = can("exams.conduct") ? EXAM_ORDERS[exam.state] : [];
  const order = (each: ExamOrder): JSX.Element => (
    <Order key={each} exam={exam} order={each} onDone={onDone} />
  );
  return (
    <div class="row">
      {orders.filter((each) => each !== "cancel").map(order)}
      {can("wall.see") && hasBoard(exam.state) && (
        <a class="button" href={`/board/${exam.id}`}>
          {w.board}
        </a>
      )}
      {can("results.see") && hasResults(exam.state) && (
        <a class="button" href={`/results/${exam.id}`}>
          {w.results}
        </a>
      )}
      <span class="grow" />
      {orders.filter((each) => each === "cancel").map(order)}
    </div>
  );
}

function hasBoard(stage: ExamStage): boolean {
  return stage !== "draft" && stage !== "cancelled";
}

function PartOf(props: {
  part: Part;
  exam: Exam;
  onShow: (beside: "preview" | "sheets" | "slips") => void;
  onDone: () => void;
}): JSX.Element {
  const { part, exam, onShow, onDone } = props;
  const conducts = can("exams.conduct");
  const sealed = hasBoard(exam.state);
  const sheets = <EnterSheets exam={exam} onSheets={() => onShow("sheets")} />;
  if (!sealed && part !== "papers") return <p class="muted">{w.notSealed}</p>;
  switch (part) {
    case "papers":
      return (
        <>
          <Papers exam={exam} onPreview={() => onShow("preview")} />
          {sealed && can("exams.vouchers") && (
            <div class="row">
              <button class="button" onClick={() => onShow("slips")}>
                {w.slips}
              </button>
            </div>
          )}
          {!sealed && <Progress exam={exam} />}
        </>
      );
    case "ready":
      return (
        <>
          {conducts && <MoveStart exam={exam} onDone={onDone} />}
          {conducts && <OfficersOf exam={exam} />}
          {conducts && <ReadinessOf exam={exam} />}
          {(!conducts || !isShown(exam.state)) && <p class="muted">{w.readyOver}</p>}
        </>
      );
    case "release":
      return conducts ? <ReleaseDesk exam={exam} onDone={onDone} /> : <p class="muted">{w.byConductors}</p>;
    case "during":
      return (
        <>
          <Progress exam={exam} />
          {sheets}
          {conducts && <Moves exam={exam} />}
        </>
      );
    case "after":
      return (
        <>
          {!hasResults(exam.state) && <p class="muted">{w.notOver}</p>}
          {sheets}
          {conducts && <Conflicts exam={exam} />}
          {conducts && <Heads exam={exam} />}
          {hasResults(exam.state) && (
            <p>
              {w.portal} <a href={`/portal/${exam.id}`}>{`${location.origin}/portal/${exam.id}`}</a>
            </p>
          )}
        </>
      );
  }
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
          {w.opensAt} {dayAndTime(exam.starts_ms, true)} – {timeOfDay(endsMs)} · {w.questions(exam.questions)}{" "}
          · {w.codes} {exam.codes.join(", ")}
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
