import { expect, test } from "vitest";
import { messageMark, readVoucher, resumedSessionKey, voucherName, voucherProof } from "./marks";

// Made with wire/voucher.py and wire/seal.py from the bytes 0…15; tests/unit/wire/test_voucher.py holds the same.
const VOUCHER = Uint8Array.from({ length: 16 }, (_, place) => place);

test("the page reads a printed voucher as the centre wrote it", () => {
  expect(readVoucher("0004-1061-050R-3GG2-8A1C-60T3-GF5E")).toEqual(VOUCHER);
});

test("a voucher with a wrong character is refused", () => {
  expect(readVoucher("0004-1061-050R-3GG2-8A1C-60T3-GF5E".replace("0", "2"))).toBeNull();
  expect(readVoucher("")).toBeNull();
});

test("the page makes the same marks as the desk", () => {
  expect(voucherName(VOUCHER)).toBe("a505bf7747745246");
  expect(voucherProof(VOUCHER, "exam-1", "aa", "bb")).toBe(
    "4c5c23774ef6235e732a440933299da34a07e6ccf4911ab65f8deaf4294230bd",
  );
  expect(messageMark("0f".repeat(32), "answer", "s1", 7, "item-1", "opt-2")).toBe(
    "0101b42c24d290f487dfe56edcf0bbcb6c30e6909f9da5741d905bcc035855b5",
  );
  expect(resumedSessionKey("0f".repeat(32), "s2")).toBe(
    "fd6ff5afa71fa61a379278f64a2bc5367fc88600192946f6808b19545dd153da",
  );
});
