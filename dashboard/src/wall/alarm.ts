/** What the alarm strip decides: which alarms come first, what each is called, who has it. */

import type { Tile, WallAlarm } from "../shared/feed";
import { timeOfDay } from "../shared/format";
import { worded } from "../shared/i18n";
import { scopes, t, troubles } from "./alarmwords";
import { shortName } from "./shortname";

/** An alarm counts as new for so long. */
const NEW_MS = 60_000;

/** The gravest first, so that the colours never alternate; of one colour what calls for somebody, then the newest. */
export function inOrder(alarms: readonly WallAlarm[]): WallAlarm[] {
  const calls = (alarm: WallAlarm): number => (alarm.taken ? 0 : alarm.loud ? 2 : 1);
  return [...alarms].sort(
    (a, b) => b.severity - a.severity || calls(b) - calls(a) || b.since_ms - a.since_ms,
  );
}

/** Whether it was called out and still nobody has it. */
export function isLoud(alarm: WallAlarm): boolean {
  return alarm.loud && !alarm.taken;
}

export function isNew(alarm: WallAlarm, nowMs: number): boolean {
  return !alarm.taken && nowMs - alarm.since_ms < NEW_MS;
}

/** "Huyện An Dương", "Nhà mạng VNPT", the school's own name, "Trung tâm". */
export function causeOf(alarm: WallAlarm, sites: ReadonlyMap<string, Pick<Tile, "name" | "code">>): string {
  if (alarm.scope === "site") {
    const site = sites.get(alarm.name);
    return site ? shortName(site.name) : alarm.name;
  }
  if (alarm.scope === "part") {
    return alarm.trouble === "relay" ? t.relay(alarm.name) : alarm.name;
  }
  const scope = worded(scopes, alarm.scope);
  if (alarm.scope === "district") return alarm.name;
  return alarm.name ? `${scope} ${alarm.name}` : scope;
}

export function troubleOf(alarm: WallAlarm): string {
  return worded(troubles, alarm.trouble);
}

/** Who else has the alarm at `nowMs`; null when it is `username`'s own, nobody's, or its time is over. */
export function othersHold(alarm: WallAlarm, nowMs: number, username?: string): WallAlarm["taken"] {
  const { taken } = alarm;
  if (!taken || taken.by === username) return null;
  return taken.until_ms === null || nowMs < taken.until_ms ? taken : null;
}

/** "Hà đang xử lý đến 08:30", or that nobody has it. */
export function holderOf(alarm: WallAlarm): string {
  if (!alarm.taken) return t.nobody;
  const { name, until_ms } = alarm.taken;
  return until_ms === null ? t.untilClear(name) : t.until(name, timeOfDay(until_ms));
}

/** How many alarms stand beside each other on a page of this width (CSS pixels). */
export function placesFor(width: number): number {
  return width < 700 ? 3 : Math.max(2, Math.min(5, Math.floor(width / 370)));
}
