import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../../shared/api";
import { useAsked, useDoing } from "../../shared/asked";
import { Alert, Field } from "../../shared/parts";
import {
  type Draft,
  LETTERS,
  type QuestionLine,
  type QuestionPage,
  topicsOf,
  withoutImage,
  withoutOption,
} from "./model";
import { Shown } from "./shown";
import { w } from "./words";

interface Part {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
}

/** Writes a question; the centre checks it once more. */
export function Editor(props: {
  id: string | null;
  draft: Draft;
  onSaved: (page: QuestionPage) => void;
  onStop: () => void;
}): JSX.Element {
  const [draft, set] = useState(props.draft);
  const { busy, fault, run } = useDoing();
  const change = (part: Partial<Draft>): void => set({ ...draft, ...part });
  const submit = (event: Event): void => {
    event.preventDefault();
    const path = "/api/v1/bank/questions";
    void run(async () =>
      props.onSaved(
        props.id === null
          ? await api.post<QuestionPage>(path, draft)
          : await api.put<QuestionPage>(`${path}/${props.id}`, draft),
      ),
    );
  };
  return (
    <form class="card stack" onSubmit={submit}>
      <Field label={w.text} hint={w.textHint}>
        <textarea
          rows={6}
          required
          value={draft.text}
          onInput={(e) => change({ text: e.currentTarget.value })}
        />
      </Field>
      <Options draft={draft} change={change} />
      <Images draft={draft} change={change} replace={set} />
      <Naming draft={draft} change={change} />
      <div class="card question-page">
        <Shown text={draft.text} images={draft.images} />
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <div class="row">
        <button class="button primary" disabled={busy || draft.right < 0}>
          {w.save}
        </button>
        <button type="button" class="button" onClick={props.onStop}>
          {w.stop}
        </button>
      </div>
    </form>
  );
}

function Options({ draft, change }: Part): JSX.Element {
  const { options, right, pinned } = draft;
  return (
    <fieldset class="picker">
      <legend>{w.options}</legend>
      {options.map((option, place) => (
        <div key={place} class="option-edit">
          <b>{LETTERS[place]}</b>
          <textarea
            rows={1}
            required
            aria-label={w.option(LETTERS[place] ?? "")}
            value={option}
            onInput={(e) =>
              change({ options: options.map((each, at) => (at === place ? e.currentTarget.value : each)) })
            }
          />
          <label class="row tight">
            <input
              type="radio"
              name="right"
              checked={right === place}
              onChange={() => change({ right: place })}
            />
            {w.right}
          </label>
          <label class="row tight">
            <input
              type="checkbox"
              checked={pinned.includes(place)}
              onChange={(e) =>
                change({
                  pinned: e.currentTarget.checked
                    ? [...pinned, place]
                    : pinned.filter((each) => each !== place),
                })
              }
            />
            {w.pinned}
          </label>
          <button
            type="button"
            class="button small"
            disabled={options.length <= 2}
            aria-label={`${w.drop} ${LETTERS[place] ?? ""}`}
            onClick={() => change(withoutOption(draft, place))}
          >
            {w.drop}
          </button>
        </div>
      ))}
      {options.length < LETTERS.length && (
        <div>
          <button type="button" class="button small" onClick={() => change({ options: [...options, ""] })}>
            {w.addOption}
          </button>
        </div>
      )}
    </fieldset>
  );
}

function Images({ draft, change, replace }: Part & { replace: (draft: Draft) => void }): JSX.Element {
  const { busy, fault, run } = useDoing();
  const take = (input: HTMLInputElement): void => {
    const file = input.files?.[0];
    if (!file) return;
    void run(async () => {
      const sent = await api.upload<{ digest: string }>("/api/v1/bank/images", file);
      const text = `${draft.text}\n[Hình ${draft.images.length + 1}]`.trimStart();
      change({ images: [...draft.images, sent.digest], text });
    }).finally(() => (input.value = ""));
  };
  return (
    <fieldset class="picker">
      <legend>{w.images}</legend>
      <div class="row">
        {draft.images.map((digest, place) => (
          <figure key={place} class="thumb">
            <img src={`/api/v1/bank/images/${digest}`} alt={w.picture(place + 1)} />
            <figcaption class="row tight">
              <code>[Hình {place + 1}]</code>
              <button type="button" class="button small" onClick={() => replace(withoutImage(draft, place))}>
                {w.drop}
              </button>
            </figcaption>
          </figure>
        ))}
        <label class="button">
          {w.addImage}
          <input
            class="visually-hidden"
            type="file"
            accept="image/png,image/jpeg"
            disabled={busy}
            onChange={(e) => take(e.currentTarget)}
          />
        </label>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
    </fieldset>
  );
}

function Naming({ draft, change }: Part): JSX.Element {
  const topics = topicsOf(useAsked<QuestionLine[]>("/api/v1/bank/questions").value ?? []);
  return (
    <div class="columns">
      <Field label={w.topic}>
        <input
          list="topics"
          value={draft.category}
          onInput={(e) => change({ category: e.currentTarget.value })}
        />
      </Field>
      <datalist id="topics">
        {topics.map(([topic]) => (
          <option key={topic} value={topic} />
        ))}
      </datalist>
      <Field label={w.name}>
        <input value={draft.title} onInput={(e) => change({ title: e.currentTarget.value })} />
      </Field>
    </div>
  );
}
