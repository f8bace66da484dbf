import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { useAsked, useDoing } from "../shared/asked";
import type { Exam } from "../shared/exam";
import { focused } from "../shared/focus";
import { dayAndTime, timeOfDay } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Alert, Chip, type Tone } from "../shared/parts";

interface Spoken {
  text: string;
  who: string;
  at_ms: number;
  fits: boolean | null;
}

interface Proof {
  site: string;
  status: "silent" | "partial" | "complete" | "contradicted";
  events: number;
  told: number;
  in_time: number;
  head: string;
  head_ms: number | null;
  journals: number;
  spoken: Spoken[];
  archived_ms: number | null;
  archive_ordered: boolean;
}

interface Brought {
  site: string;
  written_ms: number;
  fresh: number;
  known: number;
  conflicts: number;
}

const w = dictionary({
  title: { vi: "Nhật ký các điểm cầu", en: "Journals of the sites" },
  site: { vi: "Điểm cầu", en: "Site" },
  state: { vi: "Trạng thái", en: "State" },
  here: { vi: "Đã về / đã báo", en: "Here / told" },
  inTime: { vi: "Chứng minh đúng giờ", en: "Proven in time" },
  head: { vi: "Mã điểm cầu", en: "Site's head" },
  spoken: { vi: "Mã đọc qua điện thoại", en: "Head by telephone" },
  enter: { vi: "Nhập mã", en: "Enter" },
  keep: { vi: "Ghi", en: "Keep" },
  fits: { vi: "khớp", en: "fits" },
  differs: { vi: "KHÔNG khớp", en: "does NOT fit" },
  waits: { vi: "chờ dữ liệu", en: "waits for the upload" },
  computers: { vi: (n: number) => `${n} máy`, en: (n: number) => `${n} computers` },
  bring: { vi: "Nhập nhật ký từ USB", en: "Bring a journal from a stick" },
  brought: {
    vi: (fresh: number, known: number, conflicts: number) =>
      `Mới ${fresh}, đã có ${known}, cần xem lại ${conflicts}.`,
    en: (fresh: number, known: number, conflicts: number) =>
      `${fresh} new, ${known} known, ${conflicts} to look at.`,
  },
  archive: { vi: "Cho các điểm cầu cất nhật ký", en: "Let the sites archive" },
  archiveSure: { vi: "Cho cất nhật ký?", en: "Let them archive?" },
  archiveMeans: {
    vi: "Máy các điểm cầu đã đủ dữ liệu sẽ nén nhật ký của kỳ thi này thành một tệp lưu.",
    en: "Sites whose evidence is complete pack this exam's journal into one file.",
  },
  archived: { vi: "Đã cất", en: "Archived" },
  ordered: { vi: "Đã yêu cầu cất", en: "Told to archive" },
});

const states = dictionary({
  silent: { vi: "Chưa có gì", en: "Silent" },
  partial: { vi: "Còn thiếu", en: "Partial" },
  complete: { vi: "Đủ", en: "Complete" },
  contradicted: { vi: "MÂU THUẪN", en: "CONTRADICTED" },
});

const TONES: Record<Proof["status"], Tone> = {
  silent: "idle",
  partial: "warn",
  complete: "good",
  contradicted: "bad",
};

