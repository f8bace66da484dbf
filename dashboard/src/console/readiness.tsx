import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAsked } from "../shared/asked";
import type { Exam } from "../shared/exam";
import { decimal, timeOfDay } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Alert, Bar, Chip, type Tone } from "../shared/parts";
import { Phone } from "../shared/phone";
import { can } from "../shared/signed";
import { Reserve, SWITCHABLE } from "./release";

const w = dictionary({
  title: { vi: "Sẵn sàng", en: "Readiness" },
  red: { vi: (n: number) => `${n} chưa mở được`, en: (n: number) => `${n} could not open` },
  amber: { vi: (n: number) => `${n} cần xem`, en: (n: number) => `${n} to look at` },
  green: { vi: (n: number) => `${n} sẵn sàng`, en: (n: number) => `${n} ready` },
  all: { vi: "Tất cả", en: "All" },
  site: { vi: "Điểm cầu", en: "Site" },
  phone: { vi: "Điện thoại", en: "Telephone" },
  why: { vi: "Lý do", en: "Reason" },
  papers: { vi: "Đề giữ tại điểm", en: "Papers held" },
  version: { vi: "Bản kế hoạch", en: "Plan version" },
  clock: { vi: "Đồng hồ", en: "Clock" },
  agent: { vi: "Phần mềm / SQLite", en: "Agent / SQLite" },
  checked: { vi: "Kiểm tra lúc", en: "Checked" },
  heard: { vi: "Nghe lúc", en: "Heard" },
  spare: { vi: "dự phòng", en: "spare" },
  turned: {
    vi: (n: number, of: number) => `${n}/${of} điểm cầu đã chuyển sang đề dự bị`,
    en: (n: number, of: number) => `${n}/${of} sites sit the reserve paper`,
  },
  typed: {
    vi: (names: string) => `Đã gõ mã đề dự bị: ${names}. Các điểm cầu khác vẫn làm đề chính.`,
    en: (names: string) => `The reserve code was typed at ${names}. The other sites still sit the paper.`,
  },
  others: { vi: "Chuyển cả các điểm còn lại…", en: "Switch the other sites too…" },
  onReserve: { vi: "đề dự bị", en: "reserve" },
  differs: { vi: "khác bản niêm phong", en: "differs from the sealed one" },
  missing: { vi: "thiếu", en: "missing" },
});

const reasons = dictionary({
  unpaired: { vi: "Chưa ghép máy", en: "No computer paired" },
  silent: { vi: "Không nghe thấy", en: "Not heard" },
  no_plan: { vi: "Chưa có kế hoạch thi", en: "Has no plan" },
  old_plan: { vi: "Kế hoạch cũ", en: "Holds an older plan" },
  paper_missing: { vi: "Thiếu đề", en: "A paper is missing" },
  paper_differs: { vi: "Đề khác bản niêm phong", en: "A paper differs" },
  clock_blind: { vi: "Không biết giờ trung tâm", en: "Does not know the time" },
  quiet: { vi: "Im hơn 30 giây", en: "Quiet for 30 s" },
  reserve_missing: { vi: "Thiếu đề dự bị", en: "The reserve is missing" },
  clock_loose: { vi: "Giờ chưa chính xác", en: "Clock is loose" },
  old_agent: { vi: "Phần mềm bản khác", en: "Another agent version" },
  damaged: { vi: "Đề từng hỏng, đã tải lại", en: "A paper was damaged and fetched again" },
});

type Light = "red" | "amber" | "green";
const TONES: Record<Light, Tone> = { red: "bad", amber: "warn", green: "good" };

interface Ready {
  version: number;
  counts: Record<Light, number>;
  switched_ms: number | null;
  turned: number;
  typed: number;
  sites: ReadySite[];
}

interface ReadySite {
  site: string;
  code: string;
  name: string;
  phone: string;
  contact: string;
  spare: boolean;
  light: Light;
  reasons: string[];
  heard_ms: number | null;
  version: number;
  papers: { code: string; digest: string; here: boolean; right: boolean }[];
  checked_ms: number | null;
  clock: string | null;
  bound_ms: number | null;
  agent_version: string;
  sqlite_version: string;
  turned: boolean;
  by_code: boolean;
}

const SHOWN = ["sealed", "armed", "released", "open", "closing"];

/** Whether an exam in this stage has a readiness to look at. */
export function isShown(stage: string): boolean {
  return SHOWN.includes(stage);
}

