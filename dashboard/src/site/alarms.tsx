import type { JSX } from "preact";
import { useAsked } from "../shared/asked";
import type { Tile, WallAlarm } from "../shared/feed";
import { dayAndTime } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Alert, Chip } from "../shared/parts";
import { causeOf, holderOf, inOrder, troubleOf } from "../wall/alarm";
import { troubles } from "../wall/alarmwords";

interface PastAlarm {
  id: string;
  trouble: string;
  joined_ms: number;
  left_ms: number | null;
}

interface SiteAlarms {
  standing: WallAlarm[];
  past: PastAlarm[];
}

const w = dictionary({
  title: { vi: "Báo động", en: "Alarms" },
  none: { vi: "Không có báo động nào.", en: "No alarms." },
  past: { vi: "Đã qua", en: "Past" },
  now: { vi: "đến giờ", en: "until now" },
});

const EVERY_MS = 10_000;

/** What this site is under now, who has it, and what it was under. */
export function Alarms({ tile }: { tile: Tile }): JSX.Element {
  const { value, fault } = useAsked<SiteAlarms>(`/api/v1/alarms?site=${tile.id}`, EVERY_MS);
  const sites = new Map([[tile.id, tile]]);
  return (
    <section class="card">
      <h2>{w.title}</h2>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {value?.standing.length === 0 && <p class="muted">{w.none}</p>}
      <ul class="findings">
        {inOrder(value?.standing ?? []).map((alarm) => (
          <li key={alarm.id}>
            <Chip tone={alarm.severity >= 3 ? "bad" : "warn"}>{troubleOf(alarm)}</Chip>{" "}
            {causeOf(alarm, sites)}
            <p class="muted num">
              {dayAndTime(alarm.since_ms)} · {holderOf(alarm)}
            </p>
          </li>
        ))}
      </ul>
      {value && value.past.length > 0 && (
        <details>
          <summary>
            {w.past} ({value.past.length})
          </summary>
          <ul class="checked num">
            {value.past.map((alarm) => (
              <li key={`${alarm.id} ${alarm.joined_ms}`}>
                {dayAndTime(alarm.joined_ms)} – {alarm.left_ms === null ? w.now : dayAndTime(alarm.left_ms)}:{" "}
                {worded(troubles, alarm.trouble)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
