import { CROCKFORD, readVoucher, signsOf } from "./marks";

/** Characters of a printed voucher, without the dashes. */
export const SIGNS = 28;

/** What was typed, in the groups in which a voucher is printed. */
export const inGroups = (text: string): string => signsOf(text).replace(/(.{4})(?=.)/g, "$1-");

/** How many characters are missing; below 0: how many there are too many. */
export const missing = (text: string): number => SIGNS - signsOf(text).length;

export type Fault = "accents" | "length" | "mistyped" | { sign: string };

/**
 * What is amiss with a typed voucher: letters with Vietnamese marks, so that the keyboard swallows some of what is
 * typed; a character that no voucher has; too few or too many; or one that was mistaken for another.
 */
export function voucherFault(text: string): Fault | null {
  const signs = signsOf(text);
  if (/[^\x20-\x7e]/.test(signs)) return "accents";
  const sign = Array.from(signs).find((each) => !CROCKFORD.includes(each));
  if (sign) return { sign };
  if (signs.length !== SIGNS) return "length";
  return readVoucher(text) ? null : "mistyped";
}
