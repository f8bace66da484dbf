import type { Closing } from "../shared/protocol";
import type { Band, Candidate, Group } from "./model";

/** What comes after the close, as `/api/v1/exams/{id}/…` tells it. */

export type SiteState = "conflict" | "silent" | "partial" | "never_opened" | "protocol" | "complete";

export interface SiteReach {
  site: string;
  code: string;
  name: string;
  path: string[];
  contact: string;
  phone: string;
  state: SiteState;
  why: string[];
  registered: number;
  received: number;
  signed_in: number;
  handed_in: number;
  events: number;
  broken: number;
  conflicts: number;
  told_signed_in: number | null;
  told_handed_in: number | null;
  opened_ms: number | null;
  closed_ms: number | null;
  seen_ms: number | null;
  closing: Closing | null;
}

export interface Reconciliation {
  expected: number;
  received: number;
  settled: boolean;
  counts: Record<SiteState, number>;
  sites: SiteReach[];
}

export interface Scheme {
  bands: Band[];
  void: VoidRule;
  passing: number;
  most_void: number;
}

export type VoidRule = "drop" | "credit";

export interface ItemChange {
  item: string;
  accept: string[];
}

export interface Proposal {
  id: number;
  base_version: number;
  changes: ItemChange[];
  void: VoidRule;
  reason: string;
  who: string;
  at_ms: number;
  state: "open" | "applied" | "withdrawn";
  decided_by: string | null;
  decided_ms: number | null;
  key_version: number | null;
}

export interface Difference {
  candidates: number;
  gained: number;
  lost: number;
  band_up: number;
  band_down: number;
  /** Hundredths of a point, before and after. */
  mean: [number, number];
  moves: [string, string, number][];
  rows: {
    number: string;
    correct: [number, number];
    maximum: [number, number];
    hundredths: [number, number];
    band: [string, string];
  }[];
}

export interface Publication {
  version: number;
  digest: string;
  key_version: number;
  received: number;
  expected: number;
  provisional: boolean;
  who: string;
  at_ms: number;
}

export interface Marking {
  scheme: Scheme;
  scheme_version: number;
  editable: boolean;
  maximum: number;
  begins: Record<string, number>;
  key_version: number;
  versions: { version: number; at_ms: number; void: string[]; credited: string[] }[];
  proposals: Proposal[];
  publications: Publication[];
}

export interface PlaceResults {
  exam: string;
  title: string;
  state: string;
  provisional: boolean;
  received: number;
  expected: number;
  published: number;
  bands: [string, string][];
  overall: Group;
  group: Group;
  above: [string, string][];
  inside: Group[];
  levels: Group[];
  codes: Group[];
  sites: Group[];
  reach: SiteReach[];
  candidates: Candidate[];
}

/** "8,5" or "8.5" as hundredths; null for anything that is no mark. */
export function hundredths(typed: string): number | null {
  const text = typed.trim().replace(",", ".");
  return /^\d{1,2}(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : null;
}

/** 850 as "8,5". */
export function floorText(value: number): string {
  return (value / 100).toString().replace(".", ",");
}
