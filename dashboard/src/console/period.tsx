import type { JSX } from "preact";
import { Field } from "../shared/parts";
import { t } from "./words";

/** From when to when, as the browser's own fields for date and time give it (`2026-11-29T08:00`). */
export function Period(props: {
  begins: string;
  ends: string;
  onBegins: (value: string) => void;
  onEnds: (value: string) => void;
}): JSX.Element {
  return (
    <>
      <Field label={t.begins}>
        <input
          type="datetime-local"
          required
          value={props.begins}
          onInput={(e) => props.onBegins(e.currentTarget.value)}
        />
      </Field>
      <Field label={t.ends}>
        <input
          type="datetime-local"
          required
          value={props.ends}
          onInput={(e) => props.onEnds(e.currentTarget.value)}
        />
      </Field>
    </>
  );
}
