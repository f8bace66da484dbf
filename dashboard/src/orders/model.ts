/** Orders as `/api/v1/orders` and the wall's feed tell them. */
import type { Tone } from "../shared/parts";

export type OrderKind = "notice" | "roll_call" | "restart_screen" | "restart_agent" | "collect_logs";
export type OrderState =
  "held" | "waiting" | "sent" | "taken" | "done" | "failed" | "expired" | "unsupported" | "undone";

export interface Order {
  id: string;
  kind: OrderKind;
  scope: string;
  by: string;
  at_ms: number;
  leaves_ms: number;
  expires_ms: number;
  forced: boolean;
  text_vi: string;
  text_en: string;
  withdrawn: boolean;
  sites: number;
  counts: Partial<Record<OrderState, number>>;
}

export interface OrderSite {
  site: string;
  code: string;
  name: string;
  state: OrderState;
  reason: string;
  sent_ms: number | null;
  seen_ms: number | null;
  ended_ms: number | null;
  times: number;
  log_bytes: number | null;
}

export interface OrderPage {
  order: Order;
  sites: OrderSite[];
}

/** A site that an order may be for. */
export interface Target {
  id: string;
  away: boolean;
}

/** The sites that an order reaches now, as `/api/v1/orders/reached` tells them. */
export interface Reached {
  linked: string[];
}

/** Whom an order is for, each away unless it is reached now. Where that is not known nobody is called away. */
export function targetsOf(sites: readonly { id: string }[], reached: Reached | null): Target[] {
  const linked = reached && new Set(reached.linked);
  return sites.map(({ id }) => ({ id, away: linked !== null && !linked.has(id) }));
}

export const KINDS: readonly OrderKind[] = [
  "notice",
  "roll_call",
  "restart_screen",
  "restart_agent",
  "collect_logs",
];
export const STATES: readonly OrderState[] = [
  "held",
  "waiting",
  "sent",
  "taken",
  "failed",
  "expired",
  "unsupported",
  "done",
  "undone",
];
const OPEN: readonly OrderState[] = ["held", "waiting", "sent", "taken"];
/** What a site may refuse for an exam's sake. */
export const FORCEABLE: readonly OrderKind[] = ["restart_agent", "collect_logs"];
/** How long an order may be good, in minutes; the usual first choice is in the dialog. */
export const MINUTES: readonly number[] = [1, 5, 15, 30, 60, 240, 1440];

export const TONES: Record<OrderState, Tone> = {
  held: "minor",
  waiting: "lost",
  sent: "minor",
  taken: "minor",
  done: "good",
  failed: "bad",
  expired: "warn",
  unsupported: "warn",
  undone: "idle",
};

/** How many sites have not answered yet. */
export function openSites(order: Pick<Order, "counts">): number {
  return OPEN.reduce((sum, state) => sum + (order.counts[state] ?? 0), 0);
}

/** The states that an order stands in anywhere, those that matter first, with their numbers. */
export function standing(order: Pick<Order, "counts">): [OrderState, number][] {
  return STATES.flatMap((state): [OrderState, number][] => {
    const number = order.counts[state] ?? 0;
    return number ? [[state, number]] : [];
  });
}

/** Whole seconds until an order leaves, rounded up; 0 when it has left or was taken back. */
export function secondsHeld(order: Pick<Order, "counts" | "leaves_ms">, centreMs: number): number {
  return order.counts.held ? Math.max(0, Math.ceil((order.leaves_ms - centreMs) / 1000)) : 0;
}
