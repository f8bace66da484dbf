import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { dictionary } from "../shared/i18n";
import { ownAddress } from "./session";

const w = dictionary({
  howAndroid: {
    vi: "Android: bấm ⋮ ở góc trên, chọn “Mở bằng trình duyệt” (hoặc Chrome).",
    en: "Android: press ⋮ in the top corner, choose “Open in browser” (or Chrome).",
  },
  howApple: {
    vi: "iPhone: bấm ⋯ hoặc biểu tượng chia sẻ, chọn “Mở bằng Safari”.",
    en: "iPhone: press ⋯ or the share sign, choose “Open in Safari”.",
  },
  address: { vi: "Hoặc chép địa chỉ này", en: "Or copy this address" },
  copyAddress: { vi: "Chép", en: "Copy" },
  copied: { vi: "Đã chép", en: "Copied" },
});

/** Out of a chat app's browser: how, and the address to take along. */
export function WayOut(): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  return (
    <div class="way-out">
      <p>{isApple(navigator.userAgent) ? w.howApple : w.howAndroid}</p>
      <label class="field">
        <span>{w.address}</span>
        <input ref={field} readOnly value={ownAddress()} />
      </label>
      <button
        class="button"
        type="button"
        onClick={() => setCopied(field.current !== null && copy(field.current))}
      >
        {copied ? w.copied : w.copyAddress}
      </button>
    </div>
  );
}

function isApple(agent: string): boolean {
  return /iPhone|iPad|iPod|Macintosh/.test(agent);
}

/** Copies to the clipboard the old way too: browsers offer the new one on https only. Tells whether it worked. */
function copy(field: HTMLInputElement): boolean {
  field.focus();
  field.setSelectionRange(0, field.value.length);
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}
