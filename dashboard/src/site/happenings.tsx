import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { BookLine } from "../shared/calling";
import type { Entry } from "../shared/duty";
import { clockLength, day, dayAndTime, timeOfDay } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { eventText } from "../wall/events";
import { facets, type History, sources, stateTone, stateWord, type Stretch } from "./history";

const w = dictionary({
  title: { vi: "Diễn biến", en: "What happened" },
  none: { vi: "Không có gì trong khoảng này.", en: "Nothing in this time." },
  more: { vi: "Xem thêm", en: "Show more" },
});

const PAGE = 60;
const TONES = ["idle", "minor", "warn", "bad"];
const BRIEF_MS = 5000;

type Happening =
  | { atMs: number; key: string; kind: "stretch"; facet: string; stretch: Stretch }
  | { atMs: number; key: string; kind: "event"; event: History["events"][number] }
  | { atMs: number; key: string; kind: "entry"; entry: Entry };

/** Changes of state, events and the shift's book in one list, the newest first. */
export function happenings(history: History): Happening[] {
  const stretches = history.lanes.flatMap(({ facet, stretches }) =>
    stretches
      .filter(
        ({ from_ms, until_ms, state }) =>
          from_ms > history.from_ms &&
          until_ms - from_ms >= BRIEF_MS &&
          (facet === "presence" || !blind(state)),
      )
      .map((stretch): Happening => ({
        atMs: stretch.from_ms,
        key: `s${facet}${stretch.from_ms}`,
        kind: "stretch",
        facet,
        stretch,
      })),
  );
  const events = history.events.map((event): Happening => ({
    atMs: event.at_ms,
    key: `e${event.id}`,
    kind: "event",
    event,
  }));
  const book = history.book.map((entry): Happening => ({
    atMs: entry.at_ms,
    key: `b${entry.id}`,
    kind: "entry",
    entry,
  }));
  return [...stretches, ...events, ...book].sort((a, b) => b.atMs - a.atMs);
}

/** The lane of presence says it already. */
function blind(state: string): boolean {
  return state === "unknown" || state === "off";
}

export function Happenings({ history }: { history: History }): JSX.Element {
  const [shown, show] = useState(PAGE);
  const all = happenings(history);
  return (
    <section class="card">
      <h2>{w.title}</h2>
      {all.length === 0 && <p class="muted">{w.none}</p>}
      <ul class="book happened">
        {all.slice(0, shown).map((each) => (
          <Line key={each.key} of={each} today={day(history.until_ms)} />
        ))}
      </ul>
      {all.length > shown && (
        <button class="button small" onClick={() => show(shown + PAGE)}>
          {w.more}
        </button>
      )}
    </section>
  );
}

/** The date only where it is not that of the newest line. */
function Line({ of, today }: { of: Happening; today: string }): JSX.Element {
  if (of.kind === "entry") return <BookLine entry={of.entry} />;
  return (
    <li>
      <time class="num">{day(of.atMs) === today ? timeOfDay(of.atMs, true) : dayAndTime(of.atMs)}</time>
      {of.kind === "event" ? (
        <span class={`tone-${TONES[of.event.severity] ?? "idle"}`}>
          {eventText({ ...of.event, site: null, site_name: "" })}
        </span>
      ) : (
        <span>
          {(facets as Record<string, string>)[of.facet]}:{" "}
          <b class={`tone-${stateTone(of.facet, of.stretch.state)}`}>
            {stateWord(of.facet, of.stretch.state)}
          </b>{" "}
          <span class="muted num">
            ({clockLength(of.stretch.until_ms - of.stretch.from_ms)}
            {of.stretch.source !== "seen" && `, ${sources[of.stretch.source]}`})
          </span>
        </span>
      )}
    </li>
  );
}
