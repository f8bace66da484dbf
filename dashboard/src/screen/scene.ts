import { isAudible } from "../shared/loudness";
import type { Figures } from "./figures";
import type { LocalState, Notice } from "./state";

/** What lies in the middle of the screen. */
export type Middle = "waiting" | "starting" | "playing" | "stalled" | "dark" | "sound" | "phone";

export type Banner =
  "agent_gone" | "link_down" | "link_never" | "sound_blocked" | "roll_call" | "no_picture" | "sound_only";

/** Where the slides stand: beside a small picture of the lecturer, or alone; null without slides. */
export type Slides = "beside" | "alone" | null;

export interface Scene {
  middle: Middle;
  /** The most urgent first. */
  banners: Banner[];
  notices: Notice[];
  /** `untimed`: before the exam on a computer that does not know the time. */
  exam: "before" | "untimed" | "open" | "closed" | null;
  /** The lecture plays but nothing can be heard. */
  inaudible: boolean;
  /** Neither picture nor sound has come for long: the number to telephone. */
  telephone: string | null;
  /** The people in the room are told what is counted and kept: in a strip, or below the words of waiting. */
  told: "strip" | "waiting" | null;
  slides: Slides;
}

export interface Seen {
  state: LocalState | null;
  /** The line to the agent on this computer is open. */
  agent: boolean;
  figures: Figures;
  soundBlocked: boolean;
  /** Centre time in milliseconds. */
  nowMs: number;
  /** When this page first heard of the lecture that is on, centre time; null without one. */
  lectureSinceMs?: number | null;
}

/** The agent takes the roll call away itself; should it not, the line goes after this long. */
const ROLL_CALL_STAYS_MS = 20_000;
const NOTICES_AT_ONCE = 2;
/** How long the people in the room are told at the start of a lecture. */
const TOLD_MS = 60_000;

export function sceneOf(seen: Seen): Scene {
  const { state, figures, nowMs } = seen;
  const middle = middleOf(state, figures);
  const slides = slidesOf(state, middle);
  const banners = bannersOf(seen, slides, middle);
  return {
    middle,
    banners,
    slides,
    told: toldOf(seen, middle, banners),
    notices: (state?.notices ?? []).filter(({ until_ms }) => until_ms > nowMs).slice(-NOTICES_AT_ONCE),
    exam: examOf(state),
    telephone: (middle !== "phone" && figures.rung === "phone" && numberOf(state)) || null,
    inaudible: !seen.soundBlocked && figures.state === "playing" && !isAudible(figures.audio_dbfs),
  };
}

/** Whom this room calls: its own hotline, or the one that came with the lecture; empty when nobody told any. */
export function numberOf(state: LocalState | null): string {
  return state?.contact.hotline || state?.lecture?.hotline || "";
}

function middleOf(state: LocalState | null, figures: Figures): Middle {
  if (state?.lecture?.rung === "phone") return "phone";
  if (!state?.lecture || figures.state === "idle") return "waiting";
  if (figures.rung === "sound") return "sound";
  if (figures.state === "stalled" && figures.fps === 0 && figures.width === 0) return "starting";
  if (figures.state === "playing" && figures.width === 0) return "starting";
  return figures.state;
}

function toldOf({ state, nowMs, lectureSinceMs }: Seen, middle: Middle, banners: Banner[]): Scene["told"] {
  if (!state) return null;
  if (banners.includes("roll_call")) return "strip";
  if (!state.rules) return null;
  if (middle === "waiting") return "waiting";
  return lectureSinceMs !== null && lectureSinceMs !== undefined && nowMs < lectureSinceMs + TOLD_MS
    ? "strip"
    : null;
}

/** Slides need no picture of the lecturer: a room whose line carries none still reads them. */
function slidesOf(state: LocalState | null, middle: Middle): Slides {
  const slides = state?.slides;
  if (!slides?.picture || middle === "waiting") return null;
  return slides.layout === "slides" || middle === "dark" || middle === "sound" ? "alone" : "beside";
}

function bannersOf({ state, agent, soundBlocked, nowMs }: Seen, slides: Slides, middle: Middle): Banner[] {
  const banners: Banner[] = [];
  if (slides && middle === "dark") banners.push("no_picture");
  if (slides && middle === "sound") banners.push("sound_only");
  if (!agent && state) banners.push("agent_gone");
  else if (state?.link === "down") banners.push("link_down");
  else if (!state || state.link === "never") banners.push("link_never");
  if (soundBlocked && middle !== "phone") banners.push("sound_blocked");
  if (state?.roll_call && nowMs < state.roll_call.at_ms + ROLL_CALL_STAYS_MS) banners.push("roll_call");
  return banners;
}

const EXAM_PHASES: Record<string, NonNullable<Scene["exam"]>> = {
  ready: "before",
  sign_in: "before",
  released: "before",
  open: "open",
  closed: "closed",
};

function examOf(state: LocalState | null): Scene["exam"] {
  const phase = EXAM_PHASES[state?.exam?.state ?? ""] ?? null;
  return phase === "before" && state?.clock.state === "blind" ? "untimed" : phase;
}
