import type { Check, CheckState } from "../shared/checks";

/** What the agent on this computer says of its readiness, `GET /local/readiness`. */
export interface Ready {
  paired: boolean;
  code: string;
  name: string;
  server: string;
  hotline: string;
  now_ms: number;
  busy: boolean;
  looking: string[];
  phone: string;
  rehearsal: { title: string; practice_ms: number; t0_ms: number; until_ms: number } | null;
  checks: Check[];
}

export type StepName =
  "pair" | "line" | "camera" | "sound" | "screen" | "phone" | "computer" | "paper" | "done";

/** One thing on a screen of its own, and the checks that it mends. */
export interface Step {
  name: StepName;
  checks: string[];
}

export const STEPS: readonly Step[] = [
  { name: "pair", checks: ["paired"] },
  { name: "line", checks: ["path", "bandwidth"] },
  { name: "camera", checks: ["camera", "room_in_view", "counting"] },
  { name: "sound", checks: ["microphone", "speaker"] },
  { name: "screen", checks: ["screen", "versions"] },
  { name: "phone", checks: ["phone", "address"] },
  { name: "computer", checks: ["clock", "disk", "flush", "power", "restart"] },
  { name: "paper", checks: ["paper", "rehearsal"] },
  { name: "done", checks: [] },
];

const WORST: readonly CheckState[] = ["bad", "weak", "waiting", "good"];

/** The worst state of several; nothing looked at counts as waiting. */
export function worst(states: readonly CheckState[]): CheckState {
  return WORST.find((state) => states.includes(state)) ?? "waiting";
}

export function checksOf(step: Step, ready: Ready): Check[] {
  const all =
    step.name === "done" ? ready.checks : ready.checks.filter((each) => step.checks.includes(each.name));
  const places = STEPS.flatMap((each) => each.checks);
  return [...all].sort((a, b) => places.indexOf(a.name) - places.indexOf(b.name));
}

export function stateOf(step: Step, ready: Ready): CheckState {
  return worst(checksOf(step, ready).map((each) => each.state));
}

/** Where somebody who opens the guide begins: at the first thing that is wrong, else at the overview. */
export function firstStep(ready: Ready): number {
  if (!ready.paired) return 0;
  const wrong = STEPS.findIndex(
    (step) => step.name !== "done" && ["bad", "weak"].includes(stateOf(step, ready)),
  );
  return wrong < 0 ? STEPS.length - 1 : wrong;
}

/** Whole minutes until a moment, at least 0. */
export function minutesTo(at_ms: number, now_ms: number): number {
  return Math.max(0, Math.ceil((at_ms - now_ms) / 60_000));
}

export function isReady(answer: unknown): answer is Ready {
  return typeof answer === "object" && answer !== null && "paired" in answer && "checks" in answer;
}

/** The half of `Tiếng Việt. / English.` in the page's language. */
export function half(sentence: string, language: "vi" | "en"): string {
  const at = sentence.indexOf(" / ");
  if (at < 0) return sentence;
  return language === "vi" ? sentence.slice(0, at) : sentence.slice(at + 3);
}

/** A pairing code as it is printed, in groups of four, whatever was typed. */
export function tidyCode(typed: string): string {
  const letters = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .slice(0, 13);
  return (letters.match(/.{1,4}/g) ?? []).join("-");
}

/** An address without a scheme is one of TLS. */
export function tidyServer(typed: string): string {
  const plain = typed.trim();
  return plain === "" || /^https?:\/\//i.test(plain) ? plain : `https://${plain}`;
}
