import type { JSX } from "preact";
import type { Item } from "./messages";
import type { Choice } from "./model";
import { notes, noteWhere, toggleFlag } from "./notes";
import { MarkSign } from "./parts";
import { Rich } from "./rich";
import { choose } from "./session";
import { t } from "./words";

const LETTERS = "ABCDEFGHIJ";

export function Question(props: { item: Item; place: number; choice: Choice | undefined }): JSX.Element {
  const { item, place, choice } = props;
  const flagged = notes.value.flags.includes(item.id);
  const names = `qn${place} qt${place}`;
  return (
    <section
      class="card question"
      id={`q${place}`}
      tabIndex={-1}
      aria-labelledby={names}
      onFocusCapture={() => noteWhere(item.id)}
    >
      <div class="question-head">
        <h2 class="question-number" id={`qn${place}`}>
          {t.question(place + 1)}
        </h2>
        {choice && <MarkSign mark={choice.mark} word />}
      </div>
      <div class="question-text" id={`qt${place}`}>
        <Rich
          text={item.text}
          images={item.images}
          question={place + 1}
          others={item.options.map((option) => option.text)}
        />
      </div>
      <div class="options" role="radiogroup" aria-labelledby={names}>
        {item.options.map((option, letter) => (
          <label key={option.id} class={`option ${choice && choice.option === option.id ? "chosen" : ""}`}>
            <input
              type="radio"
              name={item.id}
              checked={choice !== undefined && choice.option === option.id}
              onChange={() => choose(item.id, option.id)}
            />
            <span class="letter">{LETTERS[letter]}</span>
            <span class="option-text">
              <Rich text={option.text} images={item.images} question={place + 1} />
            </span>
          </label>
        ))}
      </div>
      <button class="button quiet flag" aria-pressed={flagged} onClick={() => toggleFlag(item.id)}>
        <span aria-hidden="true">{flagged ? "⚑" : "⚐"}</span> {flagged ? t.flagged : t.flag}
        <span class="visually-hidden">, {t.question(place + 1)}</span>
      </button>
    </section>
  );
}
