import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { clockLength } from "../shared/format";
import { Alert } from "../shared/parts";
import type { Item } from "./messages";
import { type Choice, handingIn, shown } from "./model";
import * as outbox from "./outbox";
import { Legend, MarkSign, Troubles, markWord } from "./parts";
import { choose, handIn, leftMs, state, warning } from "./session";
import { t } from "./words";

const flags = signal<ReadonlySet<string>>(new Set());
const timeHidden = signal(false);
const overviewOpen = signal(false);
const asking = signal(false);

const LETTERS = "ABCDEFGHIJ";

function toggleFlag(item: string): void {
  const next = new Set(flags.value);
  if (!next.delete(item)) next.add(item);
  flags.value = next;
}

function goTo(place: number): void {
  overviewOpen.value = false;
  const card = document.getElementById(`q${place}`);
  card?.scrollIntoView({ block: "start" });
  card?.focus({ preventScroll: true });
}

function ask(): void {
  overviewOpen.value = false;
  asking.value = true;
}

/** The open paper: every question on one page, so that losing the line loses nothing that is still to be read. */
export function PaperView(): JSX.Element | null {
  const items = state.value.items;
  if (!items) return null;
  const answers = shown(state.value);
  return (
    <div class="paper">
      <Bar items={items} answers={answers} />
      <div class="questions">
        {items.map((item, place) => (
          <Question key={item.id} item={item} place={place} choice={answers[item.id]} />
        ))}
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
    </div>
  );
}

interface Whole {
  items: Item[];
  answers: Record<string, Choice>;
}

function Bar(props: Whole): JSX.Element {
  const done = props.items.filter((item) => props.answers[item.id]).length;
  return (
    <div class="bar-top">
      <Timer />
      <span class="count num" role="status">
        {t.answered(done, props.items.length)}
      </span>
      <button
        class="button overview-button"
        aria-label={`${t.overview}. ${t.answered(done, props.items.length)}`}
        onClick={() => (overviewOpen.value = true)}
      >
        {t.overview}{" "}
        <span class="num">
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

function Timer(): JSX.Element {
  const left = leftMs();
  const low = left !== null && left <= 5 * 60_000;
  return (
    <span class="timer">
      {!timeHidden.value && (
        <span class={`num time ${low ? "low" : ""}`} role="timer" aria-live="off" aria-label={t.timeLeft}>
          {left === null ? "–" : clockLength(Math.ceil(left / 1000) * 1000)}
        </span>
      )}
      <button class="button small quiet" onClick={() => (timeHidden.value = !timeHidden.value)}>
        {timeHidden.value ? t.showTime : t.hideTime}
      </button>
    </span>
  );
}

/** Said once each, politely, and shown even to those who have hidden the time. */
function WarningLine(): JSX.Element {
  const minutes = warning.value;
  const text = minutes === null ? "" : minutes === 1 ? t.leftOne : t.leftWarning(minutes);
  return (
    <span class={`warning-line ${text ? "on" : ""}`} role="status" aria-live="polite">
      {text}
    </span>
  );
}

function Question(props: { item: Item; place: number; choice: Choice | undefined }): JSX.Element {
  const { item, place, choice } = props;
  const flagged = flags.value.has(item.id);
  return (
    <fieldset class="card question" id={`q${place}`} tabIndex={-1}>
      <legend>
        <span class="question-number">{t.question(place + 1)}</span>
        {choice && <MarkSign mark={choice.mark} word />}
      </legend>
      <p class="question-text">{item.text}</p>
      <div class="options">
        {item.options.map((option, letter) => (
          <label key={option.id} class={`option ${choice?.option === option.id ? "chosen" : ""}`}>
            <input
              type="radio"
              name={item.id}
              checked={choice?.option === option.id}
              onChange={() => choose(item.id, option.id)}
            />
            <span class="letter" aria-hidden="true">
              {LETTERS[letter]}
            </span>
            <span class="option-text">{option.text}</span>
          </label>
        ))}
      </div>
      <button class="button small quiet flag" aria-pressed={flagged} onClick={() => toggleFlag(item.id)}>
        <span aria-hidden="true">{flagged ? "⚑" : "⚐"}</span> {flagged ? t.flagged : t.flag}
      </button>
    </fieldset>
  );
}

function Overview(props: Whole): JSX.Element {
  return (
    <div class="card stack overview">
      <div class="row">
        <h2 class="grow">{t.overview}</h2>
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
            flagged={flags.value.has(item.id)}
          />
        ))}
      </ol>
      <Legend />
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
function AskHandIn(props: Whole): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const missing = props.items.filter((item) => !props.answers[item.id]).length;
  const flagged = props.items.filter((item) => flags.value.has(item.id)).length;
  const unsaved = outbox.unsaved(state.value.outbox);
  const busy = handingIn(state.value);
  return (
    <div class="veil" onKeyDown={(event) => event.key === "Escape" && (asking.value = false)}>
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
