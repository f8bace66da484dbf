import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import {
  adviceWords,
  type Check,
  checks,
  type CheckState,
  foundWords,
  isPostponed,
  marks,
} from "../shared/checks";
import { language, worded } from "../shared/i18n";
import { Icon, type IconName } from "../shared/icons";
import { Alert, type Tone } from "../shared/parts";
import { measured } from "./figures";
import { look, Refused } from "./live";
import { half } from "./model";
import { here, t } from "./words";

export const TONES: Record<CheckState, Tone> = { good: "good", weak: "warn", bad: "bad", waiting: "idle" };
const ICONS: Record<CheckState, IconName> = {
  good: "check",
  weak: "warning",
  bad: "cross",
  waiting: "clock",
};

export function StateIcon(props: { state: CheckState }): JSX.Element {
  return (
    <span class={`tone-${TONES[props.state]}`}>
      <Icon name={ICONS[props.state]} />
    </span>
  );
}

function adviceHere(name: string, reason: string): string {
  const key = [`${name}.${reason}`, reason].find((each) => Object.keys(here).includes(each));
  return key ? worded(here, key) : adviceWords(name, reason);
}

/** Why some of these are put off, said once for all of them. */
export function Postponed(props: { checks: readonly Check[] }): JSX.Element | null {
  const first = props.checks.find(isPostponed);
  if (!first) return null;
  return (
    <Alert tone="minor">
      <b>{foundWords(first.name, first.reason)}.</b> {adviceHere(first.name, first.reason)}
    </Alert>
  );
}

/** One check in large letters: what was found, and what to do about it. */
export function Finding(props: { check: Check; looking: boolean; small?: boolean }): JSX.Element {
  const { name, state, reason } = props.check;
  const postponed = isPostponed(props.check);
  const advice = state === "good" || postponed ? "" : adviceHere(name, reason);
  const found = postponed ? marks.postponed : foundWords(name, reason);
  const figures = measured(props.check);
  return (
    <li class={`finding ${TONES[state]} ${props.small ? "small" : ""}`}>
      <p class="what">
        <StateIcon state={state} /> <b>{worded(checks, name)}</b>
        {reason !== "" && <span class={`tone-${TONES[state]}`}>{found}</span>}
        {props.looking && <span class="muted">{t.looking}</span>}
      </p>
      {figures !== "" && <p class="muted num">{figures}</p>}
      {advice !== "" && (
        <p class="advice">
          <b>{t.what}:</b> {advice}
        </p>
      )}
    </li>
  );
}

/** A button that has checks looked at anew and tells what the agent refused. */
export function Again(props: {
  names: string[];
  loud?: boolean;
  primary?: boolean;
  disabled?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const [busy, hold] = useState(false);
  const [fault, tell] = useState("");

  async function again(): Promise<void> {
    hold(true);
    tell("");
    try {
      await look(props.names, props.loud);
    } catch (caught) {
      tell(caught instanceof Refused ? half(caught.message, language.value) : t.gone);
    }
    hold(false);
  }

  return (
    <>
      <button
        class={`button large ${props.primary ? "primary" : ""}`}
        disabled={busy || props.disabled}
        onClick={() => void again()}
      >
        {busy ? t.looking : props.children}
      </button>
      {fault && <Alert tone="warn">{fault}</Alert>}
    </>
  );
}
