/** Alarms of the console: the log, planned work, channels, rules, as `/api/v1/alarms/…` tells them. */

import { timeOfDay } from "../../shared/format";
import { worded } from "../../shared/i18n";
import type { Site } from "../../shared/site";
import { severities, told, whys } from "./words";

export interface LogLine {
  seq: number;
  at_ms: number;
  who: string;
  kind: string;
  alarm: string | null;
  trouble: string | null;
  scope: string | null;
  name: string | null;
  severity: number;
  sites: number;
  text: string;
  event: Record<string, unknown>;
}

export interface Log {
  cut: boolean;
  from_ms: number;
  until_ms: number;
  figures: {
    alarms: number;
    grave: number;
    sites: number;
    taken: number;
    median_taken_s: number | null;
    median_lasted_s: number | null;
    longest_s: number | null;
  };
  lines: LogLine[];
}

export interface Quiet {
  from_min: number;
  until_min: number;
  grave_passes: boolean;
}

export type Kind = "webhook" | "email" | "telegram" | "other";

export interface Wish {
  name: string;
  kind: Kind;
  enabled: boolean;
  severity: number;
  districts: string[];
  quiet: Quiet | null;
  every_s: number;
  tell_cleared: boolean;
  to: string[];
  server: string;
  sender: string;
  user: string;
  security: "starttls" | "tls" | "plain";
}

export interface Channel {
  id: string;
  wish: Wish;
  failures: number;
  failing: boolean;
  why: string;
}

export interface Step {
  after_min: number;
  severity: number;
  loud: boolean;
  channels: string[];
}

export interface Delay {
  together_s: number;
  alone_s: number;
}

export interface Rules {
  share: number;
  keep_share: number;
  breadth: number;
  sites: number;
  settle_s: number;
  clear_s: number;
  grace_s: number;
  absorb_s: number;
  flapping: { window_s: number; enter: number; leave: number };
  delays: Record<string, Delay>;
  steps: Step[];
}

const MOST_CODES = 12;

/** The codes of the sites that an event names, at most a line of them. */
export function codesOf(sites: unknown, codes: ReadonlyMap<string, string>): string {
  const named = Array.isArray(sites) ? sites.map((id) => codes.get(String(id)) ?? String(id)).sort() : [];
  const more = named.length - MOST_CODES;
  return named.slice(0, MOST_CODES).join(", ") + (more > 0 ? ` +${more}` : "");
}

/** One line of the log in the reader's language; a kind that this page does not know is told as the centre words it. */
export function sentenceOf(line: LogLine, codes: ReadonlyMap<string, string>): string {
  const { event } = line;
  const text = (key: string): string => {
    const value = event[key];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  const why = worded(whys, text("why"));
  const sites = codesOf(event.sites, codes);
  const where = placeOf(event.cause, codes);
  switch (line.kind) {
    case "raised":
      return line.sites > 1 ? told.raised(line.sites, sites) : told.raisedAlone;
    case "joined":
      return told.joined(line.sites, sites);
    case "left":
      return told.left(line.sites, why, sites);
    case "worsened":
      return told.worsened(worded(severities, text("severity")));
    case "cleared":
      return told.cleared(why);
    case "acknowledged": {
      const until = event.until_ns;
      const when = typeof until === "number" ? told.untilTime(timeOfDay(until / 1e6)) : told.untilClear;
      const word = text("word") && `: “${text("word")}”`;
      const from = text("instead_of");
      return from
        ? told.takenOver(text("name"), from, when, word)
        : told.acknowledged(text("name"), when, word);
    }
    case "acknowledgement_ended":
      return told.acknowledgement_ended(why);
    case "escalated":
      return told.escalated(Number(event.level));
    case "told":
      return text("what") === "cleared" ? told.toldOver(text("name")) : told.told(text("name"));
    case "centre_started":
      return told.centre_started(Number(event.standing));
    case "work_planned":
      return told.work_planned(where, text("why"));
    case "work_ended":
      return told.work_ended(where);
    case "rules_changed":
      return told.rules_changed(Number(event.version));
    case "channel_changed":
      return told.channel_changed(text("name"), worded(whys, text("what")));
    default:
      return line.text;
  }
}

function placeOf(cause: unknown, codes: ReadonlyMap<string, string>): string {
  const name = (cause as { name?: string } | undefined)?.name ?? "";
  return codes.get(name) ?? name;
}

export function districtsOf(sites: readonly Site[]): string[] {
  return named(sites.map(({ path }) => path[1]));
}

export function providersOf(sites: readonly Site[]): string[] {
  return named(sites.map(({ provider }) => provider));
}

function named(names: readonly (string | undefined)[]): string[] {
  const known = names.filter((name): name is string => Boolean(name));
  return [...new Set(known)].sort((a, b) => a.localeCompare(b, "vi"));
}

/** "2026-11-29": the day that it is in Vietnam, by which the centre keeps its log. */
export function dayField(ms: number): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Ho_Chi_Minh" }).format(ms);
}

/** "22:30" and back: minutes of the day. */
export function clockField(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

export function minutesOf(field: string): number {
  const [hours = 0, minutes = 0] = field.split(":").map(Number);
  return hours * 60 + minutes;
}

/** What is written between commas. */
export function listed(text: string): string[] {
  return text
    .split(/[,;\n]/)
    .map((each) => each.trim())
    .filter(Boolean);
}
