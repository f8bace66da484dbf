import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { dictionary, worded } from "../shared/i18n";
import { Alert } from "../shared/parts";

interface JournalState {
  second_copy: string;
  volumes: string[];
  heads: { exam: string; title: string; head: string }[];
}

const EVERY_MS = 10_000;

const w = dictionary({
  title: { vi: "Nhật ký bài thi", en: "Exam journal" },
  copy: { vi: "Bản sao thứ hai", en: "Second copy" },
  head: {
    vi: "Mất đường truyền khi hết giờ? Đọc mã này cho trung tâm:",
    en: "No line at the close? Read this to the centre:",
  },
  carry: {
    vi: "Chép nhật ký ra USB. Tệp đã niêm phong: chỉ trung tâm mở được.",
    en: "Copy the journal to a stick. The file is sealed: only the centre opens it.",
  },
  to: { vi: (folder: string) => `Chép vào ${folder}`, en: (folder: string) => `Copy to ${folder}` },
  download: { vi: "Tải tệp về máy này", en: "Download the file" },
  done: { vi: (path: string) => `Đã chép: ${path}`, en: (path: string) => `Copied: ${path}` },
  failed: { vi: "Chưa chép được, hãy thử lại.", en: "Not copied, try again." },
});

const copies = dictionary({
  none: { vi: "không có ổ thứ hai", en: "no second volume" },
  catching_up: { vi: "đang chép cho kịp", en: "catching up" },
  kept: { vi: "đang giữ", en: "kept" },
  lost: { vi: "MẤT – cắm lại ổ thứ hai", en: "LOST – plug the second volume in again" },
  ahead: {
    vi: "bản sao mới hơn máy này – gọi trung tâm",
    en: "newer than this computer – call the centre",
  },
  refused: { vi: "ổ này có dữ liệu lạ – gọi trung tâm", en: "strange contents – call the centre" },
});

/** The copy on another volume, the head to read out, and the file for a stick; nothing while there is no exam. */
export function Journal(): JSX.Element | null {
  const [state, found] = useState<JournalState | null>(null);
  const [told, tell] = useState<{ tone: "good" | "bad"; text: string } | null>(null);
  const [busy, hold] = useState(false);
  useEffect(() => {
    const ask = (): void => {
      fetch("/local/journal")
        .then((reply) => (reply.ok ? reply.json() : null))
        .then((answer) => found(answer as JournalState | null))
        .catch(() => found(null));
    };
    ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  if (!state || state.heads.length === 0) return null;

  async function carry(folder: string): Promise<void> {
    hold(true);
    tell(null);
    try {
      tell({ tone: "good", text: w.done(await exported(folder)) });
    } catch (caught) {
      tell({ tone: "bad", text: (caught instanceof Error && caught.message) || w.failed });
    }
    hold(false);
  }

  const shaky = !["none", "kept", "catching_up"].includes(state.second_copy);
  return (
    <section class="card stack">
      <h2>{w.title}</h2>
      <p class={shaky ? "tone-bad" : "muted"}>
        {w.copy}: {worded(copies, state.second_copy)}
      </p>
      <p>{w.carry}</p>
      <div class="row">
        {state.volumes.map((folder) => (
          <button key={folder} class="button" disabled={busy} onClick={() => void carry(folder)}>
            {w.to(folder)}
          </button>
        ))}
        <button class="button" disabled={busy} onClick={() => void carry("")}>
          {w.download}
        </button>
      </div>
      {told && <Alert tone={told.tone}>{told.text}</Alert>}
      <p class="muted">{w.head}</p>
      <ul class="plain">
        {state.heads.map(({ exam, title, head }) => (
          <li key={exam}>
            <b class="num">
              {head.slice(0, 5)} {head.slice(5)}
            </b>{" "}
            <span class="muted">{title}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Has the file written into `folder`, or gives it to the browser; returns where it is. */
async function exported(folder: string): Promise<string> {
  const reply = await fetch("/local/journal/export", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ folder }),
  });
  if (!reply.ok) {
    const answer: unknown = await reply.json().catch(() => null);
    throw new Error((answer as { message?: string } | null)?.message ?? "");
  }
  if (folder) return ((await reply.json()) as { path: string }).path;
  const name =
    /filename="([^"]+)"/.exec(reply.headers.get("Content-Disposition") ?? "")?.[1] ?? "nhat-ky.diemcau";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await reply.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return name;
}
