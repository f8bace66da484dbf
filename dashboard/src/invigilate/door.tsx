import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { recall, remember } from "../shared/keep";
import { Alert, Field } from "../shared/parts";
import { roomSees } from "./cover";
import { door, knock } from "./room";
import { PhoneCode } from "./roomsees";
import { t } from "./words";

const NAME = "diemcau.invigilator";

export function DoorPage(): JSX.Element | null {
  const told = door.value;
  const [who, setWho] = useState(recall(NAME) ?? "");
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  if (!told) return null;
  if (!told.is_set && !told.may_choose) return <Alert tone="warn">{t.noPinYet}</Alert>;

  async function enter(event: Event): Promise<void> {
    event.preventDefault();
    setBusy(true);
    try {
      await knock(who.trim(), pin.trim());
      remember(NAME, who.trim());
    } catch (caught) {
      setFault(caught instanceof Error ? caught.message : t.faulted);
    }
    setPin("");
    setBusy(false);
  }

  return (
    <>
      <form class="card stack door" onSubmit={enter}>
        <h1>{t.title}</h1>
        <p class="muted">{told.site}</p>
        <Field label={t.yourName}>
          <input
            name="who"
            autocomplete="name"
            maxLength={80}
            value={who}
            onInput={(event) => setWho(event.currentTarget.value)}
          />
        </Field>
        <Field label={told.is_set ? t.pin : t.newPin} hint={told.is_set ? "" : t.newPinHint}>
          <input
            name="pin"
            type="password"
            inputMode="numeric"
            autocomplete="off"
            maxLength={12}
            value={pin}
            onInput={(event) => setPin(event.currentTarget.value)}
          />
        </Field>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary wide" disabled={busy || !who.trim() || !pin.trim()}>
          {t.enter}
        </button>
      </form>
      {roomSees() && (
        <section class="card stack phone">
          <h2>{t.phone}</h2>
          <p class="muted">{t.phoneHint}</p>
          <PhoneCode size={220} />
        </section>
      )}
    </>
  );
}
