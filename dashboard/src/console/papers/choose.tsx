import "./papers.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAsked } from "../../shared/asked";
import { Alert, Field } from "../../shared/parts";
import { chosen, type QuestionLine, topicsOf } from "../questions/model";
import { counted, moved, type PaperChoice, type Way } from "./choice";
import { w } from "./words";

const WAYS: readonly (readonly [Way, () => string])[] = [
  ["any", () => w.any],
  ["topics", () => w.byTopic],
  ["hand", () => w.byHand],
];

interface Part {
  choice: PaperChoice;
  lines: readonly QuestionLine[];
  change: (part: Partial<PaperChoice>) => void;
}

/** Which questions: any, so many of each topic, or a list by hand; and whether everybody has an order of their own. */
export function ChooseQuestions(props: {
  choice: PaperChoice;
  onChoose: (choice: PaperChoice) => void;
}): JSX.Element {
  const { choice, onChoose } = props;
  const lines = (useAsked<QuestionLine[]>("/api/v1/bank/questions").value ?? []).filter(
    (line) => !line.archived,
  );
  const change = (part: Partial<PaperChoice>): void => onChoose({ ...choice, ...part });
  return (
    <fieldset class="picker">
      <legend>{w.which}</legend>
      <div class="row ways">
        {WAYS.map(([way, word]) => (
          <label key={way} class="row tight">
            <input type="radio" name="way" checked={choice.way === way} onChange={() => change({ way })} />
            {word()}
          </label>
        ))}
      </div>
      {choice.way === "any" && (
        <Field label={w.questions} hint={w.has(lines.length)}>
          <input
            type="number"
            class="short"
            min={1}
            required
            value={choice.questions}
            onInput={(e) => change({ questions: e.currentTarget.valueAsNumber })}
          />
        </Field>
      )}
      {choice.way === "topics" && <Topics choice={choice} lines={lines} change={change} />}
      {choice.way === "hand" && <ByHand choice={choice} lines={lines} change={change} />}
      {choice.way !== "any" && (
        <>
          <label class="row tight">
            <input
              type="checkbox"
              checked={choice.inOrder}
              onChange={(e) => change({ inOrder: e.currentTarget.checked })}
            />
            {w.inOrder}
          </label>
          <b class="num" role="status">
            {w.total(counted(choice))}
          </b>
        </>
      )}
      <label class="row tight">
        <input
          type="checkbox"
          checked={choice.shuffle}
          aria-describedby="shuffle-means"
          onChange={(e) => change({ shuffle: e.currentTarget.checked })}
        />
        {w.shuffle}
      </label>
      <div id="shuffle-means">
        {choice.shuffle ? (
          <Alert tone="warn">{w.shuffleMeans}</Alert>
        ) : (
          <span class="muted small">{w.shuffleOff}</span>
        )}
      </div>
    </fieldset>
  );
}

function Topics({ choice, lines, change }: Part): JSX.Element {
  const set = (topic: string, count: number): void =>
    change({ topics: new Map([...choice.topics, [topic, Number.isFinite(count) ? count : 0]]) });
  return (
    <div class="topic-counts">
      {topicsOf(lines).map(([topic, held]) => (
        <label key={topic} class="row">
          <span class="grow">
            {topic || w.noTopic} <span class="muted num">{w.has(held)}</span>
          </span>
          <input
            class="tiny num"
            type="number"
            min={0}
            max={held}
            value={choice.topics.get(topic) ?? 0}
            onInput={(e) => set(topic, e.currentTarget.valueAsNumber)}
          />
        </label>
      ))}
    </div>
  );
}

function ByHand({ choice, lines, change }: Part): JSX.Element {
  const [wanted, want] = useState("");
  const { byHand } = choice;
  const found = chosen(lines, { wanted, topic: "", source: "", remark: "", archived: false })
    .filter(({ id }) => !byHand.includes(id))
    .slice(0, 30);
  const told = (id: string): string => lines.find((line) => line.id === id)?.text ?? id;
  return (
    <div class="hand">
      <div class="stack">
        <input
          type="search"
          placeholder={w.find}
          value={wanted}
          onInput={(e) => want(e.currentTarget.value)}
        />
        <ul class="hand-list">
          {found.map((line) => (
            <li key={line.id}>
              <span class="grow clamp">
                {line.text} <span class="muted small">{line.category}</span>
              </span>
              <button
                type="button"
                class="button small"
                onClick={() => change({ byHand: [...byHand, line.id] })}
              >
                {w.add}
              </button>
            </li>
          ))}
        </ul>
      </div>
      <ol class="hand-list">
        {byHand.map((id, place) => (
          <li key={id}>
            <b class="num">{place + 1}</b>
            <span class="grow clamp">{told(id)}</span>
            <button
              type="button"
              class="button small"
              aria-label={w.up}
              onClick={() => change({ byHand: moved(byHand, place, -1) })}
            >
              ↑
            </button>
            <button
              type="button"
              class="button small"
              aria-label={w.down}
              onClick={() => change({ byHand: moved(byHand, place, 1) })}
            >
              ↓
            </button>
            <button
              type="button"
              class="button small"
              onClick={() => change({ byHand: byHand.filter((each) => each !== id) })}
            >
              {w.drop}
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
