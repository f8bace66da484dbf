import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useDoing } from "../shared/asked";
import { fieldTime } from "../shared/format";
import { Alert, Field, Modal } from "../shared/parts";
import type { Course } from "./courses";
import { w } from "./coursewords";

const DAY_MS = 86_400_000;

export interface Planned {
  essay: {
    id: string;
    title: string;
    question: string;
    deadline_ms: number;
    cap_ms: number;
    forms: string[];
    size_limit: number;
    sources: string[];
  };
  criteria: { name: string; most: number }[];
  step: number;
  apart: number;
  decision: string;
}

/** "Nội dung = 6" a line; what is no line of that kind is left to the centre to refuse. */
export function criteriaOf(text: string): { name: string; most: number }[] {
  return text
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => {
      const at = line.lastIndexOf("=");
      const most = Number(line.slice(at + 1).replace(",", "."));
      return { name: line.slice(0, at < 0 ? undefined : at).trim(), most: Math.round(most * 100) || 0 };
    });
}

export function EssayPlanning(props: {
  course: Course;
  known: Planned | null;
  onClose: () => void;
  onMade: () => void;
}): JSX.Element {
  const { known, course } = props;
  const [question, ask] = useState(known?.essay.question ?? "");
  const [deadline, until] = useState(fieldTime(known?.essay.deadline_ms ?? course.ends_ms + 5 * DAY_MS));
  const [cap, latest] = useState(fieldTime(known?.essay.cap_ms ?? course.ends_ms + 10 * DAY_MS));
  const [forms, setForms] = useState<readonly string[]>(known?.essay.forms ?? ["text", "docx", "pdf"]);
  const [sources, setSources] = useState<readonly string[]>(known?.essay.sources ?? ["candidate", "site"]);
  const [size, setSize] = useState((known?.essay.size_limit ?? 20 << 20) / (1 << 20));
  const [criteria, setCriteria] = useState(
    (known?.criteria ?? []).map((each) => `${each.name} = ${each.most / 100}`).join("\n"),
  );
  const [step, setStep] = useState(known?.step ?? 25);
  const [apart, setApart] = useState((known?.apart ?? 100) / 100);
  const [decision, decide] = useState(known?.decision ?? "closest");
  const { busy, fault, run } = useDoing();
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      await api.put(`/api/v1/courses/${course.id}/essay`, {
        question,
        deadline_ms: new Date(deadline).getTime(),
        cap_ms: new Date(cap).getTime(),
        forms,
        sources,
        size_limit: Math.round(size * (1 << 20)),
        criteria: criteriaOf(criteria),
        step,
        apart: Math.round(apart * 100),
        decision,
      });
      props.onMade();
    });
  };
  const box = (
    key: string,
    word: string,
    chosen: readonly string[],
    put: (next: readonly string[]) => void,
  ): JSX.Element => (
    <label class="row">
      <input
        type="checkbox"
        checked={chosen.includes(key)}
        onChange={(e) =>
          put(e.currentTarget.checked ? [...chosen, key] : chosen.filter((each) => each !== key))
        }
      />
      {word}
    </label>
  );
  return (
    <Modal title={w.essay} wide onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label={w.question}>
          <textarea required rows={5} value={question} onInput={(e) => ask(e.currentTarget.value)} />
        </Field>
        <div class="columns">
          <Field label={w.deadline}>
            <input
              type="datetime-local"
              required
              value={deadline}
              onInput={(e) => until(e.currentTarget.value)}
            />
          </Field>
          <Field label={w.cap}>
            <input
              type="datetime-local"
              required
              value={cap}
              onInput={(e) => latest(e.currentTarget.value)}
            />
          </Field>
          <Field label={w.size}>
            <input
              type="number"
              min={1}
              max={200}
              value={size}
              onInput={(e) => setSize(e.currentTarget.valueAsNumber)}
            />
          </Field>
        </div>
        <fieldset class="picker">
          <legend>{w.forms}</legend>
          <div class="row">
            {box("text", w.text, forms, setForms)}
            {box("docx", "Word (.docx)", forms, setForms)}
            {box("pdf", "PDF", forms, setForms)}
          </div>
        </fieldset>
        <fieldset class="picker">
          <legend>{w.sources}</legend>
          <div class="row">
            {box("candidate", w.candidate, sources, setSources)}
            {box("site", w.siteSource, sources, setSources)}
          </div>
        </fieldset>
        <Field label={w.criteria}>
          <textarea
            rows={4}
            value={criteria}
            placeholder={w.criteriaExample}
            onInput={(e) => setCriteria(e.currentTarget.value)}
          />
        </Field>
        <div class="columns">
          <Field label={w.step}>
            <select value={step} onChange={(e) => setStep(Number(e.currentTarget.value))}>
              <option value={25}>0,25</option>
              <option value={50}>0,5</option>
              <option value={100}>1</option>
            </select>
          </Field>
          <Field label={w.apart}>
            <input
              type="number"
              min={0}
              max={10}
              step={0.25}
              value={apart}
              onInput={(e) => setApart(e.currentTarget.valueAsNumber)}
            />
          </Field>
          <Field label={w.decision}>
            <select value={decision} onChange={(e) => decide(e.currentTarget.value)}>
              <option value="closest">{w.closest}</option>
              <option value="third">{w.third}</option>
            </select>
          </Field>
        </div>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary" disabled={busy}>
          {w.save}
        </button>
      </form>
    </Modal>
  );
}
