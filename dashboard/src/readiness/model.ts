/** What `/api/v1/readiness/board` tells, and the pure step from one picture to the next. */

import { isPostponed } from "../shared/checks";
import { matches } from "../shared/site";

export type Verdict = "go" | "care" | "no_go" | "unknown";
export type Grade = "no_go" | "unknown" | "care" | "waived";

/** In the order of a glance: what is good, then what is worse. */
export const VERDICTS: readonly Verdict[] = ["go", "care", "no_go", "unknown"];

export interface Finding {
  check: string;
  reason: string;
  grade: Grade;
  note: string;
  figures: Record<string, number>;
  waiver: string | null;
}

export interface Row {
  site: string;
  verdict: Verdict;
  findings: Finding[];
  made_ms: number | null;
  online: boolean;
  starts_ms: number | null;
  agent_version: string;
}

export interface Room {
  site: string;
  code: string;
  name: string;
  district: string;
  level: string;
  contact: string;
  phone: string;
}

export interface Answer {
  scope: string;
  fresh_s: number;
  centre_ms: number;
  boot: string;
  version: number;
  whole: boolean;
  rows: Row[];
  gone: string[];
  rooms: Room[];
}

export type Line = Row & Room;

export interface Picture {
  head: Answer;
  heardMs: number;
  rows: ReadonlyMap<string, Row>;
  rooms: ReadonlyMap<string, Room>;
}

/** The picture after `answer`, heard at monotonic `nowMs`. */
export function step(before: Picture | null, answer: Answer, nowMs: number): Picture {
  const rows = new Map(answer.whole || !before ? [] : before.rows);
  for (const site of answer.gone) rows.delete(site);
  for (const row of answer.rows) rows.set(row.site, row);
  const rooms =
    answer.rooms.length || !before ? new Map(answer.rooms.map((each) => [each.site, each])) : before.rooms;
  return { head: { ...answer, rows: [], gone: [], rooms: [] }, heardMs: nowMs, rows, rooms };
}

/** Where to ask for what comes after `before`. */
export function path(scope: string, before: Picture | null): string {
  const asked = new URLSearchParams();
  if (scope) asked.set("course", scope);
  if (before) {
    asked.set("since", String(before.head.version));
    asked.set("boot", before.head.boot);
  }
  return `/api/v1/readiness/board?${asked.toString()}`;
}

const NOBODY = { code: "", name: "", district: "", level: "", contact: "", phone: "" };
const collator = new Intl.Collator("vi", { numeric: true });
const RANK: Record<Verdict, number> = { no_go: 0, unknown: 1, care: 2, go: 3 };

/** Every site, trouble first; of two alike the one that starts sooner, then the one that lacks more. */
export function lines(picture: Picture): Line[] {
  const all = [...picture.rows.values()].map((row) => ({
    ...NOBODY,
    ...picture.rooms.get(row.site),
    ...row,
  }));
  const soon = (line: Line): number => line.starts_ms ?? Infinity;
  return all.sort(
    (a, b) =>
      RANK[a.verdict] - RANK[b.verdict] ||
      (soon(a) === soon(b) ? 0 : soon(a) - soon(b)) ||
      b.findings.length - a.findings.length ||
      collator.compare(a.code, b.code),
  );
}

export type Sums = Record<Verdict, number>;

export function sums(all: readonly Line[]): Sums {
  const total: Sums = { go: 0, care: 0, no_go: 0, unknown: 0 };
  for (const line of all) total[line.verdict]++;
  return total;
}

export interface District {
  name: string;
  sums: Sums;
  total: number;
}

/** Sums by district, the one with most that cannot go first. */
export function districts(all: readonly Line[]): District[] {
  const groups = new Map<string, Line[]>();
  for (const line of all) groups.set(line.district, [...(groups.get(line.district) ?? []), line]);
  return [...groups]
    .map(([name, members]) => ({ name, sums: sums(members), total: members.length }))
    .sort(
      (a, b) =>
        b.sums.no_go - a.sums.no_go || b.sums.unknown - a.sums.unknown || collator.compare(a.name, b.name),
    );
}

/** One thing that is found at several sites: `check.reason`, or what is put off, whichever checks it is. */
export interface Kind {
  key: string;
  check: string;
  reason: string;
  grade: Grade;
  sites: number;
}

export function keyOf(finding: Pick<Finding, "check" | "reason">): string {
  return isPostponed(finding) ? finding.reason : `${finding.check}.${finding.reason}`;
}

const GRADES: readonly Grade[] = ["no_go", "unknown", "care", "waived"];

/** What is found at these sites, the gravest and then the most frequent first. */
export function kinds(all: readonly Line[]): Kind[] {
  const found = new Map<string, Kind>();
  for (const line of all) {
    const here = new Set<string>();
    for (const finding of line.findings) {
      const key = keyOf(finding);
      const known = found.get(key);
      const first = !here.has(key);
      here.add(key);
      if (!known) found.set(key, { key, ...finding, sites: 1 });
      else {
        if (first) known.sites++;
        if (GRADES.indexOf(finding.grade) < GRADES.indexOf(known.grade)) known.grade = finding.grade;
      }
    }
  }
  return [...found.values()].sort(
    (a, b) => GRADES.indexOf(a.grade) - GRADES.indexOf(b.grade) || b.sites - a.sites,
  );
}

export interface Wanted {
  verdict: Verdict | "";
  district: string;
  kind: string;
  text: string;
}

export const EVERYTHING: Wanted = { verdict: "", district: "", kind: "", text: "" };

export function wanted(all: readonly Line[], filter: Wanted): Line[] {
  return all.filter(
    (line) =>
      (!filter.verdict || line.verdict === filter.verdict) &&
      (!filter.district || line.district === filter.district) &&
      (!filter.kind || line.findings.some((finding) => keyOf(finding) === filter.kind)) &&
      matches(filter.text, line.code, line.name, line.district, line.contact),
  );
}
