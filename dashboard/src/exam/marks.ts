import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

/**
 * The same marks as `wire/voucher.py`: HMAC-SHA256 over parts joined by "|". Written with a library because a page that
 * comes over plain HTTP has no WebCrypto.
 */
const DOMAIN = "diemcau exam v1";
export const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECK_PRIME = 1021;

function mark(key: Uint8Array, ...parts: string[]): string {
  return bytesToHex(hmac(sha256, key, utf8ToBytes([DOMAIN, ...parts].join("|"))));
}

export function voucherName(voucher: Uint8Array): string {
  return mark(voucher, "name").slice(0, 16);
}

export function voucherProof(
  voucher: Uint8Array,
  exam: string,
  deskNonce: string,
  pageNonce: string,
): string {
  return mark(voucher, "proof", exam, deskNonce, pageNonce);
}

export function voucherSessionKey(voucher: Uint8Array, deskNonce: string, pageNonce: string): string {
  return mark(voucher, "session", deskNonce, pageNonce);
}

export function resumeProof(key: string, session: string, deskNonce: string): string {
  return mark(hexToBytes(key), "resume", session, deskNonce);
}

export function resumedSessionKey(key: string, session: string): string {
  return mark(hexToBytes(key), "next", session);
}

export function messageMark(
  key: string,
  kind: "answer" | "hand_in",
  session: string,
  seq: number,
  item = "",
  option = "",
): string {
  return mark(hexToBytes(key), kind, session, String(seq), item, option);
}

/** 16 random bytes in hex; `getRandomValues` is there without a secure context. */
export function nonce(): string {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(16)));
}

/** What people type of a voucher, or copy of a slip's address, in the characters that count. */
export function signsOf(text: string): string {
  const code = text.replace(/^.*#v=/, "").replace(/[\s.,_\u2010-\u2015\u2212-]/g, "");
  return code.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
}

/** The 16 bytes that a printed voucher spells (see `wire/seal.py`); null if a character is wrong. */
export function readVoucher(text: string): Uint8Array | null {
  const values = Array.from(signsOf(text), (sign) => CROCKFORD.indexOf(sign));
  if (values.length !== 28 || values.includes(-1)) return null;
  const remainder = values.slice(0, 26).reduce((rest, value) => (rest * 32 + value) % CHECK_PRIME, 0);
  if (remainder !== (values[26] ?? 0) * 32 + (values[27] ?? 0)) return null;
  // 26 characters carry 130 bits; a voucher has 128, so the first two must be zero.
  const bits = values
    .slice(0, 26)
    .reduce<number[]>(
      (all, value) => all.concat([16, 8, 4, 2, 1].map((place) => (value & place ? 1 : 0))),
      [],
    );
  if (bits[0] || bits[1]) return null;
  const bytes = new Uint8Array(16);
  bits.slice(2).forEach((bit, place) => {
    bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (bit << (7 - (place & 7)));
  });
  return bytes;
}
