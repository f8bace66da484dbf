import type { Air } from "../air/model";

/** Live sessions as `/api/v1/sessions` tells them. */

export interface Room {
  site: string;
  code: string;
  name: string;
  state: string;
  hears: boolean;
}

export interface Session {
  /** Whose picture the rooms see; null while the session is on no screen. */
  air?: Air | null;
  id: string;
  topic: string;
  lecturer: string | null;
  lecturer_name: string;
  starts_ms: number;
  ends_ms: number;
  state: SessionState;
  sites: string[];
  stream: string;
  on_air: boolean;
  /** Whoever is on air can be heard now. */
  sounds?: boolean;
  viewers: number;
  watching: number;
  hearing: number;
  rooms: Room[];
  /** Centre time of the answer, and the number that a lecturer in trouble calls. */
  now_ms: number;
  hotline: string;
}

export type SessionState = "planned" | "lobby" | "live" | "break" | "ended" | "cancelled";
export type SessionOrder = "open_lobby" | "go_live" | "take_break" | "resume" | "end" | "cancel";

/** The orders that the centre takes in each state, the usual one first. */
export const ORDERS: Record<SessionState, readonly SessionOrder[]> = {
  planned: ["open_lobby", "go_live", "cancel"],
  lobby: ["go_live", "cancel"],
  live: ["take_break", "end"],
  break: ["resume", "end"],
  ended: [],
  cancelled: [],
};

/** The order that brings a session to where a lecture may be sent and seen; null when it is there or cannot be. */
export function orderToAir(state: SessionState): SessionOrder | null {
  if (state === "planned" || state === "lobby") return "go_live";
  return state === "break" ? "resume" : null;
}

export function isOver(state: SessionState): boolean {
  return state === "ended" || state === "cancelled";
}
