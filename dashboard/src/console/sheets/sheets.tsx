import "../papers/papers.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../../shared/api";
import { useAsked, useDoing } from "../../shared/asked";
import type { Exam } from "../../shared/exam";
import { dayAndTime } from "../../shared/format";
import { dictionary, worded } from "../../shared/i18n";
import { Alert, Chip, Field, type Tone } from "../../shared/parts";
import { nameOf } from "../papers/preview";
import { LETTERS } from "../questions/model";
import { t } from "../words";

const w = dictionary({
  question: { vi: (n: number) => `Câu ${n}`, en: (n: number) => `Question ${n}` },
  back: { vi: "← Bài thi", en: "← Exam" },
  title: { vi: "Nhập phiếu trả lời giấy", en: "Paper answer sheets" },
  rule: {
    vi: "Mỗi phiếu do hai người nhập riêng, không nhìn bài của nhau. Khớp nhau thì phiếu mới được tính.",
    en: "Two persons enter each sheet, neither seeing the other. It counts once they agree.",
  },
  number: { vi: "Số báo danh", en: "Number" },
  open: { vi: "Mở phiếu", en: "Open the sheet" },
  code: { vi: "Mã đề ghi trên phiếu", en: "Code on the sheet" },
  reason: { vi: "Lý do làm trên giấy", en: "Why on paper" },
  reasonHint: { vi: "Ví dụ: mất điện cả phòng thi", en: "For example: the room's power was out" },
  save: { vi: "Ghi nhận phiếu này", en: "Enter this sheet" },
  blank: { vi: "Bỏ trống", en: "Blank" },
  several: { vi: "Tô nhiều ô", en: "Several marks" },
  receipt: { vi: "Mã biên nhận", en: "Receipt" },
  atDesk: {
    vi: (n: number) => `Thí sinh này đã có ${n} câu trả lời trên máy: bài sẽ được chuyển cho người xem xét.`,
    en: (n: number) => `This candidate has ${n} answers from a desk: the case goes to a person.`,
  },
  differs: {
    vi: (n: number) => `Hai người nhập khác nhau ${n} câu. Hãy cùng xem lại tờ phiếu và sửa bản của mình.`,
    en: (n: number) =>
      `The two entries differ in ${n} questions. Look at the sheet together and correct your own.`,
  },
  codes: {
    vi: (mine: string, other: string) => `Mã đề khác nhau: bạn ghi ${mine}, người kia ghi ${other}.`,
    en: (mine: string, other: string) => `The codes differ: yours ${mine}, the other's ${other}.`,
  },
  other: {
    vi: (letter: string) => `người kia: ${letter || "–"}`,
    en: (letter: string) => `other: ${letter || "–"}`,
  },
  people: { vi: "Người nhập", en: "Entered by" },
});

const states = dictionary({
  none: { vi: "Chưa nhập", en: "Not entered" },
  waiting: { vi: "Chờ người thứ hai", en: "Waits for the second person" },
  differs: { vi: "Chưa khớp", en: "Differs" },
  accepted: { vi: "Đã khớp, được tính", en: "Agreed, counts" },
});

const TONES: Record<string, Tone> = { none: "idle", waiting: "warn", differs: "bad", accepted: "good" };

interface Sheet {
  number: string;
  name: string;
  site: string;
  code: string;
  state: string;
  people: string[];
  at_ms: number | null;
  receipt: string | null;
  reason: string;
  mine: string[] | null;
  my_code: string | null;
  other_code: string | null;
  differences: { number: number; mine: string; other: string }[];
}

interface Form {
  codes: Record<string, number[]>;
  at_desk: number;
  sheet: Sheet;
}

