import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAsked } from "../shared/asked";
import { dayAndTime } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Alert } from "../shared/parts";
import { matches } from "../shared/site";
import { deeds as deedWords } from "./deeds";
import { t } from "./words";

const w = dictionary({
  who: { vi: "Người", en: "Who" },
  action: { vi: "Việc", en: "Action" },
  target: { vi: "Đối tượng", en: "Target" },
  detail: { vi: "Chi tiết", en: "Detail" },
  whole: {
    vi: (n: number) => `${n} dòng nhật ký còn nguyên vẹn, không ai sửa.`,
    en: (n: number) => `All ${n} rows are whole: nobody changed them.`,
  },
  broken: {
    vi: (n: number) => `Nhật ký không còn nguyên vẹn từ dòng ${n}: có người đã sửa.`,
    en: (n: number) => `The trail is not whole from row ${n} on: somebody changed it.`,
  },
  site: { vi: (code: string) => `điểm cầu ${code}`, en: (code: string) => `site ${code}` },
});

/** Who is no person. */
const machines = dictionary({
  centre: { vi: "trung tâm", en: "centre" },
  system: { vi: "hệ thống", en: "system" },
  clock: { vi: "đến hạn", en: "clock" },
});

function whose(who: string): string {
  return who.startsWith("site:") ? w.site(who.slice(5)) : worded(machines, who);
}

interface Deed {
  seq: number;
  at_ms: number;
  who: string;
  action: string;
  target: string;
  detail: string;
}

/** "slips: 40 · sites: 8" for details kept as JSON; anything else as it is. */
function shown(detail: string): string {
  if (!detail.startsWith("{")) return detail;
  try {
    return Object.entries(JSON.parse(detail) as Record<string, unknown>)
      .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
      .join(" · ");
  } catch {
    return detail;
  }
}

export function AuditTrail(): JSX.Element {
  const deeds = useAsked<Deed[]>("/api/v1/audit?limit=500", 10_000);
  const trail = useAsked<{ rows?: number; broken_at?: number | null }>("/api/v1/audit/verify");
  const [wanted, want] = useState("");
  const rows =
    deeds.value?.filter((deed) =>
      matches(
        wanted,
        deed.who,
        whose(deed.who),
        deed.action,
        worded(deedWords, deed.action),
        deed.target,
        shown(deed.detail),
      ),
    ) ?? [];
  return (
    <div class="stack">
      <div class="row">
        <h1 class="grow">{t.audit}</h1>
        <input
          class="short"
          placeholder={t.search}
          value={wanted}
          onInput={(e) => want(e.currentTarget.value)}
        />
      </div>
      {deeds.fault && <Alert tone="bad">{deeds.fault}</Alert>}
      {trail.value?.rows !== undefined &&
        (typeof trail.value.broken_at === "number" ? (
          <Alert tone="bad">{w.broken(trail.value.broken_at)}</Alert>
        ) : (
          <Alert tone="good">{w.whole(trail.value.rows)}</Alert>
        ))}
      <div class="card scroll-x" tabIndex={0}>
        <table class="tight">
          <thead>
            <tr>
              <th class="num">#</th>
              <th>{t.time}</th>
              <th>{w.who}</th>
              <th>{w.action}</th>
              <th>{w.target}</th>
              <th>{w.detail}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((deed) => (
              <tr key={deed.seq}>
                <td class="num muted">{deed.seq}</td>
                <td class="num nowrap">{dayAndTime(deed.at_ms, true)}</td>
                <td>{whose(deed.who)}</td>
                <td title={deed.action}>{worded(deedWords, deed.action)}</td>
                <td class="muted">{deed.target}</td>
                <td class="detail">{shown(deed.detail)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
