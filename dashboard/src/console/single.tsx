import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import type { Exam } from "../shared/exam";
import { dictionary } from "../shared/i18n";
import { Alert, Field, Modal } from "../shared/parts";
import { Phone } from "../shared/phone";

const w = dictionary({
  single: { vi: "Mã đề dự bị cho một điểm", en: "Reserve code for one site" },
  singleSays: {
    vi: "Chỉ điểm cầu này làm đề dự bị, các điểm khác thi tiếp. Đọc mã qua điện thoại cho giám thị, họ gõ vào trang giám thị hoặc trang thi.",
    en: "Only this site sits the reserve; the others go on. Read the code out to the invigilator, who types it on their page.",
  },
  why: { vi: "Vì sao", en: "Why" },
  late: { vi: "Quá hạn mở muộn, chưa mở được đề", en: "Past the latest opening, never opened" },
  spoilt: { vi: "Đề chính tại điểm này đã hỏng hoặc lộ", en: "The paper is spoilt at this site" },
  showCode: { vi: "Hiện mã", en: "Show the code" },
  onlyFor: { vi: (name: string) => `Chỉ đọc cho ${name}`, en: (name: string) => `Read out to ${name} only` },
  site: { vi: "Điểm cầu", en: "Site" },
  reason: { vi: "Lý do (vào nhật ký)", en: "Reason (kept in the trail)" },
  reserveCode: { vi: "Mã mở ĐỀ DỰ BỊ", en: "Code of the RESERVE paper" },
});

interface SiteCode {
  site: string;
  site_code: string;
  site_name: string;
  phone: string;
  contact: string;
  code: string;
}

/** The reserve code for one site alone. */
export function Single({ exam, onClose }: { exam: Exam; onClose: () => void }): JSX.Element {
  const whole = useAsked<Exam>(`/api/v1/exams/${exam.id}`);
  const [site, choose] = useState("");
  const [why, because] = useState("late");
  const [reason, write] = useState("");
  const [told, tell] = useState<SiteCode | null>(null);
  const { busy, fault, run } = useDoing();
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () =>
      tell(await api.post<SiteCode>(`/api/v1/exams/${exam.id}/reserve/code`, { site, why, reason })),
    );
  };
  if (told)
    return (
      <Modal title={w.reserveCode} onClose={onClose}>
        <div class="stack">
          <Alert tone="warn">{w.onlyFor(`${told.site_code} ${told.site_name}`)}</Alert>
          <p class="readout num">{told.code.split("-").join("  ")}</p>
          <p>
            <Phone site={told.site} phone={told.phone} /> {told.contact}
          </p>
        </div>
      </Modal>
    );
  return (
    <Modal title={w.single} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Alert tone="warn">{w.singleSays}</Alert>
        <Field label={w.site}>
          <select required value={site} onChange={(e) => choose(e.currentTarget.value)}>
            <option value="" />
            {whole.value?.sites.map((one) => (
              <option key={one.site} value={one.site}>
                {one.code} {one.name}
              </option>
            ))}
          </select>
        </Field>
        <Field label={w.why}>
          <select value={why} onChange={(e) => because(e.currentTarget.value)}>
            <option value="late">{w.late}</option>
            <option value="spoilt">{w.spoilt}</option>
          </select>
        </Field>
        <Field label={w.reason}>
          <input required minLength={5} value={reason} onInput={(e) => write(e.currentTarget.value)} />
        </Field>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button danger" disabled={busy || !site}>
          {w.showCode}
        </button>
      </form>
    </Modal>
  );
}
