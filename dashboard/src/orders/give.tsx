import "./orders.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useDoing } from "../shared/asked";
import { worded } from "../shared/i18n";
import { Alert, Field, Modal } from "../shared/parts";
import { can } from "../shared/signed";
import { Held } from "./held";
import { FORCEABLE, KINDS, MINUTES, type Order, type OrderKind, type Target } from "./model";
import { kinds, meanings, t } from "./words";

/**
 * Opens the order dialog for the sites that `targets` gives at the click. `scope` says in words whom it is for.
 * Shown only to those who may order.
 */
export function OrderButton(props: {
  targets: () => Target[];
  count: number;
  scope: string;
  class?: string;
}): JSX.Element | null {
  const [targets, open] = useState<Target[] | null>(null);
  if (!can("orders.give") || props.count === 0) return null;
  return (
    <>
      <button class={`button ${props.class ?? "small"}`} onClick={() => open(props.targets())}>
        {props.count > 1 ? t.giveTo(props.count) : t.give}
      </button>
      {targets && <GiveOrder targets={targets} scope={props.scope} onClose={() => open(null)} />}
    </>
  );
}

/** What is ordered, to how many; after the click, the seconds in which it can be undone. */
export function GiveOrder(props: {
  targets: readonly Target[];
  scope: string;
  onClose: () => void;
}): JSX.Element {
  const [given, give] = useState<Order | null>(null);
  return (
    <Modal title={given ? worded(kinds, given.kind) : t.give} onClose={props.onClose}>
      {given ? <Given order={given} /> : <Wish {...props} onGiven={give} />}
    </Modal>
  );
}

function Given({ order }: { order: Order }): JSX.Element {
  return (
    <>
      <p>{t.to(order.sites)}</p>
      <Held order={order} />
      <a class="button" href={`/console#orders/${order.id}`}>
        {t.follow}
      </a>
    </>
  );
}

function Wish(props: {
  targets: readonly Target[];
  scope: string;
  onGiven: (order: Order) => void;
}): JSX.Element {
  const { targets, scope } = props;
  const [kind, choose] = useState<OrderKind>("notice");
  const [textVi, setVi] = useState("");
  const [textEn, setEn] = useState("");
  const [minutes, last] = useState(15);
  const [forced, force] = useState(false);
  const { busy, fault, run } = useDoing();
  const away = targets.filter((target) => target.away).length;
  const held = targets.length > 1 || kind === "restart_agent";
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      const wish = {
        kind,
        sites: targets.map(({ id }) => id),
        scope,
        minutes,
        forced: forced && FORCEABLE.includes(kind),
        ...(kind === "notice" && { text_vi: textVi, text_en: textEn }),
      };
      props.onGiven(await api.post<Order>("/api/v1/orders", wish));
    });
  };
  return (
    <form class="stack" onSubmit={submit}>
      <p class="order-scope">
        <b>{t.to(targets.length)}</b>
        {scope && ` · ${scope}`}
      </p>
      {away > 0 && <p class="muted">{t.away(away)}</p>}
      <fieldset class="order-kinds">
        <legend>{t.which}</legend>
        {KINDS.map((each) => (
          <label key={each} class={each === kind ? "chosen" : ""}>
            <input type="radio" name="kind" checked={each === kind} onChange={() => choose(each)} />
            {worded(kinds, each)}
          </label>
        ))}
      </fieldset>
      <p class="muted">{worded(meanings, kind)}</p>
      {kind === "notice" && (
        <>
          <Field label={t.text}>
            <textarea
              required
              rows={2}
              maxLength={300}
              value={textVi}
              onInput={(e) => setVi(e.currentTarget.value)}
            />
          </Field>
          <Field label={t.textEn}>
            <textarea rows={2} maxLength={300} value={textEn} onInput={(e) => setEn(e.currentTarget.value)} />
          </Field>
        </>
      )}
      {kind !== "roll_call" && (
        <Field label={kind === "notice" ? t.shown : t.good}>
          <select value={String(minutes)} onChange={(e) => last(Number(e.currentTarget.value))}>
            {MINUTES.map((each) => (
              <option key={each} value={String(each)}>
                {each < 60 ? t.minutes(each) : t.hours(each / 60)}
              </option>
            ))}
          </select>
        </Field>
      )}
      {FORCEABLE.includes(kind) && (
        <label class="row">
          <input type="checkbox" checked={forced} onChange={(e) => force(e.currentTarget.checked)} />
          {t.forced}
        </label>
      )}
      {fault && <Alert tone="bad">{fault}</Alert>}
      <div class="row">
        <button class="button primary" disabled={busy || targets.length === 0}>
          {targets.length > 1 ? t.send(targets.length) : t.sendOne}
        </button>
        {held && <span class="muted">{t.undoable}</span>}
      </div>
    </form>
  );
}
