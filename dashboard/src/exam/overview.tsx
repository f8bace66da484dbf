import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Alert } from "../shared/parts";
import type { Item } from "./messages";
import { type Choice, handingIn } from "./model";
import { notes } from "./notes";
import * as outbox from "./outbox";
import { Legend, Troubles, markWord } from "./parts";
import { handIn, state } from "./session";
import { t } from "./words";

export interface Whole {
  items: Item[];
  answers: Record<string, Choice>;
}

export const overviewOpen = signal(false);
export const asking = signal(false);

export function goTo(place: number): void {
  overviewOpen.value = false;
  const card = document.getElementById(`q${place}`);
  if (!card) return;
  card.scrollIntoView({ block: "start" });
  card.focus({ preventScroll: true });
}

export function ask(): void {
  overviewOpen.value = false;
  asking.value = true;
}

export function Overview(props: Whole): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (overviewOpen.value && heading.current) heading.current.focus();
  }, [overviewOpen.value]);
  return (
    <div
      class="card stack overview"
      onKeyDown={(event) => event.key === "Escape" && (overviewOpen.value = false)}
    >
      <div class="overview-head">
        <h2 tabIndex={-1} ref={heading}>
          {t.overview}
        </h2>
        <button class="button close-overview" onClick={() => (overviewOpen.value = false)}>
          {t.hideOverview}
        </button>
      </div>
      <ol class="cells">
        {props.items.map((item, place) => (
          <Cell
            key={item.id}
            place={place}
            choice={props.answers[item.id]}
            flagged={notes.value.flags.includes(item.id)}
          />
        ))}
      </ol>
      <Legend />
      <p class="muted small keys-hint">{t.keys}</p>
      <button class="button primary big" onClick={ask}>
        {t.handIn}
      </button>
    </div>
  );
}

function Cell(props: { place: number; choice: Choice | undefined; flagged: boolean }): JSX.Element {
  const { place, choice, flagged } = props;
  const words = [t.question(place + 1), choice ? markWord(choice.mark) : t.notAnswered];
  if (flagged) words.push(t.flagged);
  return (
    <li>
      <button
        class={`cell num ${choice ? "done" : ""} ${flagged ? "flagged" : ""}`}
        aria-label={words.join(", ")}
        onClick={() => goTo(place)}
      >
        <span>{place + 1}</span>
        <span class="cell-sign" aria-hidden="true">
          {flagged ? "⚑" : ""}
          {choice ? ["○", "✓", "✓✓"][choice.mark] : ""}
        </span>
      </button>
    </li>
  );
}

/** Not a <dialog>: the school's browsers may be older than it. */
export function AskHandIn(props: Whole): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    if (box.current) box.current.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const missing = props.items.filter((item) => !props.answers[item.id]).length;
  const flagged = props.items.filter((item) => notes.value.flags.includes(item.id)).length;
  const unsaved = outbox.unsaved(state.value.outbox);
  const busy = handingIn(state.value);
  return (
    <div class="veil" onKeyDown={(event) => keepInside(event, box.current)}>
      <div
        class="card stack ask"
        role="dialog"
        aria-modal="true"
        aria-labelledby="ask"
        ref={box}
        tabIndex={-1}
      >
        <h2 id="ask">{t.handInAsk}</h2>
        {missing ? (
          <Alert tone="warn">{t.handInMissing(missing)}</Alert>
        ) : (
          <p>{t.handInFull(props.items.length)}</p>
        )}
        {flagged > 0 && <p>{t.handInFlagged(flagged)}</p>}
        {unsaved > 0 && !busy && <p>{t.handInUnsaved(unsaved)}</p>}
        <Troubles />
        <button class="button primary big" disabled={busy} onClick={handIn}>
          {busy ? t.handingIn : t.handInYes}
        </button>
        <button class="button big" onClick={() => (asking.value = false)}>
          {t.handInNo}
        </button>
      </div>
    </div>
  );
}

/** Escape closes; Tab goes round inside, because what is behind the veil is not to be reached. */
function keepInside(event: KeyboardEvent, box: HTMLElement | null): void {
  if (event.key === "Escape") asking.value = false;
  if (event.key !== "Tab" || !box) return;
  const buttons = Array.from(box.querySelectorAll<HTMLElement>("button:not(:disabled)"));
  const [first, last] = [buttons[0], buttons[buttons.length - 1]];
  const end = event.shiftKey ? first : last;
  if (document.activeElement !== end && document.activeElement !== box) return;
  event.preventDefault();
  const next = event.shiftKey ? last : first;
  if (next) next.focus();
}
