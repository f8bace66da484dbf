import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { timeOfDay } from "../shared/format";
import { Alert, Field } from "../shared/parts";
import type { Card } from "./messages";
import { isVisiting } from "./model";
import { Troubles, troubleText } from "./parts";
import { InsideApp } from "./browser";
import { waitingHere } from "./leftovers";
import { backToDoor, entering, putVoucherAway, signIn, state, takeOver } from "./session";
import type * as slipcode from "./slipcode";
import { badVoucher } from "./voucher";
import { t } from "./words";

type Fetched = typeof slipcode;

/** Before anybody sits here: number and PIN or the slip's code, unless a voucher has already spoken. */
export function Door(): JSX.Element {
  if (isVisiting(state.value.trouble)) return <Visiting />;
  const { exams } = state.value;
  const open = exams.filter((card) => card.sign_in);
  const next = exams.find((card) => !["closed", "cancelled", "missed"].includes(card.state));
  return (
    <section class="card stack narrow" aria-labelledby="door">
      <h1 id="door">{open[0]?.title ?? next?.title ?? t.title}</h1>
      <p class="muted">{state.value.site}</p>
      <InsideApp />
      <Troubles />
      {waitingHere().map((each) => (
        <Alert key={each.number} tone="warn">
          {t.leftHere(each.name ? `${each.name} (${each.number})` : each.number, each.waiting)}
        </Alert>
      ))}
      {badVoucher.value && <Alert tone="warn">{t.badVoucher}</Alert>}
      {open.length > 0 ? (
        <>
          <SignInForm exams={open} />
          <ByCode />
        </>
      ) : (
        state.value.line === "up" && <p>{next ? t.tooEarly(timeOfDay(next.t0_ms)) : t.noExam}</p>
      )}
      {state.value.line === "up" && <p class="muted small">{t.stayOnWifi}</p>}
    </section>
  );
}

function SignInForm(props: { exams: Card[] }): JSX.Element {
  const [exam, setExam] = useState(props.exams[0]?.exam ?? "");
  const [number, setNumber] = useState("");
  const [pin, setPin] = useState("");
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        signIn(exam, number, pin);
      }}
    >
      {props.exams.length > 1 && (
        <select value={exam} aria-label={t.title} onChange={(event) => setExam(event.currentTarget.value)}>
          {props.exams.map((card) => (
            <option key={card.exam} value={card.exam}>
              {card.title}
            </option>
          ))}
        </select>
      )}
      <Field label={t.number} hint={t.numberHint}>
        <input
          name="number"
          required
          maxLength={40}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          value={number}
          onInput={(event) => setNumber(event.currentTarget.value)}
        />
      </Field>
      <Field label={t.pin} hint={t.pinHint}>
        <input
          name="pin"
          required
          maxLength={12}
          inputMode="numeric"
          autocomplete="off"
          value={pin}
          onInput={(event) => setPin(event.currentTarget.value)}
        />
      </Field>
      <button class="button primary big" disabled={entering.value}>
        {entering.value ? t.entering : t.enter}
      </button>
    </form>
  );
}

/** The way in by a typed code, fetched when somebody wants it: most scan, and the page must stay small. */
function ByCode(): JSX.Element {
  const [come, show] = useState<Fetched | null>(null);
  if (come) return <come.SlipCode />;
  return (
    <button class="button big" onClick={() => void import("./slipcode").then(show, () => undefined)}>
      {t.byCode}
    </button>
  );
}

/** A voucher of another school: the page asks again by itself until the centre has moved its holder here. */
function Visiting(): JSX.Element {
  return (
    <section class="card stack narrow" aria-labelledby="visiting">
      <h1 id="visiting">{t.visiting}</h1>
      <p class="muted">{state.value.site}</p>
      <p role="status">{troubleText()}</p>
      <p>{t.visitingCalm}</p>
      <button class="button big" onClick={putVoucherAway}>
        {t.visitingPin}
      </button>
    </section>
  );
}

/** The candidate goes on at another computer or school: nothing to do here. */
function Away(): JSX.Element {
  return (
    <section class="card stack narrow" aria-labelledby="away">
      <h1 id="away">{t.away}</h1>
      <p role="status">{troubleText()}</p>
      <p>{t.awayCalm}</p>
      <button class="button big" onClick={backToDoor}>
        {t.awayNext}
      </button>
    </section>
  );
}

/** Another tab or device is the live one now. */
export function Elsewhere(): JSX.Element {
  if (state.value.away) return <Away />;
  return (
    <section class="card stack narrow" aria-labelledby="moved">
      <h1 id="moved">{t.moved}</h1>
      <p>{t.movedCalm}</p>
      <button class="button primary big" onClick={takeOver}>
        {t.movedBack}
      </button>
    </section>
  );
}
