import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import type { Exam } from "../shared/exam";
import { timeOfDay } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Alert, Chip, Field, Modal } from "../shared/parts";
import { can } from "../shared/signed";
import { BringRescue } from "./rescue";

interface Said {
  verdict: "count" | "void" | "other";
  who: string;
  reason: string;
  at_ms: number;
}

interface Line {
  kind: string;
  number: string | null;
  name: string;
  site: string;
  at_ms: number | null;
  conflict: number | null;
  hash: string | null;
  question: number | null;
  chosen: string;
  stands: string;
  said: Said | null;
}

const w = dictionary({
  title: { vi: "Việc cần người quyết định", en: "For a person to decide" },
  none: { vi: "Không có gì phải xem lại.", en: "There is nothing to look at." },
  what: { vi: "Lý do", en: "Why" },
  who: { vi: "Thí sinh", en: "Candidate" },
  differs: { vi: "Khác nhau ở", en: "What differs" },
  question: { vi: (n: number) => `Câu ${n}`, en: (n: number) => `Question ${n}` },
  against: {
    vi: (chosen: string, stands: string) => `ghi ${chosen}, đang tính ${stands || "trống"}`,
    en: (chosen: string, stands: string) => `says ${chosen}, counted is ${stands || "none"}`,
  },
  decision: { vi: "Quyết định", en: "Decision" },
  decide: { vi: "Quyết định", en: "Decide" },
  again: { vi: "Quyết định lại", en: "Decide again" },
  reason: { vi: "Căn cứ (bắt buộc)", en: "Reason (required)" },
  hint: {
    vi: "Ví dụ: biên bản số mấy, ai xác nhận",
    en: "For example: which protocol, who confirmed it",
  },
  open: { vi: (n: number) => `${n} chưa quyết`, en: (n: number) => `${n} open` },
});

const kinds = dictionary({
  late: { vi: "Đến sau giờ", en: "Came late" },
  aside: { vi: "Bị câu sau thay thế", en: "Overtaken by a later choice" },
  away: { vi: "Điểm cầu cũ ghi sau khi đã chuyển", en: "Old site wrote after the move" },
  sheet: { vi: "Có cả phiếu giấy và bài trên máy", en: "Both a paper sheet and answers at a desk" },
  page_conflict: { vi: "Một tin, hai nội dung", en: "One message, two contents" },
  fork: { vi: "Chuỗi bị rẽ nhánh", en: "The chain forks" },
  broken_chain: { vi: "Chuỗi bị đứt", en: "The chain is broken" },
  wrong_hash: { vi: "Mã băm sai", en: "Wrong hash" },
  other_site: {
    vi: "Từ điểm cầu mà thí sinh chưa từng thuộc về",
    en: "From a site that was never the candidate's",
  },
  unknown_candidate: { vi: "Không có thí sinh này", en: "Unknown candidate" },
  unknown_exam: { vi: "Không có kỳ thi này", en: "Unknown exam" },
  opened_again: { vi: "Mở đề hai lần khác nhau", en: "Opened twice" },
  head_contradicted: { vi: "Nhật ký trái với mã đã báo", en: "Journal contradicts its head" },
});

const verdicts = dictionary({
  count: { vi: "Tính dòng này", en: "Let it count" },
  void: { vi: "Không tính dòng này", en: "Do not count it" },
  other: { vi: "Tính dòng kia", en: "Count the other" },
});

export function Conflicts({ exam }: { exam: Exam }): JSX.Element {
  const asked = useAsked<Line[]>(`/api/v1/exams/${exam.id}/conflicts`, 15000);
  const lines = asked.value ?? [];
  const open = lines.filter(({ said }) => said === null).length;
  return (
    <details class="card">
      <summary>
        <b>{w.title}</b> {open > 0 && <Chip tone="warn">{w.open(open)}</Chip>}
      </summary>
      <div class="stack">
        <BringRescue exam={exam} onDone={asked.again} />
        {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
        {asked.value && lines.length === 0 && <p class="muted">{w.none}</p>}
        {lines.length > 0 && (
          <div class="scroll-x" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th>{w.what}</th>
                  <th>{w.who}</th>
                  <th>{w.differs}</th>
                  <th>{w.decision}</th>
                </tr>
              </thead>
              <tbody>
                {lines.map((line) => (
                  <Row key={`${line.conflict}${line.hash}`} exam={exam} line={line} onDone={asked.again} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
    </details>
  );
}

function Row(props: { exam: Exam; line: Line; onDone: () => void }): JSX.Element {
  const { exam, line, onDone } = props;
  const [asking, ask] = useState(false);
  const site = exam.sites.find((one) => one.site === line.site);
  return (
    <tr>
      <td>
        {worded(kinds, line.kind)}
        <div class="muted small num">
          {site?.code} {line.at_ms !== null && timeOfDay(line.at_ms, true)}
        </div>
      </td>
      <td>
        <b class="num">{line.number ?? "–"}</b>
        <div class="muted small">{line.name}</div>
      </td>
      <td>
        {line.question !== null && (
          <>
            {w.question(line.question)}: {w.against(line.chosen, line.stands)}
          </>
        )}
      </td>
      <td>
        {line.said && (
          <div>
            {worded(verdicts, line.said.verdict)}
            <div class="muted small">
              {line.said.reason} · {line.said.who} {timeOfDay(line.said.at_ms)}
            </div>
          </div>
        )}
        {can("exams.decide") && (
          <button class="button small" onClick={() => ask(true)}>
            {line.said ? w.again : w.decide}
          </button>
        )}
        {asking && <Decide exam={exam} line={line} onClose={() => ask(false)} onDone={onDone} />}
      </td>
    </tr>
  );
}

function Decide(props: { exam: Exam; line: Line; onClose: () => void; onDone: () => void }): JSX.Element {
  const { exam, line, onClose, onDone } = props;
  const [reason, type] = useState("");
  const { busy, fault, run } = useDoing();
  const words: Said["verdict"][] = line.kind === "fork" ? ["count", "other"] : ["count", "void"];
  const target = line.conflict !== null ? { conflict: line.conflict } : { hash: line.hash };
  const decide = async (verdict: Said["verdict"]): Promise<void> => {
    const wish = { number: line.number ?? "", verdict, reason: reason.trim(), ...target };
    if (await run(() => api.post(`/api/v1/exams/${exam.id}/decisions`, wish))) {
      onClose();
      onDone();
    }
  };
  return (
    <Modal title={`${line.number ?? "–"} · ${worded(kinds, line.kind)}`} onClose={onClose}>
      {line.question !== null && (
        <p>
          {w.question(line.question)}: {w.against(line.chosen, line.stands)}
        </p>
      )}
      <Field label={w.reason} hint={w.hint}>
        <textarea rows={3} maxLength={400} value={reason} onInput={(e) => type(e.currentTarget.value)} />
      </Field>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <div class="row">
        {words.map((verdict) => (
          <button
            key={verdict}
            class="button"
            disabled={busy || reason.trim().length < 3}
            onClick={() => void decide(verdict)}
          >
            {worded(verdicts, verdict)}
          </button>
        ))}
      </div>
    </Modal>
  );
}
