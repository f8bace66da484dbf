import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useDoing } from "../shared/asked";
import type { Exam } from "../shared/exam";
import { dayAndTime } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { Alert } from "../shared/parts";

/** What became of a rescue file, as `POST /api/v1/exam-rescues` tells it. */
interface Rescued {
  exam: string;
  number: string;
  name: string;
  made_ms: number;
  fresh: number;
  known: number;
  conflicts: number;
  unproven: number;
  by_pin: number;
}

const w = dictionary({
  bring: { vi: "Nhập tệp cứu bài", en: "Take in a rescue file" },
  whose: {
    vi: (name: string, number: string, at: string) => `Tệp của ${name} (${number}), lưu lúc ${at}.`,
    en: (name: string, number: string, at: string) => `File of ${name} (${number}), saved at ${at}.`,
  },
  otherExam: { vi: "Tệp này thuộc bài thi khác.", en: "This file belongs to another exam." },
  fresh: {
    vi: (n: number) => `${n} câu trả lời mới, chờ người quyết định ở bảng dưới.`,
    en: (n: number) => `${n} new answers wait for a decision in the table below.`,
  },
  freshElsewhere: {
    vi: (n: number) => `${n} câu trả lời mới, chờ người quyết định ở bài thi đó.`,
    en: (n: number) => `${n} new answers wait for a decision in that exam.`,
  },
  byPin: {
    vi: (n: number) => `Trong đó ${n} câu vào bằng mã PIN: cần đối chiếu danh tính.`,
    en: (n: number) => `${n} of them were signed in by PIN: check who it was.`,
  },
  known: { vi: (n: number) => `${n} câu trung tâm đã có.`, en: (n: number) => `${n} are already here.` },
  conflicts: {
    vi: (n: number) => `${n} câu khác với bản đã có: người phải xem.`,
    en: (n: number) => `${n} contradict what is here: a person must look.`,
  },
  unproven: {
    vi: (n: number) => `${n} câu không chứng minh được, bị bỏ.`,
    en: (n: number) => `${n} could not be proven and were left out.`,
  },
  nothing: { vi: "Tệp không có câu trả lời nào.", en: "The file holds no answers." },
});

function sentences(told: Rescued, here: boolean): string[] {
  const said: [number, (n: number) => string][] = [
    [told.fresh, here ? w.fresh : w.freshElsewhere],
    [told.by_pin, w.byPin],
    [told.known, w.known],
    [told.conflicts, w.conflicts],
    [told.unproven, w.unproven],
  ];
  const lines = said.filter(([count]) => count > 0).map(([count, word]) => word(count));
  return lines.length > 0 ? lines : [w.nothing];
}

/** Takes in the file that a candidate's page saved when it reached nobody. */
export function BringRescue({ exam, onDone }: { exam: Exam; onDone: () => void }): JSX.Element {
  const [told, tell] = useState<Rescued | null>(null);
  const { busy, fault, run } = useDoing();
  const take = (input: HTMLInputElement): void => {
    const file = input.files?.[0];
    if (!file) return;
    tell(null);
    void run(async () => {
      try {
        tell(await api.upload<Rescued>("/api/v1/exam-rescues", file));
        onDone();
      } finally {
        input.value = "";
      }
    });
  };
  return (
    <>
      <div class="row">
        <label class={`button ${busy ? "busy" : ""}`}>
          {w.bring}
          <input
            class="visually-hidden"
            type="file"
            disabled={busy}
            onChange={(event) => take(event.currentTarget)}
          />
        </label>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {told && <Outcome told={told} here={told.exam === exam.id} />}
    </>
  );
}

function Outcome({ told, here }: { told: Rescued; here: boolean }): JSX.Element {
  const calm = told.conflicts === 0 && told.unproven === 0 && here;
  return (
    <Alert tone={calm ? "good" : "warn"}>
      {!here && (
        <p>
          <b>{w.otherExam}</b>
        </p>
      )}
      <p>{w.whose(told.name, told.number, dayAndTime(told.made_ms))}</p>
      <ul>
        {sentences(told, here).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Alert>
  );
}
