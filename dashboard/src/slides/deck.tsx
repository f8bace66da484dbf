import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useDoing } from "../shared/asked";
import { Alert, Chip } from "../shared/parts";
import { can } from "../shared/signed";
import { type Deck, type Layout, type Slides, turn } from "./live";
import { t } from "./words";

const LAYOUTS: readonly { layout: Layout; word: () => string }[] = [
  { layout: "both", word: () => t.both },
  { layout: "slides", word: () => t.only },
  { layout: "video", word: () => t.video },
];

/** Keys of keyboards and of presenters, which are keyboards with two keys. */
const STEPS: Record<string, number> = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, select, textarea, dialog, video") !== null;
}

interface DeckProps {
  session: string;
  of: Slides;
  deck: Deck;
  at: number;
  look: (page: number) => void;
}

/** A deck that is ready: the page, what turns it, and how the rooms see it. */
export function ReadyDeck({ session, of, deck, at, look }: DeckProps): JSX.Element {
  const { fault, run } = useDoing();
  const { show } = of;
  const shown = show.deck === deck.id;
  const pages = deck.pages.length;
  const page = Math.min(Math.max(shown ? show.page : at, 1), pages);
  const picture = deck.pages[page - 1];
  const mayTurn = can("slides.turn");

  const go = (to: number): void => {
    if (to < 1 || to > pages || to === page) return;
    look(to);
    if (shown && mayTurn) void run(() => turn(session, { deck: deck.id, page: to, layout: show.layout }));
  };
  const step = useRef(go);
  step.current = go;
  const here = useRef(page);
  here.current = page;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const by = STEPS[event.key];
      if (by === undefined || typing(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      step.current(here.current + by);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);

  return (
    <div class="stack deck">
      <figure class="page">
        {picture && (
          <img src={picture.large} width={picture.width} height={picture.height} alt={t.page(page)} />
        )}
        <figcaption class="row num">
          <b class="grow">{t.pageOf(page, pages)}</b>
          <Chip tone={shown && show.layout !== "video" ? "good" : "idle"}>
            {shown && show.layout !== "video" ? t.shownNow : t.notShown}
          </Chip>
        </figcaption>
      </figure>
      <div class="steps">
        <button class="button" disabled={page <= 1} onClick={() => go(page - 1)}>
          ◀ {t.before}
        </button>
        <button class="button primary" disabled={page >= pages} onClick={() => go(page + 1)}>
          {t.next} ▶
        </button>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {mayTurn && !shown && (
        <button
          class="button primary show"
          onClick={() =>
            void run(() =>
              turn(session, { deck: deck.id, page, layout: show.layout === "slides" ? "slides" : "both" }),
            )
          }
        >
          {t.show}
        </button>
      )}
      <Strip deck={deck} page={page} go={go} />
      {mayTurn && shown && (
        <fieldset class="row layouts">
          <legend>{t.layout}</legend>
          {LAYOUTS.map(({ layout, word }) => (
            <label key={layout} class="row">
              <input
                type="radio"
                name="layout"
                checked={show.layout === layout}
                onChange={() => void run(() => turn(session, { deck: deck.id, page, layout }))}
              />
              {word()}
            </label>
          ))}
        </fieldset>
      )}
      <div class="row">
        {shown && <span class="muted num">{t.ready(of.rooms.ready, of.rooms.sites)}</span>}
        <span class="grow muted">{t.keys}</span>
        {mayTurn && shown && (
          <button
            class="button small"
            onClick={() => void run(() => turn(session, { deck: null, page: 0, layout: show.layout }))}
          >
            {t.stop}
          </button>
        )}
      </div>
    </div>
  );
}

/** All pages, small; the one that is shown is kept in sight. */
function Strip(props: { deck: Deck; page: number; go: (page: number) => void }): JSX.Element {
  const { deck, page, go } = props;
  const current = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    current.current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [page]);
  return (
    <div class="strip" role="group" aria-label={t.pages} tabIndex={0}>
      {deck.pages.map((each, at) => (
        <button
          key={each.small + String(at)}
          ref={at + 1 === page ? current : null}
          aria-current={at + 1 === page ? "page" : undefined}
          onClick={() => go(at + 1)}
        >
          <img src={each.small} loading="lazy" width={each.width} height={each.height} alt={t.page(at + 1)} />
          <span class="num" aria-hidden="true">
            {at + 1}
          </span>
        </button>
      ))}
    </div>
  );
}
