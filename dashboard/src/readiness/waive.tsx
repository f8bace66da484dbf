import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useDoing } from "../shared/asked";
import { findingWords } from "../shared/checks";
import { fieldTime } from "../shared/format";
import { Alert, Field, Modal } from "../shared/parts";
import { soon } from "./live";
import type { Finding, Line } from "./model";
import { t } from "./words";

const DAY_MS = 86_400_000;

/** A person takes it upon them that a finding is let pass for a while. */
export function Waive(props: { line: Line; finding: Finding; onClose: () => void }): JSX.Element {
  const { line, finding } = props;
  const [why, setWhy] = useState("");
  const [until, setUntil] = useState(fieldTime(Date.now() + DAY_MS));
  const { busy, fault, run } = useDoing();
  const go = async (): Promise<void> => {
    const wish = {
      check: finding.check,
      reason: finding.reason,
      why,
      until_ms: new Date(until).getTime(),
    };
    const path = `/api/v1/sites/${encodeURIComponent(line.site)}/readiness/waivers`;
    if (await run(() => api.post(path, wish))) {
      soon();
      props.onClose();
    }
  };
  return (
    <Modal title={t.waiveTitle} onClose={props.onClose}>
      <p>
        <b>
          {line.code} {line.name}
        </b>
        <br />
        {findingWords(finding.check, finding.reason)}
      </p>
      <p class="muted">{t.waiveWhat}</p>
      <Field label={t.why}>
        <textarea
          rows={2}
          maxLength={500}
          value={why}
          onInput={(event) => setWhy(event.currentTarget.value)}
        />
      </Field>
      <Field label={t.until}>
        <input type="datetime-local" value={until} onInput={(event) => setUntil(event.currentTarget.value)} />
      </Field>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <button class="button primary" disabled={busy || !why.trim() || !until} onClick={go}>
        {t.doWaive}
      </button>
    </Modal>
  );
}
