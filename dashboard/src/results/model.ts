import { decimal } from "../shared/format";

/** Results of an exam as `/api/v1/exams/{id}/results` tells them; marks on the 10-point scale. */

export interface Group {
  key: string;
  name: string;
  registered: number;
  present: number;
  submitted: number;
  received: number;
  mean: number | null;
  median: number | null;
  sd: number | null;
  q1: number | null;
  q3: number | null;
  bands: Record<string, number>;
  id: string;
  /** People with a mark: what the figures are of. */
  opened: number;
  passed: number;
  /** The mean lies between these at 95 %. */
  low: number | null;
  high: number | null;
  against: "above" | "below" | "alike" | null;
  /** People with marks in [0, 1), [1, 2), … [9, 10]. */
  histogram: number[];
}

export interface Candidate {
  number: string;
  name: string;
  site: string;
  code: string;
  correct: number;
  mark: number | null;
  band: string | null;
  state: string;
}

export interface Band {
  key: string;
  name: string;
  /** Lowest mark in hundredths of a point. */
  floor: number;
}

export interface Results {
  exam: string;
  title?: string;
  state: string;
  provisional: boolean;
  expected: number;
  received: number;
  maximum: number;
  overall: Group;
  places: Group[];
  levels: Group[];
  sites: Group[];
  candidates: Candidate[];
  codes: Group[];
  bands: Band[];
  key_version: number;
  published: number;
  settled: Record<string, number>;
}

/** Figures of fewer people say something of persons, not of a school. */
export const FEW = 5;
/** Below so many the mean is shown with its interval. */
export const SMALL = 30;

export interface BandShare {
  band: string;
  count: number;
  /** Of all in the bands, 0 to 1. */
  share: number;
}

/** The bands in the order of the server, best first. */
export function shares(bands: Record<string, number>): BandShare[] {
  const total = Object.values(bands).reduce((sum, count) => sum + count, 0);
  return Object.entries(bands).map(([band, count]) => ({ band, count, share: total ? count / total : 0 }));
}

const collator = new Intl.Collator("vi", { numeric: true });

/** How deep a place stands in the tree: its key is its path, " / " between the floors. */
export function depth(key: string): number {
  return Math.max(0, key.split(" / ").length - 2);
}

/** Places in the order of the Vietnamese alphabet, each parent before its children. */
export function inPlaceOrder(places: readonly Group[]): Group[] {
  return [...places].sort((a, b) => comparePaths(a.key.split(" / "), b.key.split(" / ")));
}

function comparePaths(a: string[], b: string[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const order = collator.compare(a[at] ?? "", b[at] ?? "");
    if (order) return order;
  }
  return a.length - b.length;
}

/** "6,1–8,0", or a dash while there are no marks. */
export function quartiles(group: Group, digits: number): string {
  const { q1, q3 } = group;
  return q1 === null || q3 === null ? "–" : `${decimal(q1, digits)}–${decimal(q3, digits)}`;
}

export type SortKey = "number" | "name" | "site" | "mark";

/** Vietnamese lists go by the given name, which stands last. */
function givenFirst(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words.pop() ?? "", ...words].join(" ");
}

export function sorted(candidates: readonly Candidate[], by: SortKey): Candidate[] {
  return [...candidates].sort((a, b) => {
    if (by === "mark") return (b.mark ?? -1) - (a.mark ?? -1) || collator.compare(a.number, b.number);
    if (by === "name") return collator.compare(givenFirst(a.name), givenFirst(b.name));
    return collator.compare(a[by], b[by]) || collator.compare(a.number, b.number);
  });
}
