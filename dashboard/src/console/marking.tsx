import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { decimal } from "../shared/format";
import { Alert, Chip, Field } from "../shared/parts";
import { w } from "./coursewords";
import { t } from "./words";

interface Criterion {
  name: string;
  most: number;
}

interface Task {
  id: string;
  question: string;
  third: boolean;
  form: string;
  pages: number | null;
  words: number | null;
  criteria: Criterion[];
  step: number;
  mark: number | null;
  scores: number[];
  comment: string;
  others: number[];
  final: number | null;
}

const PATH = "/api/v1/essay-readings";

/** A mark in hundredths as people write it. */
export const points = (hundredths: number | null | undefined): string =>
  decimal(hundredths === null || hundredths === undefined ? null : hundredths / 100, 2);

/** A marker's own pile: no names, no numbers, no schools. */
export function Pile(): JSX.Element {
  const asked = useAsked<Task[]>(PATH, 30_000);
  const [open, show] = useState<string | null>(null);
  const tasks = asked.value ?? [];
  const done = tasks.filter(({ mark }) => mark !== null).length;
  if (open !== null) {
    const next = tasks.find(({ id, mark }) => id !== open && mark === null)?.id ?? null;
    return (
      <Reading
        key={open}
        id={open}
        place={tasks.findIndex(({ id }) => id === open) + 1}
        onMarked={asked.again}
        onBack={() => show(null)}
        onNext={next === null ? null : () => show(next)}
      />
    );
  }
  return (
    <div class="stack">
      <div class="row">
        <h1 class="grow">{w.pile}</h1>
        <b class="num">{w.pileCount(done, tasks.length)}</b>
      </div>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {asked.value?.length === 0 && <p class="muted">{w.pileNone}</p>}
      {tasks.map((task, at) => (
        <button key={task.id} class="card line" onClick={() => show(task.id)}>
          <span class="grow">
            <b>{w.one(at + 1)}</b> <span class="muted">{task.form.toUpperCase()}</span>
          </span>
          {task.third && <Chip tone="warn">{w.thirdReading}</Chip>}
          <Chip tone={task.mark === null ? "idle" : "good"}>
            {task.mark === null ? "–" : points(task.mark)}
          </Chip>
        </button>
      ))}
    </div>
  );
}

function Reading(props: {
  id: string;
  place: number;
  onMarked: () => void;
  onBack: () => void;
  onNext: (() => void) | null;
}): JSX.Element {
  const asked = useAsked<{ task: Task; text: string }>(`${PATH}/${props.id}`);
  const told = asked.value;
  return (
    <div class="stack">
      <div class="row">
        <button class="button small" onClick={props.onBack}>
          {t.back}
        </button>
        <h1 class="grow">{w.one(props.place)}</h1>
        {told && told.task.form !== "text" && (
          <a class="button" href={`${PATH}/${props.id}/file`} download>
            {w.download} ({told.task.form.toUpperCase()})
          </a>
        )}
      </div>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {told && (
        <div class="reading">
          <section class="card stack">
            <details>
              <summary>{w.question}</summary>
              <p class="essay-text">{told.task.question}</p>
            </details>
            <h2>{w.preview}</h2>
            <div class="essay-text" tabIndex={0}>
              {told.text || w.noText}
            </div>
          </section>
          <MarkForm
            task={told.task}
            onMarked={() => {
              asked.again();
              props.onMarked();
            }}
            onNext={props.onNext}
          />
        </div>
      )}
    </div>
  );
}

function MarkForm(props: { task: Task; onMarked: () => void; onNext: (() => void) | null }): JSX.Element {
  const { task } = props;
  const [scores, score] = useState<(number | null)[]>(task.criteria.map((_, at) => task.scores[at] ?? null));
  const [mark, setMark] = useState<number | null>(task.mark);
  const [comment, say] = useState(task.comment);
  const [reason, because] = useState("");
  const [kept, keep] = useState(false);
  const { busy, fault, run } = useDoing();
  const whole = task.criteria.length
    ? scores.reduce<number | null>((sum, each) => (sum === null || each === null ? null : sum + each), 0)
    : mark;
  const changing = task.mark !== null && task.others.length > 0;
  const submit = (event: Event): void => {
    event.preventDefault();
    keep(false);
    void run(async () => {
      const given = task.criteria.length ? { scores } : { mark };
      await api.put(`${PATH}/${task.id}`, { ...given, comment, reason });
      keep(true);
      props.onMarked();
    });
  };
  const input = (
    label: string,
    most: number,
    value: number | null,
    put: (value: number | null) => void,
  ): JSX.Element => (
    <Field label={`${label} (0–${most / 100})`}>
      <input
        type="number"
        required
        min={0}
        max={most / 100}
        step={task.step / 100}
        value={value === null ? "" : value / 100}
        onInput={(e) => {
          const typed = e.currentTarget.valueAsNumber;
          put(Number.isNaN(typed) ? null : Math.round(typed * 100));
        }}
      />
    </Field>
  );
  return (
    <form class="card stack" onSubmit={submit}>
      {task.criteria.map((criterion, at) =>
        input(criterion.name, criterion.most, scores[at] ?? null, (value) =>
          score(scores.map((each, place) => (place === at ? value : each))),
        ),
      )}
      {task.criteria.length === 0 && input(w.mark, 1000, mark, setMark)}
      <p class="countdown num">
        {w.mark}: <b>{points(whole)}</b>
      </p>
      <Field label={w.comment}>
        <textarea rows={5} value={comment} onInput={(e) => say(e.currentTarget.value)} />
      </Field>
      {changing && (
        <Field label={w.reason}>
          <input required value={reason} onInput={(e) => because(e.currentTarget.value)} />
        </Field>
      )}
      {fault && <Alert tone="bad">{fault}</Alert>}
      {kept && <Alert tone="good">{w.kept}</Alert>}
      {task.others.length > 0 ? (
        <Alert tone="minor">{w.others(task.others.map(points).join(", "), points(task.final))}</Alert>
      ) : (
        <p class="muted small">{w.blind}</p>
      )}
      <button class="button primary" disabled={busy || whole === null}>
        {w.give}
      </button>
      {kept && props.onNext && (
        <button class="button" type="button" onClick={props.onNext}>
          {w.next}
        </button>
      )}
    </form>
  );
}
