import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAsked } from "../shared/asked";
import type { Exam } from "../shared/exam";
import { dayAndTime } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { Alert } from "../shared/parts";
import { PartChoice, SiteChoice, UnknownDesks, slipQuery, unknownOf, useDesks } from "./papers/desks";
import { t } from "./words";

const w = dictionary({
  print: { vi: "In", en: "Print" },
  secret: {
    vi: "Phiếu là bí mật của từng thí sinh. Lần xem này đã được ghi vào nhật ký.",
    en: "Each slip is its candidate's secret. This look has been written to the audit trail.",
  },
  number: { vi: "Số báo danh", en: "Number" },
  paper: { vi: "Mã đề", en: "Paper" },
  voucher: { vi: "Mã phiếu", en: "Slip code" },
  qrOf: { vi: (number: string) => `Mã QR của ${number}`, en: (number: string) => `QR code of ${number}` },
  opens: {
    vi: (desk: string) => `Quét mã, hoặc mở ${desk} rồi gõ mã phiếu, hoặc số báo danh và PIN.`,
    en: (desk: string) => `Scan the code, or open ${desk} and type the slip code, or number and PIN.`,
  },
  onRoom: {
    vi: "Vào thi trên máy của phòng bằng mã phiếu, hoặc số báo danh và PIN.",
    en: "On the room's computer: type the slip code, or number and PIN.",
  },
});

interface Slip {
  site: string;
  number: string;
  name: string;
  code: string;
  pin: string;
  voucher: string;
  /** What the QR code (SVG) opens; both are "" where no address is known. */
  desk: string;
  qr: string;
}

/** Slips of one site to hand out or to cut out. */
export function Vouchers({ exam, onBack }: { exam: Exam; onBack: () => void }): JSX.Element {
  const seated = exam.sites.filter((each) => each.registered > 0);
  const [chosen, choose] = useState("");
  const [part, turnTo] = useState(1);
  const [desk, set] = useState("");
  const site = seated.find((each) => each.site === chosen) ?? seated[0];
  const desks = useDesks(exam, true);
  const unknown = site ? unknownOf([site], desks) : [];
  const query = site ? slipQuery(site.site, unknown.length ? desk : "", site.registered, part) : "";
  const asked = useAsked<Slip[]>(site ? `/api/v1/exams/${exam.id}/print/slips${query}` : null);
  return (
    <div class="stack">
      <div class="row noprint">
        <button class="button small" onClick={onBack}>
          {t.back}
        </button>
        <button class="button primary" onClick={() => print()}>
          {w.print}
        </button>
      </div>
      <div class="columns noprint">
        <SiteChoice
          sites={seated}
          site={site ? site.site : ""}
          onSite={(each) => {
            choose(each);
            turnTo(1);
          }}
        />
        {site && <PartChoice people={site.registered} part={part} onPart={turnTo} />}
      </div>
      <div class="stack noprint">
        <Alert tone="warn">{w.secret}</Alert>
        <UnknownDesks sites={unknown} desk={desk} onDesk={set} />
      </div>
      {(asked.fault || desks.fault) && <Alert tone="bad">{asked.fault || desks.fault}</Alert>}
      {site && (
        <section class="slips">
          <h2>
            {site.code} · {site.name} <small class="muted">{exam.title}</small>
          </h2>
          <div class="slip-sheet">
            {(asked.value ?? []).map((slip) => (
              <OneSlip key={slip.number} slip={slip} exam={exam} />
            ))}
          </div>
        </section>
      )}
    </div>
  );
}

function OneSlip({ slip, exam }: { slip: Slip; exam: Exam }): JSX.Element {
  return (
    <article class="slip">
      <b>{slip.name}</b>
      <small>
        {exam.title} · {dayAndTime(exam.starts_ms)}
      </small>
      <div class="slip-middle">
        <dl>
          <dt>{w.number}</dt>
          <dd>{slip.number}</dd>
          <dt>PIN</dt>
          <dd>{slip.pin}</dd>
          <dt>{w.paper}</dt>
          <dd>{slip.code}</dd>
        </dl>
        {slip.qr && (
          <img
            class="slip-qr"
            alt={w.qrOf(slip.number)}
            src={`data:image/svg+xml,${encodeURIComponent(slip.qr)}`}
          />
        )}
      </div>
      <small>{w.voucher}</small>
      <code>{slip.voucher}</code>
      <small class="breakable">{slip.desk ? w.opens(slip.desk) : w.onRoom}</small>
    </article>
  );
}
