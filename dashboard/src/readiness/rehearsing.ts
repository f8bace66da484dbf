/** Rehearsals as `/api/v1/readiness/rehearsals` tells them. */

import type { Finding, Verdict } from "./model";

export interface Rehearsal {
  id: string;
  kind: "drill" | "practice";
  title: string;
  stage: "planned" | "under_way" | "over" | "off" | "moved";
  from_ms: number;
  t0_ms: number;
  until_ms: number;
  sites: number;
  by: string;
  before_ms: number | null;
  replaces: string | null;
}

export type Step = "away" | "sent" | "told" | "looked" | "silent" | "missed" | "opened";

export interface SiteInRehearsal {
  site: string;
  code: string;
  name: string;
  district: string;
  contact: string;
  phone: string;
  step: Step;
  verdict: Verdict;
  findings: Finding[];
  sent_ms: number | null;
  seen_ms: number | null;
  looked_ms: number | null;
  reason: string;
  lo_ms: number | null;
  hi_ms: number | null;
}

export interface Told {
  rehearsal: Rehearsal;
  centre_ms: number;
  sites: SiteInRehearsal[];
}

/** Who needs a call first: the step that is farthest from having opened. */
const RANK: Record<Step, number> = { missed: 0, silent: 1, away: 2, sent: 3, told: 4, looked: 5, opened: 6 };
const WORSE: Record<Verdict, number> = { no_go: 0, unknown: 1, care: 2, go: 3 };
const collator = new Intl.Collator("vi", { numeric: true });

export function byNeed(sites: readonly SiteInRehearsal[]): SiteInRehearsal[] {
  return [...sites].sort(
    (a, b) =>
      RANK[a.step] - RANK[b.step] || WORSE[a.verdict] - WORSE[b.verdict] || collator.compare(a.code, b.code),
  );
}

export interface Progress {
  sites: number;
  told: number;
  looked: number;
  opened: number;
  failed: number;
}

export function progress(sites: readonly SiteInRehearsal[]): Progress {
  return {
    sites: sites.length,
    told: sites.filter((each) => each.seen_ms !== null).length,
    looked: sites.filter((each) => each.looked_ms !== null).length,
    opened: sites.filter((each) => each.step === "opened").length,
    failed: sites.filter((each) => each.step === "missed" || each.step === "silent").length,
  };
}
