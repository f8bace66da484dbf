import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { language } from "../shared/i18n";
import { Alert, Field } from "../shared/parts";
import { pair, Refused } from "./live";
import { half, tidyCode, tidyServer } from "./model";
import { t } from "./words";

/** Address and code: all that this computer needs to belong to a site. */
export function Pairing(): JSX.Element {
  const [server, setServer] = useState("");
  const [code, setCode] = useState("");
  const [busy, hold] = useState(false);
  const [done, finish] = useState(false);
  const [fault, tell] = useState("");

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    hold(true);
    tell("");
    try {
      await pair(tidyServer(server), code);
      finish(true);
    } catch (caught) {
      tell((caught instanceof Refused && half(caught.message, language.value)) || t.notPaired);
    }
    hold(false);
  }

  if (done) return <Alert tone="good">{t.starting}</Alert>;
  return (
    <form class="stack pairing" onSubmit={send}>
      <Field label={t.server} hint={t.serverHint}>
        <input
          autocomplete="url"
          inputMode="url"
          spellcheck={false}
          value={server}
          onInput={(event) => setServer(event.currentTarget.value)}
        />
      </Field>
      <Field label={t.code} hint={t.codeHint}>
        <input
          class="num code"
          autocomplete="off"
          spellcheck={false}
          value={code}
          onInput={(event) => setCode(tidyCode(event.currentTarget.value))}
        />
      </Field>
      <div>
        <button class="button large primary" disabled={busy || server.trim() === "" || code.length < 16}>
          {busy ? t.pairing : t.pair}
        </button>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
    </form>
  );
}
