import "./orders.css";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { timeOfDay } from "../shared/format";
import { useSections } from "../shared/live";
import { Alert, Chip } from "../shared/parts";
import { talksStamp, talkStamp } from "../shared/sections";
import { c } from "./words";

export interface ChatLine {
  id: string;
  place: number;
  from_site: boolean;
  said_by: string;
  text: string;
  at_ms: number;
  delivered: boolean;
}

interface TalkRow {
  site: string;
  code: string;
  name: string;
  lines: number;
  waits: boolean;
  at_ms: number;
  last: ChatLine;
}

/** The conversation with one site; read anew whenever `stamp` changes: the wall's feed says when, never what. */
export function Talk(props: { site: string; stamp: string }): JSX.Element {
  const { site, stamp } = props;
  const lines = useAsked<ChatLine[]>(`/api/v1/chats/${site}`);
  const { again } = lines;
  useEffect(again, [again, stamp]);
  const end = useRef<HTMLOListElement>(null);
  const count = lines.value?.length ?? 0;
  useEffect(() => end.current?.scrollTo(0, end.current.scrollHeight), [count]);
  return (
    <div class="stack talk">
      {lines.fault && <Alert tone="bad">{lines.fault}</Alert>}
      {lines.value && count === 0 && <p class="muted">{c.nothing}</p>}
      {count > 0 && (
        <ol class="lines" ref={end} tabIndex={0} aria-label={c.chat}>
          {lines.value?.map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ol>
      )}
      <Say site={site} onSaid={again} />
    </div>
  );
}

function Line({ line }: { line: ChatLine }): JSX.Element {
  return (
    <li class={line.from_site ? "theirs" : "ours"}>
      <p>{line.text}</p>
      <small class="muted num">
        {line.from_site ? c.site : line.said_by} · {timeOfDay(line.at_ms)}{" "}
        {!line.from_site && (
          <span title={line.delivered ? c.delivered : c.underway}>
            <span aria-hidden="true">{line.delivered ? "✓✓" : "✓"}</span>
            <span class="visually-hidden">{line.delivered ? c.delivered : c.underway}</span>
          </span>
        )}
      </small>
    </li>
  );
}

function Say(props: { site: string; onSaid: () => void }): JSX.Element {
  const [text, write] = useState("");
  const { busy, fault, run } = useDoing();
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      await api.post(`/api/v1/chats/${props.site}`, { text });
      write("");
      props.onSaid();
    });
  };
  return (
    <form class="row say" onSubmit={submit}>
      <input
        class="grow"
        aria-label={c.write}
        placeholder={c.write}
        maxLength={500}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
      />
      <button class="button primary" disabled={busy || !text.trim()}>
        {c.send}
      </button>
      {fault && <Alert tone="bad">{fault}</Alert>}
    </form>
  );
}

/** All open conversations: who waits longest for an answer stands first. */
export function Chats(): JSX.Element {
  const known = useSections();
  const talks = useAsked<TalkRow[]>("/api/v1/chats");
  const { again } = talks;
  const stamp = talksStamp(known);
  useEffect(again, [again, stamp]);
  const [chosen, choose] = useState<string | null>(location.hash.split("/")[1] ?? null);
  const { busy, run } = useDoing();
  const talk = talks.value?.find(({ site }) => site === chosen);
  return (
    <div class="stack">
      <h1>{c.chats}</h1>
      {talks.fault && <Alert tone="bad">{talks.fault}</Alert>}
      {talks.value?.length === 0 && <p class="muted">{c.none}</p>}
      <div class="chats">
        <ul class="talks">
          {talks.value?.map((each) => (
            <li key={each.site}>
              <button
                class="button talk-row"
                aria-pressed={each.site === chosen}
                onClick={() => choose(each.site)}
              >
                <span class="row">
                  <b class="grow">
                    <span class="num">{each.code}</span> {each.name}
                  </b>
                  <span class="num muted">{timeOfDay(each.at_ms)}</span>
                </span>
                <span class="talk-last">{each.last.text}</span>
                {each.waits && <Chip tone="warn">{c.waits}</Chip>}
              </button>
            </li>
          ))}
        </ul>
        {chosen && (
          <section class="card stack">
            <div class="row">
              <h2 class="grow">{talk ? `${talk.code} ${talk.name}` : c.chat}</h2>
              {talk && (
                <button
                  class="button small"
                  disabled={busy}
                  onClick={() =>
                    run(async () => {
                      await api.post(`/api/v1/chats/${chosen}/close`);
                      choose(null);
                      again();
                    })
                  }
                >
                  {c.finish}
                </button>
              )}
            </div>
            <Talk site={chosen} stamp={talkStamp(known, chosen)} />
          </section>
        )}
      </div>
    </div>
  );
}
