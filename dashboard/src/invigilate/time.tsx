import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { causes } from "../shared/fairness";
import { clockLength, timeOfDay } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert, Field } from "../shared/parts";
import type { Grant, Room } from "./model";
import { act } from "./room";
import { grantStates, t } from "./words";

const QUICK = [1, 2, 5, 10, 15, 30];
const CAUSES = ["computer", "device", "power", "illness", "disability", "disturbance", "late_paper", "other"];

export function TimeSheet(props: { room: Room; whom: string }): JSX.Element {
  const { room } = props;
  const [whom, setWhom] = useState(props.whom);
  const [minutes, setMinutes] = useState(5);
  const [cause, setCause] = useState("computer");
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const over = room.phase === "closed" || room.phase === "cancelled" || room.phase === "missed";

  async function give(ask: boolean): Promise<void> {
    setBusy(true);
    try {
      await act("extra", { exam: room.exam, candidate: whom || null, minutes, cause, text, ask });
      setFault("");
      setText("");
    } catch (caught) {
      setFault(caught instanceof Error ? caught.message : t.faulted);
    }
    setBusy(false);
  }

  return (
    <section class="stack">
      <form class="card stack" onSubmit={(event) => event.preventDefault()}>
        <Field label={t.forWhom}>
          <select value={whom} onChange={(event) => setWhom(event.currentTarget.value)}>
            <option value="">{t.wholeSite}</option>
            {room.candidates.map((each) => (
              <option key={each.number} value={each.number}>
                {each.number} · {each.name}
              </option>
            ))}
          </select>
        </Field>
        <div class="field">
          <span id="minutes">{t.minutes}</span>
          <div class="quick" role="group" aria-labelledby="minutes">
            {QUICK.map((each) => (
              <button
                key={each}
                type="button"
                class="button num"
                aria-pressed={minutes === each}
                onClick={() => setMinutes(each)}
              >
                {each}
              </button>
            ))}
          </div>
        </div>
        <Field label={t.why}>
          <select value={cause} onChange={(event) => setCause(event.currentTarget.value)}>
            {CAUSES.map((each) => (
              <option key={each} value={each}>
                {worded(causes, each)}
              </option>
            ))}
          </select>
        </Field>
        <Field label={t.more}>
          <input maxLength={500} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </Field>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <div class="row">
          <button
            type="button"
            class="button primary grow"
            disabled={busy || over}
            onClick={() => void give(false)}
          >
            {t.give}
          </button>
          <button type="button" class="button" disabled={busy || over} onClick={() => void give(true)}>
            {t.ask}
          </button>
        </div>
        <p class="small muted">{t.limit(room.site_limit_min, room.candidate_limit_min)}</p>
      </form>
      <h2>{t.given}</h2>
      {room.outages_s.length > 0 && (
        <Alert tone="warn">
          {t.outages(room.outages_s.map((each) => clockLength(each * 1000)).join(", "))}
        </Alert>
      )}
      {room.stood_s > 0 && <Alert tone="minor">{t.stood(clockLength(room.stood_s * 1000))}</Alert>}
      <ul class="people">
        {room.grants.map((grant) => (
          <Given key={grant.id} room={room} grant={grant} />
        ))}
        {room.grants.length === 0 && <li class="muted">{t.nothingGiven}</li>}
      </ul>
    </section>
  );
}

function Given(props: { room: Room; grant: Grant }): JSX.Element {
  const { room, grant } = props;
  const [fault, setFault] = useState("");
  const name = room.candidates.find((each) => each.number === grant.candidate)?.name;
  const withdraw = (): void =>
    void act("withdraw", { exam: room.exam, id: grant.id }).catch((caught: unknown) =>
      setFault(caught instanceof Error ? caught.message : t.faulted),
    );
  return (
    <li class={`person ${grant.state === "in_force" ? "good" : grant.state === "asked" ? "warn" : "idle"}`}>
      <div class="line">
        <span class="grow">
          <b>
            {t.extra(String(grant.minutes))} · {name ?? grant.candidate ?? t.wholeSite}
          </b>
          <span class="muted">
            {[worded(causes, grant.cause), grant.text].filter(Boolean).join(": ")} · {grant.who} ·{" "}
            {timeOfDay(grant.at_ms)}
          </span>
          <span class="muted">{worded(grantStates, grant.state)}</span>
        </span>
        {grant.ours && (
          <button class="button" onClick={withdraw}>
            {t.withdraw}
          </button>
        )}
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
    </li>
  );
}
