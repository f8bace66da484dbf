/** What `/api/v1/exams/{exam}/board` tells, and the pure step from one picture to the next. */

import { matches } from "../shared/site";

export type Word =
  "stopped" | "never" | "silent" | "late" | "no_paper" | "open" | "open_late" | "ready" | "closed";

export interface Row {
  site: string;
  word: Word;
  /** 0 = look here first. */
  rank: number;
  linked: boolean;
  silent_s: number | null;
  late_s: number;
  clock: "synced" | "loose" | "blind" | null;
  registered: number;
  signed_in: number;
  started: number;
  answered: number;
  handed_in: number;
  received: number;
  trouble: number;
  opened_ms: number | null;
  extra_s: number;
  unheld: number;
  incidents: number;
  proposals: number;
}

export interface Named {
  site: string;
  code: string;
  name: string;
  district: string;
  contact: string;
  phone: string;
}

export interface Incident {
  id: string;
  site: string;
  candidate: string | null;
  kind: string;
  text: string;
  who: string;
  at_ns: number;
  seen_by: string | null;
}

export interface Answer {
  exam: string;
  title: string;
  stage: string;
  starts_ms: number;
  duration_s: number;
  questions: number;
  centre_ms: number;
  boot: string;
  version: number;
  whole: boolean;
  rows: Row[];
  named: Named[];
  /** null: the same as before. */
  incidents: Incident[] | null;
  /** Both languages; empty: nothing is wrong. */
  release_trouble: string;
}

export type Line = Row & Named;

export interface Picture {
  head: Answer;
  heardMs: number;
  rows: ReadonlyMap<string, Row>;
  named: ReadonlyMap<string, Named>;
  incidents: readonly Incident[];
}

/** The picture after `answer`, heard at monotonic `nowMs`. */
export function step(before: Picture | null, answer: Answer, nowMs: number): Picture {
  const rows = new Map(answer.whole || !before ? [] : before.rows);
  for (const row of answer.rows) rows.set(row.site, row);
  const named =
    answer.named.length || !before ? new Map(answer.named.map((each) => [each.site, each])) : before.named;
  const incidents = answer.incidents ?? before?.incidents ?? [];
  return {
    head: { ...answer, rows: [], named: [], incidents: null },
    heardMs: nowMs,
    rows,
    named,
    incidents,
  };
}

/** Where to ask for what comes after `before`. */
export function path(exam: string, before: Picture | null): string {
  const since = before ? `?since=${before.head.version}&boot=${encodeURIComponent(before.head.boot)}` : "";
  return `/api/v1/exams/${encodeURIComponent(exam)}/board${since}`;
}

const NOBODY = { code: "", name: "", district: "", contact: "", phone: "" };
const collator = new Intl.Collator("vi", { numeric: true });

/** Every site, what must be looked at first before the others. */
export function lines(picture: Picture): Line[] {
  const all = [...picture.rows.values()].map((row) => ({
    ...NOBODY,
    ...picture.named.get(row.site),
    ...row,
  }));
  return all.sort(
    (a, b) =>
      a.rank - b.rank || b.late_s - a.late_s || b.trouble - a.trouble || collator.compare(a.code, b.code),
  );
}

/** The calm of the board: sites at which nothing must be done. */
export const CALM = 8;

export type Filter = "all" | "look" | Word;

export function filtered(all: readonly Line[], filter: Filter, district: string, wanted: string): Line[] {
  return all.filter(
    (line) =>
      (filter === "all" || (filter === "look" ? line.rank < CALM : line.word === filter)) &&
      (!district || line.district === district) &&
      matches(wanted, line.code, line.name, line.district),
  );
}

export interface Sums {
  sites: number;
  registered: number;
  signed_in: number;
  started: number;
  answered: number;
  handed_in: number;
  received: number;
  words: Record<Word, number>;
  blind: number;
  loose: number;
  synced: number;
  look: number;
}

export function sums(all: readonly Line[]): Sums {
  const words = {
    stopped: 0,
    never: 0,
    silent: 0,
    late: 0,
    no_paper: 0,
    open: 0,
    open_late: 0,
    ready: 0,
    closed: 0,
  };
  const total: Sums = {
    sites: all.length,
    registered: 0,
    signed_in: 0,
    started: 0,
    answered: 0,
    handed_in: 0,
    received: 0,
    words,
    blind: 0,
    loose: 0,
    synced: 0,
    look: 0,
  };
  for (const line of all) {
    for (const key of ["registered", "signed_in", "started", "answered", "handed_in", "received"] as const) {
      total[key] += line[key];
    }
    words[line.word]++;
    if (line.clock) total[line.clock]++;
    if (line.rank < CALM) total.look++;
  }
  return total;
}

export interface District {
  name: string;
  sums: Sums;
}

/** Sums by district, the one with most to look at first. */
export function districts(all: readonly Line[]): District[] {
  const groups = new Map<string, Line[]>();
  for (const line of all) groups.set(line.district, [...(groups.get(line.district) ?? []), line]);
  return [...groups]
    .map(([name, members]) => ({ name, sums: sums(members) }))
    .sort((a, b) => b.sums.look - a.sums.look || collator.compare(a.name, b.name));
}
