import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import type { Exam } from "../shared/exam";
import { timeOfDay } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { Alert, Field } from "../shared/parts";

interface Move {
  number: string;
  from_site: string;
  to_site: string;
  at_ms: number;
  who: string;
}

const w = dictionary({
  title: { vi: "Chuyển thí sinh sang điểm cầu khác", en: "Move a candidate to another site" },
  number: { vi: "Số báo danh", en: "Number" },
  to: { vi: "Làm tiếp tại", en: "Goes on at" },
  choose: { vi: "— chọn —", en: "— choose —" },
  move: { vi: "Chuyển", en: "Move" },
  means: {
    vi: "Máy ở điểm cầu cũ dừng nhận bài của thí sinh này; điểm cầu mới nhận các câu đã về trung tâm và thời gian còn lại. Thí sinh vào thi bằng chính phiếu của mình.",
    en: "The old site stops taking this candidate's answers; the new one gets those that are here, and the time that is left. The candidate signs in with the same voucher.",
  },
  none: { vi: "Chưa chuyển ai.", en: "Nobody was moved." },
  byVoucher: { vi: "tự chuyển bằng phiếu", en: "by voucher" },
});

export function Moves({ exam }: { exam: Exam }): JSX.Element {
  const asked = useAsked<Move[]>(`/api/v1/exams/${exam.id}/moves`, 10000);
  const [number, type] = useState("");
  const [site, choose] = useState("");
  const { busy, fault, run } = useDoing();
  const codes = new Map(exam.sites.map((one) => [one.site, `${one.code} ${one.name}`]));
  const move = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      await api.post(`/api/v1/exams/${exam.id}/moves`, { number: number.trim(), site });
      type("");
      asked.again();
    });
  };
  return (
    <details class="card">
      <summary>
        <b>{w.title}</b> <span class="muted num">{asked.value?.length || ""}</span>
      </summary>
      <div class="stack">
        <p class="muted">{w.means}</p>
        <form class="row" onSubmit={move}>
          <Field label={w.number}>
            <input required maxLength={40} value={number} onInput={(e) => type(e.currentTarget.value)} />
          </Field>
          <Field label={w.to}>
            <select required value={site} onChange={(e) => choose(e.currentTarget.value)}>
              <option value="">{w.choose}</option>
              {exam.sites.map((one) => (
                <option key={one.site} value={one.site}>
                  {one.code} {one.name}
                </option>
              ))}
            </select>
          </Field>
          <button class="button primary" disabled={busy || !site}>
            {w.move}
          </button>
        </form>
        {(fault || asked.fault) && <Alert tone="bad">{fault || asked.fault}</Alert>}
        {asked.value?.length === 0 && <p class="muted">{w.none}</p>}
        <ul class="plain">
          {[...(asked.value ?? [])].reverse().map((one) => (
            <li key={`${one.number}${one.at_ms}`}>
              <b class="num">{one.number}</b> {codes.get(one.from_site)} → {codes.get(one.to_site)}{" "}
              <span class="muted num">
                {timeOfDay(one.at_ms, true)} · {one.who.startsWith("voucher:") ? w.byVoucher : one.who}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
