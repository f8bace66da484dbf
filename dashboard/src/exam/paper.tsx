import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { clockLength } from "../shared/format";
import { minutesLeft } from "./clock";
import { placeOf, stepped, wishOf } from "./keys";
import { shown } from "./model";
import { notes } from "./notes";
import { AskHandIn, Overview, type Whole, ask, asking, goTo, overviewOpen } from "./overview";
import { Legend, RescueOffer, Troubles } from "./parts";
import { Question } from "./question";
import { EnlargedPicture } from "./rich";
import { choose, leftMs, state } from "./session";
import { afterTools } from "./tools";
import { warning } from "./warnings";
import { t } from "./words";

const LOW_MS = 5 * 60_000;

const timeHidden = signal(false);

function onKey(event: KeyboardEvent): void {
  const items = state.value.items;
  const focused = document.activeElement;
  if (!items || asking.value || overviewOpen.value || document.querySelector(".veil")) return;
  if (focused instanceof HTMLInputElement && focused.type !== "radio") return;
  const wish = wishOf(event, focused instanceof HTMLButtonElement || focused instanceof HTMLAnchorElement);
  if (!wish) return;
  const place = placeOf(items, focused, notes.value.at);
  if (wish.kind === "step") {
    event.preventDefault();
    goTo(stepped(place, wish.by, items.length));
    return;
  }
  const item = items[Math.max(0, place)];
  const option = item ? item.options[wish.option] : undefined;
  if (!item || !option) return;
  event.preventDefault();
  choose(item.id, option.id);
  if (place < 0) goTo(0);
}

/** The open paper: every question on one page, so that losing the line loses nothing that is still to be read. */
export function PaperView(): JSX.Element | null {
  const items = state.value.items;
  useEffect(() => {
    document.addEventListener("keydown", onKey);
    asking.value = overviewOpen.value = false;
    // After a reload one is where one was; at the opening, at the first question.
    const last = items ? items.findIndex((item) => item.id === notes.value.at) : -1;
    afterTools(() => {
      if (last > 0) goTo(last);
      else document.getElementById("q0")?.focus({ preventScroll: true });
    });
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  if (!items) return null;
  const answers = shown(state.value);
  return (
    <div class="paper">
      <h1 class="visually-hidden">{t.title}</h1>
      <Bar items={items} answers={answers} />
      <div class="questions">
        {items.map((item, place) => (
          <Question key={item.id} item={item} place={place} choice={answers[item.id]} />
        ))}
        <RescueOffer />
        <div class="card stack">
          <Legend />
          <button class="button primary big" onClick={ask}>
            {t.handIn}
          </button>
        </div>
      </div>
      <aside class={`side ${overviewOpen.value ? "shown" : ""}`} aria-label={t.overview}>
        <Overview items={items} answers={answers} />
      </aside>
      {asking.value && <AskHandIn items={items} answers={answers} />}
      <EnlargedPicture />
    </div>
  );
}

function Bar(props: Whole): JSX.Element {
  const done = props.items.filter((item) => props.answers[item.id]).length;
  return (
    <div class="bar-top">
      <Timer />
      <span class="count num">{t.answered(done, props.items.length)}</span>
      <button class="button overview-button" onClick={() => (overviewOpen.value = true)}>
        {t.overview}
        <span class="num of-all">
          {done}/{props.items.length}
        </span>
      </button>
      <WarningLine />
      <div class="troubles">
        <Troubles />
      </div>
    </div>
  );
}

/** Minutes are calm enough until the last five; the seconds are then wanted. */
function leftWords(left: number | null): string {
  if (left === null) return "–";
  return left > LOW_MS
    ? t.minutesLeft(minutesLeft(left))
    : t.left(clockLength(Math.ceil(left / 1000) * 1000));
}

function Timer(): JSX.Element {
  const left = leftMs();
  const low = left !== null && left <= LOW_MS;
  return (
    <span class="timer">
      {!timeHidden.value && (
        <span class={`num time ${low ? "low" : ""}`} role="timer" aria-live="off" aria-label={t.timeLeft}>
          {leftWords(left)}
        </span>
      )}
      <button class="button quiet hide-time" onClick={() => (timeHidden.value = !timeHidden.value)}>
        {timeHidden.value ? t.showTime : t.hideTime}
      </button>
    </span>
  );
}

/** Shown for a while even to those who have hidden the time; said to those who listen by the page's announcer. */
function WarningLine(): JSX.Element {
  const minutes = warning.value;
  const text = minutes === null ? "" : minutes === 1 ? t.leftOne : t.leftWarning(minutes);
  return (
    <span class={`warning-line ${text ? "on" : ""}`} aria-hidden="true">
      {text}
    </span>
  );
}