/** Entry of sheets by two persons: the list, and the sheet that is open. */
export function Sheets({ exam, onBack }: { exam: Exam; onBack: () => void }): JSX.Element {
  const path = `/api/v1/exams/${exam.id}/sheets`;
  const list = useAsked<Sheet[]>(path, 5000);
  const [number, write] = useState("");
  const [open, show] = useState<string | null>(null);
  return (
    <div class="stack">
      <div>
        <button class="button small" onClick={open === null ? onBack : () => show(null)}>
          {open === null ? w.back : t.back}
        </button>
      </div>
      <h1>{w.title}</h1>
      {open !== null ? (
        <OneSheet key={open} path={`${path}/${encodeURIComponent(open)}`} />
      ) : (
        <>
          <Alert tone="minor">{w.rule}</Alert>
          <form
            class="row"
            onSubmit={(event) => {
              event.preventDefault();
              if (number.trim()) show(number.trim());
            }}
          >
            <input
              class="short"
              aria-label={w.number}
              placeholder={w.number}
              value={number}
              onInput={(e) => write(e.currentTarget.value)}
            />
            <button class="button primary">{w.open}</button>
          </form>
          {list.fault && <Alert tone="bad">{list.fault}</Alert>}
          <div class="scroll-x" tabIndex={0}>
            <table>
              <tbody>
                {list.value?.map((sheet) => (
                  <tr key={sheet.number}>
                    <td class="num">
                      <button class="button small" onClick={() => show(sheet.number)}>
                        {sheet.number}
                      </button>
                    </td>
                    <td>{sheet.name}</td>
                    <td>
                      <Chip tone={TONES[sheet.state] ?? "idle"}>{worded(states, sheet.state)}</Chip>
                    </td>
                    <td>{sheet.people.join(", ")}</td>
                    <td class="num nowrap">{sheet.at_ms === null ? "" : dayAndTime(sheet.at_ms, true)}</td>
                    <td class="num">{sheet.receipt}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </div>
  );
}

function OneSheet({ path }: { path: string }): JSX.Element {
  const asked = useAsked<Form>(path);
  const [after, keep] = useState<Sheet | null>(null);
  const form = asked.value;
  const sheet = after ?? form?.sheet;
  if (!form || !sheet)
    return asked.fault ? <Alert tone="bad">{asked.fault}</Alert> : <p class="muted">{t.loading}</p>;
  return (
    <section class="card stack">
      <div class="row">
        <h2 class="grow">
          <span class="num">{sheet.number}</span> · {sheet.name}
        </h2>
        <Chip tone={TONES[sheet.state] ?? "idle"}>{worded(states, sheet.state)}</Chip>
      </div>
      {sheet.people.length > 0 && (
        <p class="muted">
          {w.people}: {sheet.people.join(", ")}
        </p>
      )}
      {sheet.receipt && (
        <Alert tone="good">
          {w.receipt}: <b class="num">{sheet.receipt}</b>
        </Alert>
      )}
      {form.at_desk > 0 && <Alert tone="warn">{w.atDesk(form.at_desk)}</Alert>}
      {sheet.state !== "accepted" && <Entry path={path} form={form} sheet={sheet} onKept={keep} />}
    </section>
  );
}

function Entry(props: {
  path: string;
  form: Form;
  sheet: Sheet;
  onKept: (sheet: Sheet) => void;
}): JSX.Element {
  const { path, form, sheet, onKept } = props;
  const [code, choose] = useState(sheet.my_code ?? sheet.code);
  const [letters, set] = useState<string[]>(sheet.mine ?? []);
  const [reason, tell] = useState("");
  const { busy, fault, run } = useDoing();
  const options = form.codes[code] ?? [];
  const filled = options.map((_, place) => letters[place] ?? "");
  const differing = new Map(sheet.differences.map((one) => [one.number, one.other]));
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () =>
      onKept(await api.post<Sheet>(path, { code, letters: filled, reason: reason || sheet.reason })),
    );
  };
  return (
    <form class="stack" onSubmit={submit}>
      {sheet.differences.length > 0 && <Alert tone="bad">{w.differs(sheet.differences.length)}</Alert>}
      {sheet.my_code && sheet.other_code && sheet.my_code !== sheet.other_code && (
        <Alert tone="bad">{w.codes(sheet.my_code, sheet.other_code)}</Alert>
      )}
      <div class="columns">
        <Field label={w.code}>
          <select value={code} onChange={(e) => choose(e.currentTarget.value)}>
            {Object.keys(form.codes).map((each) => (
              <option key={each} value={each}>
                {nameOf(each)}
              </option>
            ))}
          </select>
        </Field>
        <Field label={w.reason} hint={w.reasonHint}>
          <input
            required={!sheet.reason}
            minLength={3}
            value={reason}
            onInput={(e) => tell(e.currentTarget.value)}
          />
        </Field>
      </div>
      <div class="letters">
        {options.map((count, place) => (
          <Letters
            key={place}
            number={place + 1}
            count={count}
            letter={filled[place] ?? ""}
            other={differing.get(place + 1)}
            onLetter={(letter) => set(filled.map((each, at) => (at === place ? letter : each)))}
          />
        ))}
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <div>
        <button class="button primary" disabled={busy}>
          {w.save}
        </button>
      </div>
    </form>
  );
}

function Letters(props: {
  number: number;
  count: number;
  letter: string;
  other: string | undefined;
  onLetter: (letter: string) => void;
}): JSX.Element {
  const { number, count, letter, other, onLetter } = props;
  const marks = [...LETTERS.slice(0, count), "*", ""];
  const named: Record<string, string> = { "*": w.several, "": w.blank };
  return (
    <div
      class={`letter-row ${other === undefined ? "" : "differs"}`}
      role="radiogroup"
      aria-label={w.question(number)}
    >
      <b class="num">{number}</b>
      {marks.map((mark) => (
        <button
          key={mark}
          type="button"
          role="radio"
          aria-checked={letter === mark}
          aria-label={named[mark] ?? mark}
          title={named[mark] ?? mark}
          class={`button ${letter === mark ? "primary" : ""}`}
          onClick={() => onLetter(mark)}
        >
          {mark || "–"}
        </button>
      ))}
      {other !== undefined && <span class="small other">{w.other(other)}</span>}
    </div>
  );
}
