import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { incidents } from "../shared/fairness";
import { timeOfDay } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert, Field } from "../shared/parts";
import { covered } from "./cover";
import type { Incident, Room } from "./model";
import { act } from "./room";
import { t } from "./words";

const KINDS = ["device", "power", "network", "wrong_code", "illness", "cheating", "absent", "fire", "other"];

export function NotesSheet(props: { room: Room; whom: string }): JSX.Element {
  const { room } = props;
  const hidden = covered();
  const [kind, setKind] = useState("device");
  const [whom, setWhom] = useState(props.whom);
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");

  async function write(event: Event): Promise<void> {
    event.preventDefault();
    setBusy(true);
    try {
      await act("note", { exam: room.exam, kind, text, candidate: whom || null });
      setText("");
      setFault("");
    } catch (caught) {
      setFault(caught instanceof Error ? caught.message : t.faulted);
    }
    setBusy(false);
  }

  return (
    <section class="stack">
      <form class="card stack" onSubmit={write}>
        <Field label={t.kind}>
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {worded(incidents, each)}
              </option>
            ))}
          </select>
        </Field>
        {kind === "wrong_code" && <Alert tone="minor">{t.wrongCodeHint}</Alert>}
        <Field label={t.whom}>
          <select value={whom} onChange={(event) => setWhom(event.currentTarget.value)}>
            <option value="">–</option>
            {room.candidates.map((each) => (
              <option key={each.number} value={each.number}>
                {hidden ? each.number : `${each.number} · ${each.name}`}
              </option>
            ))}
          </select>
        </Field>
        <Field label={t.text} hint={hidden ? t.noteSeen : ""}>
          <textarea
            rows={3}
            maxLength={1000}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </Field>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary wide" disabled={busy}>
          {t.write}
        </button>
      </form>
      {hidden ? (
        <p class="muted">{t.notesKept(room.incidents.length)}</p>
      ) : (
        <ul class="people">
          {room.incidents.map((each) => (
            <Written key={each.id} incident={each} />
          ))}
          {room.incidents.length === 0 && <li class="muted">{t.noNotes}</li>}
        </ul>
      )}
    </section>
  );
}

function Written(props: { incident: Incident }): JSX.Element {
  const { kind, candidate, text, who, at_ms } = props.incident;
  return (
    <li class="person warn">
      <div class="line">
        <span class="grow">
          <b>{[worded(incidents, kind), candidate].filter(Boolean).join(" · ")}</b>
          <span>{text}</span>
          <span class="muted">
            {who} · {timeOfDay(at_ms)}
          </span>
        </span>
      </div>
    </li>
  );
}
