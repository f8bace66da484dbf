import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { checks } from "../shared/checks";
import { worded } from "../shared/i18n";
import { Alert, Field, Modal } from "../shared/parts";
import { can } from "../shared/signed";
import { soon } from "./live";
import { needs, t } from "./words";

type Need = "must" | "should" | "no";
const NEEDS: readonly Need[] = ["must", "should", "no"];

interface Rule {
  scope: string;
  own: boolean;
  needs: Record<string, Need>;
  fresh_s: number;
}

/** What the day needs, for whoever may say so. */
export function RuleButton(props: { scope: string }): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button class="button small" onClick={() => setOpen(true)}>
        {t.rule}
      </button>
      {open && <RuleForm scope={props.scope} onClose={() => setOpen(false)} />}
    </>
  );
}

function RuleForm(props: { scope: string; onClose: () => void }): JSX.Element {
  const path = `/api/v1/readiness/rule${props.scope ? `?course=${encodeURIComponent(props.scope)}` : ""}`;
  const told = useAsked<Rule>(path);
  const [rule, setRule] = useState<Rule | null>(null);
  const { busy, fault, run } = useDoing();
  useEffect(() => setRule(told.value), [told.value]);
  const may = can("readiness.rule");
  const done = (ok: boolean): void => {
    if (!ok) return;
    soon();
    props.onClose();
  };
  const save = async (): Promise<void> => {
    if (!rule) return;
    done(await run(() => api.put(path, { needs: rule.needs, fresh_s: rule.fresh_s })));
  };
  return (
    <Modal title={t.rule} onClose={props.onClose}>
      <p class="muted">{t.ruleHint}</p>
      {told.fault && <Alert tone="bad">{told.fault}</Alert>}
      {rule && (
        <>
          {props.scope && !rule.own && <p>{t.inherited}</p>}
          <Field label={t.fresh}>
            <input
              type="number"
              min={1}
              max={720}
              disabled={!may}
              value={Math.round(rule.fresh_s / 3600)}
              onInput={(event) =>
                setRule({ ...rule, fresh_s: Math.max(1, Number(event.currentTarget.value)) * 3600 })
              }
            />
          </Field>
          <div class="ready-needs">
            {Object.entries(rule.needs).map(([name, need]) => (
              <label key={name}>
                <span>{worded(checks, name)}</span>
                <select
                  disabled={!may}
                  value={need}
                  onChange={(event) =>
                    setRule({
                      ...rule,
                      needs: { ...rule.needs, [name]: event.currentTarget.value as Need },
                    })
                  }
                >
                  {NEEDS.map((each) => (
                    <option key={each} value={each}>
                      {worded(needs, each)}
                    </option>
                  ))}
                </select>
              </label>
            ))}
          </div>
          {fault && <Alert tone="bad">{fault}</Alert>}
          {may && (
            <div class="row">
              <button class="button primary" disabled={busy} onClick={save}>
                {t.save}
              </button>
              {rule.own && props.scope && (
                <button
                  class="button"
                  disabled={busy}
                  onClick={async () => done(await run(() => api.delete(path)))}
                >
                  {t.drop}
                </button>
              )}
            </div>
          )}
        </>
      )}
    </Modal>
  );
}
