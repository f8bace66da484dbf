import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAsked } from "../shared/asked";
import type { Exam } from "../shared/exam";
import { dayAndTime } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { Alert } from "../shared/parts";
import { t } from "./words";

const w = dictionary({
  print: { vi: "In", en: "Print" },
  secret: {
    vi: "Phiếu là bí mật của từng thí sinh. Lần xem này đã được ghi vào nhật ký.",
    en: "Each slip is its candidate's secret. This look has been written to the audit trail.",
  },
  number: { vi: "Số báo danh", en: "Number" },
  paper: { vi: "Mã đề", en: "Paper" },
  voucher: { vi: "Mã phiếu", en: "Voucher" },
});

interface Slip {
  site: string;
  number: string;
  name: string;
  paper_code: string;
  pin: string;
  voucher: string;
}

/** Slips to cut out, each site's on sheets of its own. */
export function Vouchers({ exam, onBack }: { exam: Exam; onBack: () => void }): JSX.Element {
  const asked = useAsked<Slip[]>(`/api/v1/exams/${exam.id}/vouchers`);
  const [site, choose] = useState("");
  const sites = new Map<string, Slip[]>();
  for (const slip of asked.value ?? []) sites.set(slip.site, [...(sites.get(slip.site) ?? []), slip]);
  const shown = [...sites].filter(([each]) => !site || each === site);
  const nameOf = (id: string): string => {
    const found = exam.sites.find((each) => each.site === id || each.code === id);
    return found ? `${found.code} · ${found.name}` : id;
  };
  return (
    <div class="stack">
      <div class="row noprint">
        <button class="button small" onClick={onBack}>
          {t.back}
        </button>
        <select class="short" value={site} onChange={(e) => choose(e.currentTarget.value)}>
          <option value="">{t.all}</option>
          {[...sites.keys()].map((each) => (
            <option key={each} value={each}>
              {nameOf(each)}
            </option>
          ))}
        </select>
        <button class="button primary" onClick={() => print()}>
          {w.print}
        </button>
      </div>
      <div class="noprint">
        <Alert tone="warn">{w.secret}</Alert>
      </div>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {shown.map(([each, slips]) => (
        <section key={each} class="slips">
          <h2>
            {nameOf(each)} <small class="muted">{exam.title}</small>
          </h2>
          <div class="slip-sheet">
            {slips.map((slip) => (
              <article key={slip.number} class="slip">
                <b>{slip.name}</b>
                <small>
                  {exam.title} · {dayAndTime(exam.starts_ms)}
                </small>
                <dl>
                  <dt>{w.number}</dt>
                  <dd>{slip.number}</dd>
                  <dt>PIN</dt>
                  <dd>{slip.pin}</dd>
                  <dt>{w.paper}</dt>
                  <dd>{slip.paper_code}</dd>
                </dl>
                <small>{w.voucher}</small>
                <code>{slip.voucher}</code>
              </article>
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}
