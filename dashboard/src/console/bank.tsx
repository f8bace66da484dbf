import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { dictionary } from "../shared/i18n";
import { Alert } from "../shared/parts";

const w = dictionary({
  bank: { vi: "Ngân hàng câu hỏi", en: "Question bank" },
  count: { vi: (n: number) => `${n} câu`, en: (n: number) => `${n} questions` },
  import: { vi: "Nhập câu hỏi", en: "Import questions" },
  format: { vi: "Định dạng", en: "Format" },
  auto: { vi: "Tự nhận", en: "Detect" },
  accepted: { vi: (n: number) => `Đã nhận ${n} câu.`, en: (n: number) => `${n} questions accepted.` },
  refused: { vi: (n: number) => `${n} câu bị từ chối:`, en: (n: number) => `${n} refused:` },
  line: { vi: "Dòng", en: "Line" },
  reason: { vi: "Lý do", en: "Reason" },
  see: { vi: "Xem các câu hỏi", en: "See the questions" },
});

interface Question {
  id: string;
  title: string;
  category: string;
  text: string;
  options: string[];
}

interface Imported {
  accepted: number;
  refused: { line: number; reason: string }[];
}

/** The bank: what is in it, and a file of new questions with each refused one by its line. */
export function Bank(): JSX.Element {
  const questions = useAsked<Question[]>("/api/v1/bank/questions");
  const [format, choose] = useState("auto");
  const [done, tell] = useState<Imported | null>(null);
  const { busy, fault, run } = useDoing();
  const take = (input: HTMLInputElement): void => {
    const file = input.files?.[0];
    if (!file) return;
    tell(null);
    void run(async () => {
      tell(await api.upload<Imported>(`/api/v1/bank/import?format=${format}`, file));
      questions.again();
    }).finally(() => (input.value = ""));
  };
  return (
    <section class="card stack">
      <div class="row">
        <h2 class="grow">
          {w.bank} <small class="muted num">{questions.value && w.count(questions.value.length)}</small>
        </h2>
        <select
          class="short"
          aria-label={w.format}
          value={format}
          onChange={(e) => choose(e.currentTarget.value)}
        >
          <option value="auto">{w.auto}</option>
          <option value="gift">GIFT</option>
          <option value="aiken">Aiken</option>
        </select>
        <label class="button primary">
          {w.import}
          <input
            class="visually-hidden"
            type="file"
            accept=".txt,.gift,text/plain"
            disabled={busy}
            onChange={(e) => take(e.currentTarget)}
          />
        </label>
      </div>
      {(fault || questions.fault) && <Alert tone="bad">{fault || questions.fault}</Alert>}
      {done && <Outcome done={done} />}
      <details>
        <summary>{w.see}</summary>
        <ol class="questions">
          {questions.value?.map((question) => (
            <li key={question.id}>
              {question.text}
              {Array.isArray(question.options) && <p class="muted small">{question.options.join(" · ")}</p>}
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}

function Outcome({ done }: { done: Imported }): JSX.Element {
  return (
    <>
      <Alert tone="good">{w.accepted(done.accepted)}</Alert>
      {done.refused.length > 0 && (
        <>
          <Alert tone="warn">{w.refused(done.refused.length)}</Alert>
          <div class="scroll-x tall">
            <table>
              <thead>
                <tr>
                  <th class="num">{w.line}</th>
                  <th>{w.reason}</th>
                </tr>
              </thead>
              <tbody>
                {done.refused.map(({ line, reason }, at) => (
                  <tr key={at}>
                    <td class="num">{line}</td>
                    <td>{reason}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </>
  );
}
