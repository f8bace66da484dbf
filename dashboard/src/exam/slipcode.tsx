import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { dictionary } from "../shared/i18n";
import { Alert, Field } from "../shared/parts";
import { enterCode, entering } from "./session";
import { SIGNS, inGroups, missing, voucherFault } from "./typed";
import { t } from "./words";

const w = dictionary({
  code: { vi: "Mã phiếu", en: "Slip code" },
  hint: {
    vi: "28 ký tự in đậm trên phiếu. Chữ hoa hay thường, có gạch hay không đều được. Phiếu của điểm cầu khác cũng dùng được.",
    en: "The 28 bold characters of your slip. Capitals, spaces and dashes do not matter. A slip of another site works too.",
  },
  read: { vi: "Đọc là", en: "Read as" },
  count: {
    vi: (n: number) => `${n}/${SIGNS} ký tự`,
    en: (n: number) => `${n} of ${SIGNS} characters`,
  },
  enter: { vi: "Vào bằng mã phiếu", en: "Enter with the code" },
  accents: {
    vi: "Bàn phím đang bỏ dấu tiếng Việt nên mã bị sai. Thầy cô tắt bộ gõ (Unikey: chuyển sang chữ E) rồi gõ lại mã.",
    en: "The keyboard adds Vietnamese marks and swallows letters. Switch that off, then type the code again.",
  },
  few: {
    vi: (n: number) => `Mã còn thiếu ${n} ký tự. Mã phiếu có 7 nhóm, mỗi nhóm 4 ký tự.`,
    en: (n: number) => `${n} characters are missing. A code has 7 groups of 4.`,
  },
  many: {
    vi: (n: number) => `Mã thừa ${n} ký tự. Mã phiếu có 7 nhóm, mỗi nhóm 4 ký tự.`,
    en: (n: number) => `${n} characters too many. A code has 7 groups of 4.`,
  },
  sign: {
    vi: (sign: string) => `Mã phiếu không bao giờ có ký tự “${sign}”. Thầy cô so lại với phiếu.`,
    en: (sign: string) => `No code has the character “${sign}”. Please compare it with your slip.`,
  },
  mistyped: {
    vi: "Có ký tự gõ nhầm. Thầy cô so từng nhóm 4 ký tự với phiếu.",
    en: "A character is mistyped. Please compare each group of 4 with your slip.",
  },
});

/** The printed slip without a camera: its code typed, as somebody types who is tired and has never seen it before. */
export function SlipCode(): JSX.Element {
  const [text, type] = useState("");
  const [fault, tell] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (field.current) field.current.focus();
  }, []);
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        tell(enterCode(text) ? "" : sentence(text));
      }}
    >
      <Field label={w.code} hint={w.hint}>
        <input
          ref={field}
          class="slip-code"
          name="voucher"
          required
          maxLength={200}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          lang="en"
          aria-invalid={fault !== ""}
          value={text}
          onInput={(event) => {
            type(event.currentTarget.value);
            tell("");
          }}
        />
      </Field>
      {text !== "" && (
        <p>
          <span class="muted small">{w.read}</span> <b class="slip-code">{inGroups(text)}</b>{" "}
          <span class="muted small">{w.count(SIGNS - missing(text))}</span>
        </p>
      )}
      {fault && <Alert tone="bad">{fault}</Alert>}
      <button class="button big" disabled={entering.value}>
        {entering.value ? t.entering : w.enter}
      </button>
    </form>
  );
}

function sentence(text: string): string {
  const fault = voucherFault(text);
  const lacks = missing(text);
  if (fault === "accents") return w.accents;
  if (fault === "length") return lacks > 0 ? w.few(lacks) : w.many(-lacks);
  return typeof fault === "object" && fault ? w.sign(fault.sign) : w.mistyped;
}
