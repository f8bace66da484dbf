/** How loud a sound is, in words: below what a room hears a number tells nothing. */

import { decimal } from "./format";
import { dictionary } from "./i18n";

const w = dictionary({
  silent: { vi: "im lặng", en: "silent" },
});

/** Below this a room hears nothing (RMS relative to full scale). */
export const AUDIBLE_DBFS = -60;

export function isAudible(level: number | null): level is number {
  return level !== null && level >= AUDIBLE_DBFS;
}

/** "-20,5 dBFS", silence by its name; a dash where nothing was measured. */
export function loudness(
  level: number | null,
  { digits = 1, unit = "dBFS", from = AUDIBLE_DBFS }: { digits?: number; unit?: string; from?: number } = {},
): string {
  if (level === null) return "–";
  return level < from ? w.silent : `${decimal(level, digits)} ${unit}`;
}
