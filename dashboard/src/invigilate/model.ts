/** What `/invigilate/state` tells, and what the page makes of it. */

import { matches } from "../shared/site";

export type Trouble = "away" | "unsaved" | "locked" | "devices" | "pin";
export type CandidateState = "absent" | "signed_in" | "working" | "handed_in" | "ended";

export interface Candidate {
  number: string;
  name: string;
  code: string;
  state: CandidateState;
  answered: number;
  connected: boolean;
  trouble: Trouble[];
  away_s: number;
  extra_s: number;
  left_ms: number | null;
  locked_s: number;
  receipt: string | null;
  /** Answers that the page has had without a ✓, and for how long. */
  unsaved: number;
  unsaved_s: number;
}

export interface Grant {
  id: string;
  candidate: string | null;
  minutes: number;
  cause: string;
  text: string;
  who: string;
  at_ms: number;
  state: "in_force" | "asked" | "withdrawn" | "too_late";
  ours: boolean;
}

export interface Incident {
  id: string;
  kind: string;
  text: string;
  candidate: string | null;
  who: string;
  at_ms: number;
}

export interface Room {
  exam: string;
  title: string;
  phase: "waiting" | "sealed" | "armed" | "open" | "closed" | "cancelled" | "missed";
  now_ms: number;
  t0_ms: number;
  opened_ms: number | null;
  left_ms: number | null;
  duration_s: number;
  site_extra_s: number;
  stopped_s: number | null;
  stood_s: number;
  wants_code: boolean;
  questions: number | null;
  clock: "synced" | "loose" | "blind";
  /** Nobody at the site knows the time: no countdown stands. */
  lost: boolean;
  bound_ms: number | null;
  counts: {
    registered: number;
    signed_in: number;
    started: number;
    answers: number;
    handed_in: number;
    trouble: number;
  };
  candidates: Candidate[];
  grants: Grant[];
  incidents: Incident[];
  outages_s: number[];
  site_limit_min: number;
  candidate_limit_min: number;
}

export interface Desk {
  site: string;
  who: string;
  link: "up" | "down" | "never";
  room: Room | null;
}

export interface Door {
  site: string;
  is_set: boolean;
  may_choose: boolean;
  who: string | null;
}

const TROUBLE: readonly Trouble[] = ["away", "unsaved", "locked", "devices", "pin"];
const STATES: readonly CandidateState[] = ["signed_in", "absent", "working", "ended", "handed_in"];

/** 0 = look here first. Amber sign-ins alone stand behind everything that waits for somebody. */
function rank(candidate: Candidate): number {
  const gravest = Math.min(...candidate.trouble.map((word) => TROUBLE.indexOf(word)), TROUBLE.length);
  return gravest * STATES.length + STATES.indexOf(candidate.state);
}

/** Those in trouble first, who has been away longest before the others; then by number. */
export function inOrder(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates].sort(
    (a, b) => rank(a) - rank(b) || b.away_s - a.away_s || a.number.localeCompare(b.number, "vi"),
  );
}

export type Filter = "all" | "trouble" | "writing" | "absent" | "done";

export function filtered(candidates: readonly Candidate[], filter: Filter, wanted: string): Candidate[] {
  return candidates.filter((each) => fits(each, filter) && matches(wanted, each.number, each.name));
}

function fits(candidate: Candidate, filter: Filter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "trouble":
      return candidate.trouble.length > 0;
    case "writing":
      return candidate.state === "signed_in" || candidate.state === "working";
    case "absent":
      return candidate.state === "absent";
    case "done":
      return candidate.state === "handed_in" || candidate.state === "ended";
  }
}

// --- codes ----------------------------------------------------------------------------------------------------------

const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DATA = 26;
export const CODE_LENGTH = 28;
/** `wire.seal`: the check characters are the rest of the value by this prime. */
const PRIME = 1021;

/** What was typed, as a code is written: upper case, O as 0, I and L as 1; other signs than those stay to be seen. */
export function signs(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[\s-]/g, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1")
    .slice(0, CODE_LENGTH);
}

export function grouped(code: string): string {
  return code.match(/.{1,4}/g)?.join(" ") ?? "";
}

export type CodeFault = "sign" | "short" | "check" | null;

/** Why what was typed cannot be a code; `short` only says that more is to come. */
export function codeFault(typed: string): CodeFault {
  const code = signs(typed);
  if ([...code].some((sign) => !SIGNS.includes(sign))) return "sign";
  if (code.length < CODE_LENGTH) return "short";
  let rest = 0;
  for (const sign of code.slice(0, DATA)) rest = (rest * 32 + SIGNS.indexOf(sign)) % PRIME;
  const check = SIGNS.indexOf(code.charAt(DATA)) * 32 + SIGNS.indexOf(code.charAt(DATA + 1));
  return rest === check ? null : "check";
}

/** The groups (0, 1, …) that hold a sign which no code has. */
export function badGroups(typed: string): number[] {
  const bad = [...signs(typed)].map((sign, at) => (SIGNS.includes(sign) ? -1 : Math.floor(at / 4)));
  return [...new Set(bad.filter((group) => group >= 0))];
}
