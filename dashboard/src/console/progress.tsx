import type { JSX } from "preact";
import type { Exam, ExamSite } from "../shared/exam";
import { decimal, timeOfDay } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Bar, type Tone } from "../shared/parts";
import { examStates } from "../wall/words";
import { t } from "./words";

const w = dictionary({
  title: { vi: "Từng điểm cầu", en: "Site by site" },
  package: { vi: "Gói đề", en: "Paper" },
  opened: { vi: "Mở đề", en: "Opened" },
  afterT0: { vi: "Lệch giờ mở", en: "After the start" },
  registered: { vi: "Đăng ký", en: "Registered" },
  signedIn: { vi: "Vào thi", en: "Signed in" },
  started: { vi: "Làm bài", en: "Started" },
  answered: { vi: "Câu trả lời", en: "Answers" },
  received: { vi: "Đã về trung tâm", en: "At the centre" },
  handedIn: { vi: "Đã nộp", en: "Handed in" },
  total: { vi: "Tổng", en: "Total" },
});

type Counted = "registered" | "signed_in" | "started" | "answered" | "received" | "handed_in";
const COUNTED: readonly (readonly [Counted, () => string])[] = [
  ["registered", () => w.registered],
  ["signed_in", () => w.signedIn],
  ["started", () => w.started],
  ["answered", () => w.answered],
  ["received", () => w.received],
  ["handed_in", () => w.handedIn],
];

/** How far every site is: paper held, opened when, who sits, what has come home. */
export function Progress({ exam }: { exam: Exam }): JSX.Element {
  const total = (key: Counted): number => exam.sites.reduce((sum, site) => sum + site[key], 0);
  const handed = total("handed_in");
  const signed = total("signed_in");
  return (
    <section class="card stack">
      <h2>{w.title}</h2>
      <div class="row num">
        {w.handedIn} {handed}/{signed}
        <span class="grow">
          <Bar share={handed / Math.max(1, signed)} label={`${handed}/${signed}`} />
        </span>
      </div>
      <div class="scroll-x" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th>{t.site}</th>
              <th>{w.package}</th>
              <th>{t.state}</th>
              <th class="num">{w.opened}</th>
              <th class="num">{w.afterT0}</th>
              {COUNTED.map(([key, word]) => (
                <th key={key} class="num">
                  {word()}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr class="total">
              <td colSpan={5}>{w.total}</td>
              {COUNTED.map(([key]) => (
                <td key={key} class="num">
                  {total(key)}
                </td>
              ))}
            </tr>
            {exam.sites.map((site) => (
              <SiteRow key={site.site} site={site} startsMs={exam.starts_ms} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const PACKAGES: Record<ExamSite["package"], Tone> = { missing: "bad", sent: "warn", ready: "good" };

function SiteRow({ site, startsMs }: { site: ExamSite; startsMs: number }): JSX.Element {
  const { opened_lo_ms: lo, opened_hi_ms: hi } = site;
  return (
    <tr>
      <td>
        <span class="num">{site.code}</span> <span class="muted">{site.name}</span>
      </td>
      <td class={`tone-${PACKAGES[site.package]}`}>{worded(examStates, site.package)}</td>
      <td>{worded(examStates, site.state)}</td>
      <td class="num">{hi === null ? "–" : timeOfDay(hi, true)}</td>
      <td class="num nowrap">
        {lo === null || hi === null
          ? ""
          : `${decimal((lo + hi) / 2 - startsMs, 0)} ±${decimal((hi - lo) / 2, 0)} ms`}
      </td>
      {COUNTED.map(([key]) => (
        <td key={key} class="num">
          {site[key]}
        </td>
      ))}
    </tr>
  );
}
