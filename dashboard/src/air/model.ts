/** Who is on air, as `/api/v1/sessions/{id}/air` tells it. */

export type Seat = "lecturer" | "standby" | "slate" | "";

export interface Air {
  air: Seat;
  why: string;
  since_ms: number;
  want: "auto" | "lecturer" | "standby" | "slate";
  standby_armed: boolean;
  auto_return: boolean;
  by: string;
  /** Whether somebody sends in each seat. */
  lecturer: boolean;
  standby: boolean;
  slate: boolean;
  resumes_ms: number | null;
  finding: string;
  trouble: number;
}

export interface Turn {
  seat: Seat;
  why: string;
  by: string;
  from_ms: number;
  until_ms: number | null;
}

export interface AirPage {
  now: Air;
  turns: Turn[];
}

export type AirStep =
  | "arm"
  | "disarm"
  | "standby"
  | "lecturer"
  | "slate"
  | "auto"
  | "return_by_itself"
  | "return_on_order"
  | "resume_at";

/** The orders that change something now, by session state; a break is the slate's. */
export function stepsNow(state: string, air: Air): AirStep[] {
  if (state !== "live" && state !== "lobby") return [];
  const steps: AirStep[] = [];
  if (air.want === "slate") steps.push("auto");
  if (air.air === "standby" || air.want === "standby") steps.push("lecturer");
  if (air.standby && air.air !== "standby") steps.push("standby");
  if (air.want !== "slate") steps.push("slate");
  return steps;
}

/** The seat that this page sends from: the second one by its address, or because its link is for nothing else. */
export function seatOf(search: string, role: string | undefined): Seat {
  return role === "standby" || new URLSearchParams(search).get("seat") === "standby" ? "standby" : "lecturer";
}

/** How long the centre may take to see that a page has begun to send. */
const SETTLE_MS = 5000;

/** Whom the rooms see instead of a page that sends from `seat` since `sendingMs`; null: that page, or nobody knows yet. */
export function seenInstead(air: Air | null | undefined, seat: Seat, sendingMs: number): Seat | null {
  if (!air || air.why === "" || air.air === seat) return null;
  const settled = sendingMs > SETTLE_MS || air.want !== "auto" || air.why === "break";
  return settled ? air.air : null;
}

/** Minutes of a break that one click gives. */
export const BREAKS_MIN = [5, 10, 15, 20, 30] as const;

/** A whole minute after which the break ends, `minutes` from now. */
export function resumesAt(nowMs: number, minutes: number): number {
  return Math.ceil((nowMs + minutes * 60_000) / 60_000) * 60_000;
}