export function Heads({ exam }: { exam: Exam }): JSX.Element {
  const asked = useAsked<Proof[]>(`/api/v1/exams/${exam.id}/proofs`, 10000);
  const names = new Map(exam.sites.map((site) => [site.site, site]));
  return (
    <details class="card" open={asked.value?.some(({ status }) => status === "contradicted") ?? false}>
      <summary>
        <b>{w.title}</b>
      </summary>
      <div class="stack">
        <div class="row">
          <Bring onDone={asked.again} />
          {exam.state === "published" && (
            <Confirmed
              word={w.archive}
              title={w.archiveSure}
              deed={() => api.post(`/api/v1/exams/${exam.id}/archive`).then(asked.again)}
            >
              {w.archiveMeans}
            </Confirmed>
          )}
        </div>
        {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
        <div class="scroll-x" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th>{w.site}</th>
                <th>{w.state}</th>
                <th class="num">{w.here}</th>
                <th class="num">{w.inTime}</th>
                <th>{w.head}</th>
                <th>{w.spoken}</th>
              </tr>
            </thead>
            <tbody>
              {(asked.value ?? []).map((proof) => (
                <tr key={proof.site}>
                  <td>
                    <span class="num">{names.get(proof.site)?.code}</span>{" "}
                    <span class="muted">{names.get(proof.site)?.name}</span>
                  </td>
                  <td>
                    <Chip tone={TONES[proof.status]}>{worded(states, proof.status)}</Chip>
                    {proof.journals > 1 && <div class="muted small">{w.computers(proof.journals)}</div>}
                    {proof.archived_ms !== null && <div class="muted small">{w.archived}</div>}
                    {proof.archived_ms === null && proof.archive_ordered && (
                      <div class="muted small">{w.ordered}</div>
                    )}
                  </td>
                  <td class="num">
                    {proof.events}/{Math.max(proof.told, proof.events)}
                  </td>
                  <td class="num">{proof.in_time}</td>
                  <td class="num nowrap">
                    {proof.head ? spaced(proof.head) : "–"}
                    {proof.head_ms !== null && (
                      <div class="muted small">{timeOfDay(proof.head_ms, true)}</div>
                    )}
                  </td>
                  <td>
                    <SpokenHeads exam={exam.id} proof={proof} onDone={asked.again} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </details>
  );
}

function Bring({ onDone }: { onDone: () => void }): JSX.Element {
  const [told, tell] = useState<Brought | null>(null);
  const { busy, fault, run } = useDoing();
  const take = (input: HTMLInputElement): void => {
    const file = input.files?.[0];
    if (!file) return;
    tell(null);
    void run(async () => {
      try {
        tell(await api.upload<Brought>("/api/v1/exam-journals", file));
        onDone();
      } finally {
        input.value = "";
      }
    });
  };
  return (
    <>
      <label class={`button ${busy ? "busy" : ""}`}>
        {w.bring}
        <input
          class="visually-hidden"
          type="file"
          accept=".diemcau"
          disabled={busy}
          onChange={(event) => take(event.currentTarget)}
        />
      </label>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {told && (
        <Alert tone={told.conflicts ? "warn" : "good"}>
          {w.brought(told.fresh, told.known, told.conflicts)} {dayAndTime(told.written_ms)}
        </Alert>
      )}
    </>
  );
}

function SpokenHeads(props: { exam: string; proof: Proof; onDone: () => void }): JSX.Element {
  const { exam, proof, onDone } = props;
  const [text, type] = useState<string | null>(null);
  const { busy, fault, run } = useDoing();
  const keep = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      await api.post(`/api/v1/exams/${exam}/sites/${proof.site}/head`, { head: text });
      type(null);
      onDone();
    });
  };
  return (
    <div class="stack tight">
      {proof.spoken.map((one) => (
        <div key={`${one.text}${one.at_ms}`} class="nowrap">
          <span class="num">{spaced(one.text)}</span>{" "}
          <span class={one.fits === null ? "muted" : one.fits ? "tone-good" : "tone-bad"}>
            {one.fits === null ? w.waits : one.fits ? w.fits : w.differs}
          </span>
          <div class="muted small">
            {one.who} · {timeOfDay(one.at_ms)}
          </div>
        </div>
      ))}
      {text === null ? (
        <button class="button small" onClick={() => type("")}>
          {w.enter}
        </button>
      ) : (
        <form class="row tight" onSubmit={keep}>
          <input
            class="num"
            aria-label={w.spoken}
            required
            ref={focused}
            maxLength={14}
            size={12}
            autocapitalize="characters"
            pattern="[A-Za-z2-7 \-]{10,14}"
            value={text}
            onInput={(event) => type(event.currentTarget.value)}
          />
          <button class="button small" disabled={busy}>
            {w.keep}
          </button>
        </form>
      )}
      {fault && <small class="tone-bad">{fault}</small>}
    </div>
  );
}

function spaced(head: string): string {
  return `${head.slice(0, 5)} ${head.slice(5)}`;
}