const clocks = dictionary({
  synced: { vi: "Chính xác", en: "Synced" },
  loose: { vi: "Tạm được", en: "Loose" },
  blind: { vi: "Không biết giờ", en: "Blind" },
});

/** Whether every site could open now, the worst first. */
export function ReadinessOf({ exam }: { exam: Exam }): JSX.Element | null {
  const shown = isShown(exam.state);
  const asked = useAsked<Ready>(shown ? `/api/v1/exams/${exam.id}/readiness` : null, 5000);
  const [only, choose] = useState<Light | null>(null);
  const [switching, order] = useState(false);
  const ready = asked.value;
  if (!shown) return null;
  const sites = ready?.sites.filter((site) => only === null || site.light === only) ?? [];
  return (
    <section class="card stack">
      <div class="row">
        <h2 class="grow">{w.title}</h2>
        {ready && (
          <>
            <button class="button small" aria-pressed={only === null} onClick={() => choose(null)}>
              {w.all}
            </button>
            {(["red", "amber", "green"] as const).map((light) => (
              <button
                key={light}
                class={`button small tone-${TONES[light]}`}
                aria-pressed={only === light}
                onClick={() => choose(light)}
              >
                {w[light](ready.counts[light])}
              </button>
            ))}
          </>
        )}
      </div>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {ready && (ready.switched_ms !== null || ready.turned > 0) && (
        <div class="row num" role="status">
          {w.turned(ready.turned, ready.sites.length)}
          <span class="grow">
            <Bar
              share={ready.turned / Math.max(1, ready.sites.length)}
              label={w.turned(ready.turned, ready.sites.length)}
            />
          </span>
        </div>
      )}
      {ready && ready.typed > 0 && ready.switched_ms === null && (
        <Alert tone="warn">
          {w.typed(
            ready.sites.flatMap((site) => (site.by_code ? [`${site.code} ${site.name}`] : [])).join(", "),
          )}{" "}
          {can("exams.conduct") && SWITCHABLE.includes(exam.state) && (
            <button class="button danger" onClick={() => order(true)}>
              {w.others}
            </button>
          )}
        </Alert>
      )}
      {switching && (
        <Reserve
          exam={exam}
          onDone={() => {
            order(false);
            asked.again();
          }}
          onClose={() => order(false)}
        />
      )}
      {ready && (
        <div class="scroll-x" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th>{w.site}</th>
                <th>{w.why}</th>
                <th>{w.phone}</th>
                <th>{w.papers}</th>
                <th class="num">{w.version}</th>
                <th>{w.clock}</th>
                <th>{w.agent}</th>
                <th class="num">{w.checked}</th>
                <th class="num">{w.heard}</th>
              </tr>
            </thead>
            <tbody>
              {sites.map((site) => (
                <Row key={site.site} site={site} version={ready.version} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ site, version }: { site: ReadySite; version: number }): JSX.Element {
  return (
    <tr>
      <td>
        <Chip tone={TONES[site.light]}>{site.code}</Chip> {site.name}{" "}
        {site.spare && <span class="muted">({w.spare})</span>}
        {site.turned && <Chip tone="minor">{w.onReserve}</Chip>}
      </td>
      <td>{site.reasons.map((reason) => worded(reasons, reason)).join(" · ") || "–"}</td>
      <td>
        <Phone site={site.site} phone={site.phone} /> <span class="muted">{site.contact}</span>
      </td>
      <td>
        {site.papers.map((paper) => (
          <div key={paper.code} class={`nowrap ${paper.here && paper.right ? "" : "tone-bad"}`}>
            {paper.code} {paper.digest}
            {!paper.here ? ` (${w.missing})` : paper.right ? "" : ` (${w.differs})`}
          </div>
        ))}
      </td>
      <td class={`num ${site.version && site.version < version ? "tone-bad" : ""}`}>{site.version || "–"}</td>
      <td class="nowrap">
        {worded(clocks, site.clock) || "–"} {site.bound_ms !== null && `±${decimal(site.bound_ms, 0)} ms`}
      </td>
      <td class="num">{site.agent_version ? `${site.agent_version} / ${site.sqlite_version}` : "–"}</td>
      <td class="num">{site.checked_ms === null ? "–" : timeOfDay(site.checked_ms)}</td>
      <td class="num">{site.heard_ms === null ? "–" : timeOfDay(site.heard_ms, true)}</td>
    </tr>
  );
}
