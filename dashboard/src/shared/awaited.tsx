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
  until_ms: number;
  from_ms: number;
  closing: Closing | null;
}

interface Waiting {
  stage: string;
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
    vi: (until: string) => `Không còn chờ điểm cầu nào; bắt đầu chấm lúc ${until}.`,
    en: (until: string) => `No site is waited for; marking begins at ${until}.`,
  },
  why: {
    vi: "Ở đó có thể còn người làm bài bằng giờ bù mà trung tâm chưa biết. Hãy gọi trường: khi không còn ai ngồi thi, kết thúc theo biên bản tại đây.",
    en: "People there may still be writing in extra time that the centre has not heard of. Call the school: once nobody sits there any more, close it by protocol here.",
  },
  opened: { vi: (at: string) => `mở đề ${at}`, en: (at: string) => `opened ${at}` },
  unknown: { vi: "chưa biết giờ mở đề", en: "opening not known" },
  heard: { vi: (at: string) => `nghe lần cuối ${at}`, en: (at: string) => `last heard ${at}` },
  never: { vi: "chưa từng nghe", en: "never heard" },
  until: { vi: (at: string) => `muộn nhất ${at}`, en: (at: string) => `${at} at the latest` },
  from: { vi: (at: string) => `còn giờ làm bài đến ${at}`, en: (at: string) => `its time runs until ${at}` },
  given: { vi: "không chờ nữa", en: "not waited for" },
});

/** Which sites the results of an exam that is closing wait for, until when at the latest, and the form that ends the
 * wait for one of them. */
export function Awaited({ exam, nowMs }: { exam: string; nowMs: number }): JSX.Element | null {
  const path = `/api/v1/exams/${encodeURIComponent(exam)}`;
  const { value, fault, again } = useAsked<Waiting>(`${path}/waiting`, 5000);
  const [chosen, choose] = useState<Site | null>(null);
  if (!value) return fault ? <Alert tone="warn">{fault}</Alert> : null;
  if (value.until_ms === null) return null;
  const at = (ms: number): string => dayIfNotToday(ms, nowMs);
  const awaited = value.sites.filter(({ closing }) => closing === null).length;
  return (
    <section class="awaited" aria-label={w.title}>
      <p>
        <b class="num">{awaited ? w.waits(awaited, at(value.until_ms)) : w.through(at(value.until_ms))}</b>{" "}
        {awaited > 0 && w.why}
      </p>
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
      {site.closing && (
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
