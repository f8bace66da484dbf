import "./slides.css";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { whole } from "../shared/format";
import { Alert, Bar } from "../shared/parts";
import { can } from "../shared/signed";
import { ReadyDeck } from "./deck";
import { type Deck, follow, lookAgain, slides, slidesPath } from "./live";
import { giveUp, refused, send, sending } from "./sending";
import { t } from "./words";

/** Whether some page of a deck is shown in the rooms now. */
export function slidesAreShown(): boolean {
  return Boolean(slides.value?.show.deck);
}

function Choose({ session, first }: { session: string; first: boolean }): JSX.Element {
  const box = useRef<HTMLInputElement>(null);
  const office = slides.value?.office ?? false;
  const take = (): void => {
    const file = box.current?.files?.[0];
    if (file) send(session, file);
    if (box.current) box.current.value = "";
  };
  const word = first ? (office ? t.chooseOffice : t.choose) : t.another;
  return (
    <div class="stack">
      <label class={`button ${first ? "primary" : "small"}`}>
        {word}
        <input
          ref={box}
          class="visually-hidden"
          type="file"
          accept={office ? ".pdf,.pptx,.ppt,.odp" : ".pdf,.pptx,.ppt"}
          onChange={take}
        />
      </label>
      {first && <p class="muted">{t.why}</p>}
      {first && !office && <p class="muted">{t.asPdf}</p>}
    </div>
  );
}

function Sending({ session }: { session: string }): JSX.Element | null {
  const now = sending.value;
  if (!now) return null;
  return (
    <div class="row" role="status">
      <span class="grow">
        {now.name}: {t.sending(whole(now.share * 100))}
        <Bar share={now.share} label={t.sending(whole(now.share * 100))} />
      </span>
      <button class="button small" onClick={() => void giveUp(session)}>
        {t.giveUp}
      </button>
    </div>
  );
}

/** What is to be said of a deck that is not ready. */
function Unready({ deck }: { deck: Deck }): JSX.Element {
  if (deck.state === "converting")
    return (
      <Alert tone="minor">
        {deck.name}: {t.converting(deck.pages.length)}…
      </Alert>
    );
  return (
    <Alert tone={deck.state === "refused" ? "bad" : "warn"}>
      {deck.name}:{" "}
      {deck.state === "refused"
        ? (deck.at_page ? t.atPage(deck.at_page) : "") + api.said(deck.reason)
        : t.unfinished}
    </Alert>
  );
}

/** The slides of one session: for the lecturer, and for an assistant who only turns them. */
export function SlidesCard({ session }: { session: string }): JSX.Element | null {
  const [chosen, choose] = useState("");
  const [at, look] = useState(1);
  useEffect(() => follow(session), [session]);
  const of = slides.value;
  if (!of) return null;
  const own = can("slides.edit");
  const deck =
    of.decks.find(({ id }) => id === (chosen || of.show.deck)) ?? of.decks[of.decks.length - 1] ?? null;
  return (
    <section class="card stack slides" aria-label={t.title}>
      <div class="row">
        <h2 class="grow">{t.title}</h2>
        {of.decks.length > 1 && (
          <label class="row files">
            {t.file}
            <select
              value={deck?.id ?? ""}
              onChange={(event) => {
                choose(event.currentTarget.value);
                look(1);
              }}
            >
              {of.decks.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {!deck && !own && <p class="muted">{t.none}</p>}
      {deck &&
        (deck.state === "ready" ? (
          <ReadyDeck key={deck.id} session={session} of={of} deck={deck} at={at} look={look} />
        ) : (
          <Unready deck={deck} />
        ))}
      <Sending session={session} />
      {refused.value && <Alert tone="bad">{refused.value}</Alert>}
      {own && !sending.value && (
        <div class="row">
          <Choose session={session} first={!deck} />
          <span class="grow" />
          {deck && (
            <Confirmed
              word={t.remove}
              title={t.sure(deck.name)}
              class="small"
              deed={async () => {
                await api.delete(`${slidesPath(session)}/decks/${deck.id}`);
                choose("");
                await lookAgain(session);
              }}
            >
              {t.gone}
            </Confirmed>
          )}
        </div>
      )}
    </section>
  );
}
