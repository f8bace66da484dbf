import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useDoing } from "../shared/asked";
import { dictionary } from "../shared/i18n";
import { Alert, Field, Modal } from "../shared/parts";
import { can } from "../shared/signed";
import type { Site } from "../shared/site";

const w = dictionary({
  provider: { vi: "Nhà mạng", en: "Provider" },
  name: { vi: "Ghi nhà mạng", en: "Name the provider" },
  hint: {
    vi: "Để gộp báo động khi cả một nhà mạng mất đường. Để trống nếu không rõ.",
    en: "So that a provider's failure is one alarm. Empty when nobody knows.",
  },
  save: { vi: "Lưu", en: "Save" },
});

const COMMON = ["VNPT", "Viettel", "FPT Telecom", "MobiFone", "CMC Telecom"];

/** Who sells a site its line, and naming them. */
export function Provider({ site, onDone }: { site: Site; onDone: () => void }): JSX.Element {
  const [open, show] = useState(false);
  const [name, set] = useState(site.provider);
  const { busy, fault, run } = useDoing();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await run(() => api.put(`/api/v1/sites/${site.id}/provider`, { provider: name }))) {
      show(false);
      onDone();
    }
  };
  return (
    <div class="muted small">
      {site.provider}{" "}
      {can("sites.edit") && (
        <button class="button small" onClick={() => show(true)}>
          {w.name}
        </button>
      )}
      {open && (
        <Modal title={`${w.provider} · ${site.code}`} onClose={() => show(false)}>
          <form class="stack" onSubmit={(event) => void submit(event)}>
            <p>{site.name}</p>
            <Field label={w.provider} hint={w.hint}>
              <input
                maxLength={40}
                list="providers"
                value={name}
                onInput={(e) => set(e.currentTarget.value)}
              />
            </Field>
            <datalist id="providers">
              {COMMON.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
            {fault && <Alert tone="bad">{fault}</Alert>}
            <button class="button primary" disabled={busy}>
              {w.save}
            </button>
          </form>
        </Modal>
      )}
    </div>
  );
}
