import type { JSX } from "preact";
import { memo } from "preact/compat";
import { seats, whys } from "../air/words";
import { handoverStates, outcomes } from "../shared/duty";
import type { WallEvent } from "../shared/feed";
import { decimal, timeOfDay, whole } from "../shared/format";
import { language, type Phrase, worded } from "../shared/i18n";
import { eventWords } from "./eventwords";
import { rungOrders } from "./rungwords";
import { shortName } from "./shortname";
import { countReasons, examStates, reasons, sessionStates, t } from "./words";

/** Parameters whose words are their own, whatever the same word means elsewhere. */
const OWN: Record<string, Record<string, Phrase>> = { rung: rungOrders, seat: seats, why: whys };

/** What an event's parameter says: states and reasons are words of ours, everything else stands as it is. */
function shown(name: string, value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? whole(value) : decimal(value);
  if (typeof value !== "string") return "";
  if (OWN[name]) return worded(OWN[name], value);
  for (const words of [sessionStates, examStates, countReasons, reasons, outcomes, handoverStates, t]) {
    if (Object.keys(words).includes(value)) return worded(words, value);
  }
  return value;
}

function filled(phrase: string, params: Record<string, string>): string {
  return phrase
    .replace(/\[([^\]]*\{(\w+)\}[^\]]*)\]/g, (_, part: string, key: string) => (params[key] ? part : ""))
    .replace(/\{(\w+)\}/g, (_, key: string) => params[key] ?? "")
    .trim();
}

/** One sentence for an event; a kind that this page does not know is shown with its parameters. */
export function eventText(event: WallEvent): string {
  const phrase = eventWords[event.kind]?.[language.value];
  const params = Object.fromEntries(
    Object.entries(event.params).map(([key, value]) => [key, shown(key, value)]),
  );
  if (phrase) return filled(phrase, params);
  return [event.kind.replace(/_/g, " "), ...Object.values(params)].filter(Boolean).join(" · ");
}

const TONES = ["idle", "minor", "warn", "bad"];

/** Drawn once: an event never changes, only the language does. */
export const EventRow = memo(function EventRow(props: { event: WallEvent; site?: boolean }): JSX.Element {
  const { event, site = true } = props;
  return (
    <li class={`event tone-${TONES[event.severity] ?? "idle"}`}>
      <time class="num">{timeOfDay(event.at_ms, true)}</time>
      <span>
        {site && event.site_name && <b>{shortName(event.site_name)}: </b>}
        {eventText(event)}
      </span>
    </li>
  );
});
