import type { IconName } from "../shared/icons";
import type { Grade, Verdict } from "./model";

/** Each verdict and grade has a shape besides its colour. */
export const MARKS: Record<Verdict | Grade, IconName> = {
  go: "check",
  care: "warning",
  no_go: "cross",
  unknown: "question",
  waived: "pause",
};
