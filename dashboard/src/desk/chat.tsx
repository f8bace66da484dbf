import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { timeOfDay } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { Alert, Chip } from "../shared/parts";
import { chime, type DeskLine, lineName, saidFault } from "./chatline";

const w = dictionary({
  title: { vi: "Nhắn trung tâm", en: "Write to the centre" },
  hint: {
    vi: "Người trực ở trung tâm đọc và trả lời tại đây. Màn hình lớn không hiện các tin này.",
    en: "The operators read and answer here. Nothing of it stands on the big screen.",
  },
  fresh: { vi: (n: number) => `${n} tin mới`, en: (n: number) => `${n} new` },
  centre: { vi: "Trung tâm", en: "Centre" },
  us: { vi: "Điểm cầu", en: "This site" },
  write: { vi: "Viết tin ngắn", en: "A short line" },
  send: { vi: "Gửi tin", en: "Send" },
  read: { vi: "Đã đọc", en: "Read" },
  there: { vi: "Trung tâm đã nhận", en: "At the centre" },
  here: { vi: "Đã ghi ở máy này, sẽ tự gửi đi", en: "Kept here, sent by itself" },
  notSent: { vi: "Chưa gửi được, hãy thử lại.", en: "Not sent, try again." },
});

/** The conversation with the operations room; new lines are seen, heard once, and named in the page's title. */
export function Chat(props: { mark: { changes: number; unread: number } }): JSX.Element {
  const { changes, unread } = props.mark;
  const [lines, take] = useState<DeskLine[]>([]);
  const end = useRef<HTMLOListElement>(null);
  const heard = useRef(unread);
  useEffect(() => {
    let current = true;
    fetch("/local/chat")
      .then((reply) => reply.json())
      .then((told: DeskLine[]) => current && take(told))
      .catch(() => undefined);
    return () => {
      current = false;
    };
  }, [changes]);
  useEffect(() => {
    if (unread > heard.current) chime();
    heard.current = unread;
    const plain = document.title.replace(/^\(\d+\) /, "");
    document.title = unread ? `(${unread}) ${plain}` : plain;
  }, [unread]);
  useEffect(() => {
    if (end.current) end.current.scrollTop = end.current.scrollHeight;
  }, [lines.length]);
  const last = lines[lines.length - 1];
  return (
    <section class={`card chat ${unread ? "fresh" : ""}`} aria-live="polite">
      <div class="row">
        <h2 class="grow">{w.title}</h2>
        {unread > 0 && <Chip tone="warn">{w.fresh(unread)}</Chip>}
        {unread > 0 && last && (
          <button class="button small" onClick={() => void post("/local/chat/read", { through: last.place })}>
            {w.read}
          </button>
        )}
      </div>
      <p class="muted">{w.hint}</p>
      {lines.length > 0 && (
        <ol class="lines" ref={end} tabIndex={0} aria-label={w.title}>
          {lines.map((line) => (
            <li key={line.id} class={line.mine ? "ours" : "theirs"}>
              <p>{line.text}</p>
              <small class="muted num">
                {line.mine ? w.us : `${w.centre}, ${line.said_by}`} · {timeOfDay(line.at_ms)}
                {line.mine && ` · ${line.delivered ? `✓✓ ${w.there}` : `✓ ${w.here}`}`}
              </small>
            </li>
          ))}
        </ol>
      )}
      <Say through={last ? last.place : 0} />
    </section>
  );
}

function Say(props: { through: number }): JSX.Element {
  const [text, write] = useState("");
  const [busy, hold] = useState(false);
  const [fault, tell] = useState("");
  const name = useRef(lineName());
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    hold(true);
    try {
      const reply = await post("/local/chat", { id: name.current, text });
      if (!reply.ok) throw new Error(await saidFault(reply));
      name.current = lineName();
      write("");
      tell("");
      await post("/local/chat/read", { through: props.through });
    } catch (caught) {
      tell((caught instanceof Error && caught.message) || w.notSent);
    }
    hold(false);
  }
  return (
    <form class="row say" onSubmit={submit}>
      <input
        class="grow"
        aria-label={w.write}
        placeholder={w.write}
        maxLength={500}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
      />
      <button class="button primary" disabled={busy || !text.trim()}>
        {w.send}
      </button>
      {fault && <Alert tone="bad">{fault}</Alert>}
    </form>
  );
}

function post(path: string, value: unknown): Promise<Response> {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(value),
  });
}
