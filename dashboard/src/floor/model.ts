/** A session's floor as `/api/v1/sessions/{id}/floor` tells it; times are milliseconds of centre time. */

export interface RoomName {
  site: string;
  code: string;
  name: string;
  district: string;
}

/** Whether a room could be heard; empty while nobody knows. */
export type Voice = "" | "ready" | "no_page" | "no_microphone";

export interface Hand {
  room: RoomName;
  since_ms: number;
  /** The room's line stands, so that it can speak. */
  linked: boolean;
  voice: Voice;
}

export interface Grant {
  room: RoomName;
  since_ms: number;
  until_ms: number;
  by: string;
  muted: boolean;
  linked: boolean;
  voice: Voice;
}

export interface Aside {
  id: string;
  room: RoomName;
  since_ms: number;
  until_ms: number;
  by: string;
  mine: boolean;
  voice: Voice;
}

export type QuestionState = "asked" | "accepted" | "hidden" | "answered";

export interface Question {
  id: string;
  room: RoomName;
  text: string;
  at_ms: number;
  state: QuestionState;
  decided_by: string;
}

export interface Floor {
  now_ms: number;
  version: number;
  hands: Hand[];
  grant: Grant | null;
  asides: Aside[];
  questions: Question[];
  asked: number;
}

export interface AsideTicket {
  id: string;
  until_ms: number;
  whip_url: string;
  whip_token: string;
  whep_url: string;
  whep_token: string;
}

/** A room that nobody would hear, whatever it were given. */
export function isMute(voice: Voice): voice is "no_page" | "no_microphone" {
  return voice === "no_page" || voice === "no_microphone";
}

export function floorPath(session: string): string {
  return `/api/v1/sessions/${encodeURIComponent(session)}/floor`;
}

/** "TH01 · Trường Tiểu học Kim Đồng". */
export function nameOf(room: RoomName): string {
  return [room.code, room.name].filter(Boolean).join(" · ");
}

/** What a moderator may make of a question, the usual one first. */
export const NEXT: Record<QuestionState, readonly QuestionState[]> = {
  asked: ["accepted", "hidden"],
  accepted: ["answered", "hidden"],
  hidden: ["accepted"],
  answered: ["accepted"],
};

const RANK: Record<QuestionState, number> = { asked: 0, accepted: 1, answered: 2, hidden: 3 };

/** Those that wait first, the oldest of them on top. */
export function ordered(questions: readonly Question[]): Question[] {
  return [...questions].sort((a, b) => RANK[a.state] - RANK[b.state] || a.at_ms - b.at_ms);
}
