import "./awaited.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAsked } from "./asked";
import { dayIfNotToday } from "./format";
import { dictionary } from "./i18n";
import { Alert } from "./parts";
import { Phone } from "./phone";
import { type Closing, Protocol, p } from "./protocol";
import { can } from "./signed";

interface Site {
  site: string;
  code: string;
  name: string;
  path: string[];
  contact: string;
  phone: string;
  registered: number;
  opened_ms: number | null;
  seen_ms: number | null;
  reserve_ms: number | null;
  until_ms: number;
  from_ms: number;
  closing: Closing | null;
}

interface Waiting {
  stage: string;
  now_ms: number;
  until_ms: number | null;
  sites: Site[];
}

const w = dictionary({
  title: { vi: "Kết quả còn chờ", en: "Results wait" },
  waits: {
    vi: (n: number, until: string) => `Kết quả chờ ${n} điểm cầu chưa báo kết thúc, muộn nhất đến ${until}.`,
    en: (n: number, until: string) =>
      `Results wait for sites that have not told their closing (${n}), until ${until} at the latest.`,
  },
  through: {
    vi: (seconds: number) =>
      seconds > 0
        ? `Không còn chờ điểm cầu nào: ${seconds} giây nữa bắt đầu chấm và dùng đáp án. Nếu nhầm, huỷ biên bản ngay.`
        : "Không còn chờ điểm cầu nào, đang chấm.",
    en: (seconds: number) =>
      seconds > 0
        ? `No site is waited for: marking begins and the key is used in ${seconds} s. If that is a mistake, take the closing back now.`
        : "No site is waited for, marking begins.",
  },
  why: {
    vi: "Ở đó có thể còn người làm bài bằng giờ bù mà trung tâm chưa biết.",
    en: "People there may still be writing in extra time that the centre has not heard of.",
  },
  call: {
    vi: "Hãy gọi trường: khi không còn ai ngồi thi, kết thúc theo biên bản tại đây.",
    en: "Call the school: once nobody sits there any more, close it by protocol here.",
  },
  opened: { vi: (at: string) => `đã mở đề lúc ${at}`, en: (at: string) => `opened ${at}` },
  reserve: {
    vi: (at: string) => `đã đọc mã đề dự bị lúc ${at}`,
    en: (at: string) => `reserve code read out at ${at}`,
  },
  unknown: { vi: "chưa biết giờ mở đề", en: "opening not known" },
  heard: { vi: (at: string) => `liên lạc lần cuối ${at}`, en: (at: string) => `last heard ${at}` },
  never: { vi: "chưa từng liên lạc", en: "never heard" },
  until: { vi: (at: string) => `muộn nhất ${at}`, en: (at: string) => `${at} at the latest` },
  from: { vi: (at: string) => `còn giờ làm bài đến ${at}`, en: (at: string) => `its time runs until ${at}` },
  given: { vi: "không chờ nữa", en: "not waited for" },
});

/** Which sites the results of an exam that is closing wait for, until when at the latest, and the form that ends the
 * wait for one of them. */
export function Awaited({ exam }: { exam: string }): JSX.Element | null {
  const path = `/api/v1/exams/${encodeURIComponent(exam)}`;
  const { value, fault, again } = useAsked<Waiting>(`${path}/waiting`, 5000);
  const [chosen, choose] = useState<Site | null>(null);
  if (!value) return fault ? <Alert tone="warn">{fault}</Alert> : null;
  if (value.until_ms === null) return null;
  const nowMs = value.now_ms;
  const at = (ms: number): string => dayIfNotToday(ms, nowMs);
  const awaited = value.sites.filter(({ closing }) => closing === null).length;
  return (
    <section class="awaited" aria-label={w.title}>
      <p>
        <b class="num">
          {awaited
            ? w.waits(awaited, at(value.until_ms))
            : w.through(Math.ceil((value.until_ms - nowMs) / 1000))}
        </b>{" "}
        {awaited > 0 && w.why} {awaited > 0 && can("exams.conduct") && w.call}
      </p>
      {fault && <Alert tone="warn">{fault}</Alert>}
      {value.sites.length > 0 && (
        <ul tabIndex={0} aria-label={w.title}>
          {value.sites.map((site) => (
            <Line key={site.site} site={site} at={at} nowMs={nowMs} onClose={() => choose(site)} />
          ))}
        </ul>
      )}
      {chosen && (
        <Protocol
          site={chosen}
          path={path}
          sitting
          onClose={() => choose(null)}
          onDone={() => {
            choose(null);
            again();
          }}
        />
      )}
    </section>
  );
}

function Line(props: {
  site: Site;
  at: (ms: number) => string;
  nowMs: number;
  onClose: () => void;
}): JSX.Element {
  const { site, at } = props;
  const runs = site.closing === null && props.nowMs < site.from_ms;
  return (
    <li>
      <span class="who">
        <b class="num">{site.code}</b> {site.name} <span class="muted">{site.path.slice(1).join(" · ")}</span>
      </span>
      <span class="num">
        {site.opened_ms === null ? w.unknown : w.opened(at(site.opened_ms))} ·{" "}
        {site.reserve_ms !== null && `${w.reserve(at(site.reserve_ms))} · `}
        {site.seen_ms === null ? w.never : w.heard(at(site.seen_ms))}
      </span>
      {(site.contact || site.phone) && (
        <span>
          {site.contact} <Phone site={site.site} phone={site.phone} class="num nowrap" />
        </span>
      )}
      <b class="num">
        {site.closing ? w.given : runs ? w.from(at(site.from_ms)) : w.until(at(site.until_ms))}
      </b>
      {site.closing?.reason && (
        <span>
          {site.closing.reason} <span class="muted">({site.closing.who})</span>
        </span>
      )}
      {can("exams.conduct") && (
        <button class="button small" disabled={runs} onClick={props.onClose}>
          {site.closing ? p.reopen : p.byProtocol}
        </button>
      )}
    </li>
  );
}
