import { computed, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { dictionary } from "../shared/i18n";
import { type Outbox, toSend, unsaved } from "./outbox";
import { rescueFile } from "./rescue";
import { rootsOf } from "./roots";
import { now, state } from "./session";

const t = dictionary({
  intro: {
    vi: "Có câu trả lời chưa về được trường. Thầy cô lưu tệp cứu bài rồi đưa cho giám thị; chỉ trung tâm mở được tệp. Trang vẫn tiếp tục tự gửi.",
    en: "Some answers could not reach the school. Save the rescue file and give it to the invigilator; only the centre can open it. This page goes on sending.",
  },
  carry: { vi: "Gửi thẳng về tỉnh", en: "Send straight to the province" },
  carried: {
    vi: (n: number) =>
      `Trung tâm tỉnh đã nhận ${n} câu trả lời chưa về được trường; cán bộ sẽ xem xét. Trang vẫn tiếp tục tự gửi về trường.`,
    en: (n: number) =>
      `The province has taken in ${n} answers that could not reach the school; a person will look at them. This page goes on sending.`,
  },
  save: { vi: "Lưu tệp cứu bài", en: "Save the rescue file" },
  text: {
    vi: "Không thấy tệp? Chép toàn bộ chữ này và gửi cho giám thị.",
    en: "No file? Copy all of this text and send it to the invigilator.",
  },
});

const AGAIN_MS = 20_000;
const WITHIN_MS = 15_000;

const held = signal({ newest: "", count: 0 });
const carrying = signal(false);

/** How many answers without ✓ the province has from this page, by the way around the school; 0 when there are newer. */
const carried = computed(() =>
  held.value.count && held.value.newest === newestOf(state.value.outbox) ? held.value.count : 0,
);

let nextAt = 0;

/** What has no ✓ and what the province does not have, sealed to the centre. */
function rescueBytes(): Uint8Array {
  const { seat, outbox } = state.value;
  if (!seat) throw new Error("nobody sits here");
  return rescueFile(seat.rescueTo, {
    exam: seat.exam,
    number: seat.number,
    made_ms: now.value ?? 0,
    roots: rootsOf(seat),
    said: toSend(outbox),
  });
}

/** The rescue file as a text. */
function rescueText(): string {
  return btoa(Array.from(rescueBytes(), (byte) => String.fromCharCode(byte)).join(""));
}

/**
 * Brings what has no ✓ straight to the province, which a telephone may reach over its own line although the school's
 * computer is gone. It goes on being sent to the school: the same answer twice is one.
 */
export async function carry(atOnce = false): Promise<void> {
  const { seat, outbox } = state.value;
  if (!seat || !seat.rescueAt || carrying.value || carried.value) return;
  if (!atOnce && performance.now() < nextAt) return;
  carrying.value = true;
  nextAt = performance.now() + AGAIN_MS;
  const told = { newest: newestOf(outbox), count: unsaved(outbox) };
  try {
    // A text needs no question beforehand (CORS "simple request").
    const sent = fetch(seat.rescueAt, { method: "POST", body: rescueText(), credentials: "omit" });
    const late = new Promise<null>((done) => setTimeout(() => done(null), WITHIN_MS));
    const reply = await Promise.race([sent, late]);
    if (reply && reply.ok) held.value = told;
  } catch {
    // No line to the province either: the file remains.
  }
  carrying.value = false;
}

function newestOf(outbox: Outbox): string {
  const last = outbox[outbox.length - 1];
  return last ? `${last.said.session} ${last.said.client_seq}` : "";
}

/** The way out when neither the school nor the province answers: a file that only the centre can open. */
export function Offer(): JSX.Element | null {
  const [text, setText] = useState("");
  const seat = state.value.seat;
  if (!seat) return null;
  if (carried.value) return <p class="alert good rescue">{t.carried(carried.value)}</p>;

  function save(): void {
    setText(rescueText());
    const url = URL.createObjectURL(new Blob([rescueBytes().slice().buffer]));
    const link = document.createElement("a");
    link.href = url;
    link.download = `diemcau-${seat ? seat.number : ""}.cuubai`;
    document.body.appendChild(link);
    link.click();
    document.body.removeChild(link);
  }

  return (
    <div class="alert warn rescue">
      <p>{t.intro}</p>
      <button class="button big" onClick={save}>
        {t.save}
      </button>
      {seat.rescueAt && (
        <button class="button big" disabled={carrying.value} onClick={() => void carry(true)}>
          {t.carry}
        </button>
      )}
      {text && (
        <label class="field">
          <span>{t.text}</span>
          <textarea readOnly rows={4} value={text} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
    </div>
  );
}
