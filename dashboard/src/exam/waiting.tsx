import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { countdown, timeOfDay } from "../shared/format";
import { Alert, Field } from "../shared/parts";
import { staysAwake } from "./device";
import type { Card } from "./messages";
import { cardOf } from "./model";
import { Legend, Troubles } from "./parts";
import { ReserveNote } from "./reserve";
import { now, state, typeCode } from "./session";
import { t } from "./words";

/** Signed in, the paper still sealed. */
export function Waiting(): JSX.Element | null {
  const seat = state.value.seat;
  const card = cardOf(state.value);
  if (!seat || !card) return null;
  return (
    <section class="card stack narrow centred" aria-labelledby="waiting">
      <h1 id="waiting">{card.title}</h1>
      <dl class="facts">
        <dt>{t.you}</dt>
        <dd>
          <strong>{seat.name}</strong> · {seat.number}
        </dd>
        <dt>{t.paperCode}</dt>
        <dd>{seat.code}</dd>
        <dt>{t.length}</dt>
        <dd>{t.minutes(Math.round(card.duration_s / 6) / 10)}</dd>
      </dl>
      {seat.assurance === "pin" && <p class="amber-line">{t.byPinHint}</p>}
      <p class="muted small">{t.notYou}</p>
      <Troubles />
      {card.reserve && <ReserveNote />}
      {card.wants_code ? <WantsCode card={card} /> : <Countdown card={card} />}
      <Legend />
    </section>
  );
}

function Countdown(props: { card: Card }): JSX.Element {
  const at = now.value;
  const left = at === null ? null : props.card.t0_ms - at;
  return (
    <>
      <p class="opens">{t.opensAt(timeOfDay(props.card.t0_ms, true))}</p>
      <p class="countdown num" role="timer" aria-live="off">
        {left === null || left <= 0 ? t.opensSoon : countdown(props.card.t0_ms, at ?? 0)}
      </p>
      <p>{t.waitCalmly}</p>
      <p class="muted small">{t.stayOnWifi}</p>
      {!staysAwake() && <p class="muted small">{t.goesDark}</p>}
    </>
  );
}

function WantsCode(props: { card: Card }): JSX.Element {
  const [code, setCode] = useState("");
  return (
    <>
      <Alert tone="warn">{t.wantsCode}</Alert>
      <details>
        <summary>{t.code}</summary>
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            typeCode(props.card.exam, code);
          }}
        >
          <Field label={t.code} hint={t.codeHint}>
            <input
              name="code"
              required
              maxLength={64}
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              value={code}
              onInput={(event) => setCode(event.currentTarget.value)}
            />
          </Field>
          <button class="button primary big">{t.open}</button>
        </form>
      </details>
    </>
  );
}
