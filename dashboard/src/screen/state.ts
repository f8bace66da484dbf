/** What the agent on this computer tells its pages over `/screen/feed`. Times are milliseconds of centre time. */

import type { Language } from "../shared/i18n";
import type { RoomRules } from "../shared/roomnotice";

export type LinkState = "up" | "down" | "never";

export interface Lecture {
  session: string;
  stream: string;
  whep_url: string;
  token: string;
  title: string;
  lecturer: string;
  /** `phone`: by an operator's order the room telephones in place of watching; `hotline`: the centre's number. */
  rung?: string;
  hotline?: string;
}

export interface Notice {
  id: string;
  text_vi: string;
  text_en: string;
  until_ms: number;
}

/** The last roll call that was counted here; `ratio`: people by hand for one by camera. */
export interface Counted {
  roll_call: string;
  at_ms: number;
  count: number | null;
  reason: string;
  still: number;
  ratio: number | null;
}

/** The centre asks why the numbers of a roll call differ. */
export interface Question {
  roll_call: string;
  at_ms: number;
  expected: number;
  camera: number | null;
  declared: number | null;
  /** People who signed, as the centre knows. */
  signed_in: number | null;
}

export interface LocalExam {
  title: string;
  state: string;
  t0_ms: number;
  url: string;
}

/** The page of the lecture's slides; `picture` is its address on this computer, empty until it has come. */
export interface LocalSlides {
  layout: string;
  page: number;
  pages: number;
  picture: string;
  /** Pages that may be next. */
  near: string[];
}

interface LocalDoor {
  url: string;
  token: string;
}

/** The floor as this room knows it; `speak` is there while this room has it. */
export interface LocalFloor {
  session: string;
  hear: LocalDoor | null;
  speaker: { code: string; name: string; since_ms: number; until_ms: number; here: boolean } | null;
  speak: LocalDoor | null;
  muted: boolean;
  hand: "down" | "sending" | "up";
  place: number;
  aside: { id: string; said_by: string; speak: LocalDoor; hear: LocalDoor } | null;
  /** Changes with each written question and what becomes of it. */
  questions: number;
}

export interface LocalState {
  type: "state";
  now_ms: number;
  site: { id: string; code: string; name: string };
  link: LinkState;
  clock: { state: "synced" | "loose" | "blind"; bound_ms: number | null };
  lecture: Lecture | null;
  notices: Notice[];
  roll_call: { at_ms: number } | null;
  exam: LocalExam | null;
  contact: { hotline: string };
  /** The desk's chat: `changes` with each line and mark. What is said is asked for by the desk alone. */
  chat?: { changes: number; unread: number };
  floor?: LocalFloor | null;
  declared: { number: number; at_ms: number; signed_by: string; listed: number | null } | null;
  counted: Counted | null;
  rules: RoomRules | null;
  questions: Question[];
  slides?: LocalSlides | null;
  /** Whether what is on the screen is being recorded. */
  recording?: boolean;
  /** Of the big screen, where nobody can press a switch; absent from an older agent. */
  language?: Language;
  screen: {
    state: "playing" | "stalled" | "dark" | "idle";
    fps: number;
    width: number;
    height: number;
    audio_dbfs: number | null;
  };
}

/** A room on the telephone hears the others there: from the loudspeaker too it would hear them twice. */
export function withoutVoices(state: LocalState): LocalState {
  return state.floor ? { ...state, floor: { ...state.floor, hear: null } } : state;
}

export function isState(message: unknown): message is LocalState {
  return typeof message === "object" && message !== null && (message as { type?: unknown }).type === "state";
}

/** Centre time that runs on between two messages; `here` is any steady clock in milliseconds. */
export class CentreClock {
  private offset: number | null = null;

  set(centreMs: number, here: number): void {
    this.offset = centreMs - here;
  }

  now(here: number): number {
    return here + (this.offset ?? 0);
  }
}
