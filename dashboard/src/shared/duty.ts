/** The operators' shift as `/api/v1/duty` and the wall's feed tell it. */

import { dictionary } from "./i18n";
import type { Tone } from "./parts";

export interface Claim {
  site: string;
  person: string;
  name: string;
  at_ms: number;
  until_ms: number;
}

export interface Matter {
  site: string;
  person: string;
  name: string;
  outcome: string;
  since_ms: number;
  at_ms: number;
  again_ms: number | null;
  calls: number;
}

export interface Entry {
  id: number;
  site: string;
  at_ms: number;
  person: string;
  name: string;
  kind: "claim" | "release" | "expire" | "call" | "note" | "handover";
  outcome: string | null;
  note: string;
  again_ms: number | null;
}

export interface Outcome {
  key: string;
  closes: boolean;
  again_min: number;
}

export interface Duty {
  claim_ms: number;
  outcomes: Outcome[];
  claims: Claim[];
  matters: Matter[];
}

export interface Handover {
  id: string;
  giver: string;
  giver_name: string;
  taker: string;
  taker_name: string;
  at_ms: number;
  note: string;
  state: "offered" | "accepted" | "declined" | "withdrawn";
  decided_ms: number | null;
}

/** What a call came to. */
export const outcomes = dictionary({
  fixed: { vi: "Đã khắc phục", en: "Fixed" },
  no_answer: { vi: "Không nghe máy", en: "No answer" },
  working: { vi: "Đang xử lý", en: "Working on it" },
  technician: { vi: "Cần kỹ thuật viên", en: "Needs a technician" },
  power: { vi: "Chờ điện", en: "Waiting for power" },
  line: { vi: "Chờ nhà mạng", en: "Waiting for the line" },
  wrong_number: { vi: "Sai số điện thoại", en: "Wrong number" },
  other: { vi: "Việc khác", en: "Something else" },
});

export const handoverStates = dictionary({
  offered: { vi: "chờ nhận", en: "waiting" },
  accepted: { vi: "đã nhận", en: "taken" },
  declined: { vi: "không nhận", en: "declined" },
  withdrawn: { vi: "đã rút lại", en: "withdrawn" },
});

export const entryKinds = dictionary({
  claim: { vi: "nhận gọi", en: "began to call" },
  release: { vi: "thôi gọi", en: "let it go" },
  expire: { vi: "hết lượt gọi", en: "claim ran out" },
  call: { vi: "đã gọi", en: "called" },
  note: { vi: "ghi chú", en: "wrote" },
  handover: { vi: "nhận bàn giao", en: "took it over" },
});

/** The claim that stands at `nowMs`; the centre ends old ones within a second, a page without a line by itself. */
export function standing(claims: readonly Claim[], site: string, nowMs: number): Claim | null {
  return claims.find((claim) => claim.site === site && claim.until_ms > nowMs) ?? null;
}

/** Whether somebody should have looked again by now. */
export function overdue(matter: Matter, nowMs: number): boolean {
  return matter.again_ms !== null && matter.again_ms <= nowMs;
}

export function matterTone(matter: Matter, nowMs: number): Tone {
  return overdue(matter, nowMs) ? "bad" : "warn";
}
