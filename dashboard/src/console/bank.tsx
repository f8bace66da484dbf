import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useDoing } from "../shared/asked";
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
  remarks: {
    vi: (n: number) => `${n} điều cần xem lại trong các câu đã nhận:`,
    en: (n: number) => `${n} to look at again:`,
  },
  remark: { vi: "Lưu ý", en: "Remark" },
  export: { vi: "Xuất kèm đáp án", en: "Export with keys" },
  template: { vi: "Mẫu Excel trống", en: "Empty Excel template" },
  line: { vi: "Dòng", en: "Line" },
  reason: { vi: "Lý do", en: "Reason" },
});

interface Told {
  line: number;
  reason: string;
}

interface Imported {
  accepted: number;
  refused: Told[];
  remarks: Told[];
}

/** A file of new questions with each refused one by its line, and the bank as files. */
export function Bank({ count, onImported }: { count: number | null; onImported: () => void }): JSX.Element {
  const [format, choose] = useState("auto");
  const [done, tell] = useState<Imported | null>(null);
  const { busy, fault, run } = useDoing();
  const take = (input: HTMLInputElement): void => {
    const file = input.files?.[0];
    if (!file) return;
    tell(null);
    void run(async () => {
      tell(await api.upload<Imported>(`/api/v1/bank/import?format=${format}`, file));
      onImported();
    }).finally(() => (input.value = ""));
  };
  return (
    <section class="card stack">
      <div class="row">
        <h2 class="grow">
          {w.bank} <small class="muted num">{count !== null && w.count(count)}</small>
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
          <option value="docx">Word (.docx)</option>
          <option value="xlsx">Excel (.xlsx)</option>
          <option value="qti">QTI</option>
        </select>
        <label class="button primary">
          {w.import}
          <input
            class="visually-hidden"
            type="file"
            accept=".txt,.gift,.docx,.xlsx,.xml,.zip,text/plain"
            disabled={busy}
            onChange={(e) => take(e.currentTarget)}
          />
        </label>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {done && <Outcome done={done} />}
      <p class="row small">
        <span class="muted">{w.export}:</span>
        <a href="/api/v1/bank/export?format=docx" download>
          Word
        </a>
        <a href="/api/v1/bank/export?format=xlsx" download>
          Excel
        </a>
        <a class="grow" href="/api/v1/bank/template.xlsx" download>
          {w.template}
        </a>
      </p>
    </section>
  );
}

function Outcome({ done }: { done: Imported }): JSX.Element {
  return (
    <>
      <Alert tone="good">{w.accepted(done.accepted)}</Alert>
      <ByLine said={w.refused(done.refused.length)} heading={w.reason} rows={done.refused} />
      <ByLine said={w.remarks(done.remarks.length)} heading={w.remark} rows={done.remarks} />
    </>
  );
}

function ByLine({
  said,
  heading,
  rows,
}: {
  said: string;
  heading: string;
  rows: Told[];
}): JSX.Element | null {
  if (rows.length === 0) return null;
  return (
    <>
      <Alert tone="warn">{said}</Alert>
      <div class="scroll-x tall" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th class="num">{w.line}</th>
              <th>{heading}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ line, reason }, at) => (
              <tr key={at}>
                <td class="num">{line}</td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
