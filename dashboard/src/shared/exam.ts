/** Exams as `/api/v1/exams` tells them. */

export interface ExamSite {
  site: string;
  code: string;
  name: string;
  package: "missing" | "sent" | "ready";
  state: string | null;
  registered: number;
  received: number;
  signed_in: number;
  started: number;
  answered: number;
  handed_in: number;
  opened_lo_ms: number | null;
  opened_hi_ms: number | null;
  closed_ms: number | null;
}

export interface Exam {
  id: string;
  title: string;
  state: ExamStage;
  starts_ms: number;
  duration_s: number;
  questions: number;
  codes: string[];
  site_count: number;
  registered: number;
  release_lead_s: number;
  sites: ExamSite[];
  kind?: "exam" | "rehearsal";
  /** Every candidate has an order of their own: nothing of the paper is printed. */
  shuffled?: boolean;
  /** A rehearsal that is over: it leaves the lists. */
  archived?: boolean;
}

export type ExamStage =
  | "draft"
  | "sealed"
  | "armed"
  | "released"
  | "open"
  | "closing"
  | "closed"
  | "marked"
  | "published"
  | "cancelled";

export type ExamOrder = "seal" | "arm" | "cancel" | "mark" | "publish";

/** The orders that people may give in each stage; time and the sites bring the other steps. */
export const EXAM_ORDERS: Record<ExamStage, readonly ExamOrder[]> = {
  draft: ["seal", "cancel"],
  sealed: ["arm", "cancel"],
  armed: ["cancel"],
  released: ["cancel"],
  open: ["cancel"],
  closing: [],
  closed: ["mark"],
  marked: ["publish", "mark"],
  published: ["mark"],
  cancelled: [],
};

/** No site writes any more: marks may be seen. */
export function hasResults(stage: ExamStage): boolean {
  return stage === "closed" || stage === "marked" || stage === "published";
}
