import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Alert } from "../shared/parts";
import { cardOf } from "./model";
import * as outbox from "./outbox";
import { RescueOffer, Troubles } from "./parts";
import { nextPerson, state } from "./session";
import { t } from "./words";

/** Handed in, or time is up, or there will be no exam. */
export function Over(): JSX.Element {
  const card = cardOf(state.value);
  if (card?.state === "cancelled" || card?.state === "missed") {
    return (
      <section class="card stack narrow" role="status">
        <h1>{card.title}</h1>
        <p>{card.state === "cancelled" ? t.cancelled : t.missed}</p>
      </section>
    );
  }
  return <Receipt />;
}

function Receipt(): JSX.Element {
  const { seat, receipt, kept, late } = state.value;
  const waiting = outbox.unsaved(state.value.outbox);
  const byTime = !state.value.handedIn && (state.value.closed || state.value.ranOut);
  return (
    <section class="card stack narrow centred" aria-labelledby="over">
      <p class={`big-tick ${waiting > 0 ? "waits" : ""}`} aria-hidden="true">
        {waiting > 0 ? "○" : "✓"}
      </p>
      <div role="status">
        <h1 id="over">{byTime ? t.timeUp : t.handedIn}</h1>
      </div>
      {byTime && <p>{state.value.ranOut ? t.ranOut : t.timeUpCalm}</p>}
      <p>
        <strong>{seat?.name}</strong> · {seat?.number}
      </p>
      <p>{t.counted(Object.keys(kept).length)}</p>
      {waiting > 0 ? <Alert tone="warn">{t.stillSending(waiting)}</Alert> : null}
      {waiting > 0 ? <Troubles /> : null}
      {waiting > 0 ? <RescueOffer /> : null}
      {late && <Alert tone="warn">{t.late}</Alert>}
      {receipt && (
        <div class="receipt">
          <span class="muted">{t.receipt}</span>
          <strong class="num" id="receipt">
            {receipt}
          </strong>
          <span class="muted small">{t.receiptHint}</span>
        </div>
      )}
      <NextPerson waiting={waiting} />
    </section>
  );
}

/** Two presses: a receipt is easily wiped away by one. */
function NextPerson(props: { waiting: number }): JSX.Element {
  const [sure, setSure] = useState(false);
  return (
    <div class="next-person">
      <p class="muted small">{t.nextPersonHint}</p>
      {props.waiting > 0 && <p class="small">{t.nextPersonWaiting}</p>}
      {sure ? (
        <button class="button big" onClick={nextPerson}>
          {t.nextPersonSure}
        </button>
      ) : (
        <button class="button big quiet" onClick={() => setSure(true)}>
          {t.nextPerson}
        </button>
      )}
    </div>
  );
}
