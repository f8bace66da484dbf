import { expect, test } from "vitest";
import { readVoucher } from "./marks";
import { inGroups, missing, voucherFault } from "./typed";

// The bytes 0…15, as in `marks.test.ts`.
const VOUCHER = Uint8Array.from({ length: 16 }, (_, place) => place);
const PRINTED = "0004-1061-050R-3GG2-8A1C-60T3-GF5E";

test("a voucher is read however it is typed", () => {
  const typed = [
    "000410610 50r3gg28a1c60t3gf5e",
    " 0004 – 1061 – 050R – 3GG2 – 8A1C – 60T3 – GF5E ",
    "OOO4.lO6i.O5Or.3gg2.8aIc.60T3.gf5e",
    `http://10.0.0.5:8766/#v=${PRINTED}`,
  ];
  for (const text of typed) {
    expect([text, voucherFault(text)]).toEqual([text, null]);
    expect(readVoucher(text)).toEqual(VOUCHER);
    expect(inGroups(text)).toBe(PRINTED);
    expect(missing(text)).toBe(0);
  }
});

test("what is amiss with a typed voucher is named", () => {
  for (const [text, lacks] of [
    [PRINTED.slice(0, -3), 3],
    [`${PRINTED}0`, -1],
    ["", 28],
  ] as const)
    expect([voucherFault(text), missing(text)]).toEqual(["length", lacks]);
  expect(voucherFault(PRINTED.replace("3GG2", "3GU2"))).toEqual({ sign: "U" });
  expect(voucherFault(PRINTED.replace("8A1C", "8Á1C"))).toBe("accents");
  expect(voucherFault(PRINTED.replace("8A1C", "8A\u03011C"))).toBe("accents");
  // Two neighbours in the wrong order, and one character for another.
  expect(voucherFault(PRINTED.replace("1061", "1016"))).toBe("mistyped");
  expect(voucherFault(PRINTED.replace("8A1C", "8B1C"))).toBe("mistyped");
});
