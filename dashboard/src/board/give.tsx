import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, sentence } from "../shared/api";
import { causes } from "../shared/fairness";
import { worded } from "../shared/i18n";
import { Alert, Field } from "../shared/parts";
import type { Line } from "./model";
import { scopes, t } from "./words";

type Scope = "site" | "candidate" | "district" | "all";

const SCOPES: readonly Scope[] = ["site", "candidate", "district", "all"];

/** Time that the province gives by itself: to a candidate, a site, a district or everybody, after one more question. */
export function Give(props: {
  exam: string;
  lines: readonly Line[];
  onGiven: () => Promise<void>;
}): JSX.Element {
  const [scope, setScope] = useState<Scope>("site");
  const [target, setTarget] = useState("");
  const [minutes, setMinutes] = useState("5");
  const [cause, setCause] = useState("other");
  const [text, setText] = useState("");
  const [sure, setSure] = useState(false);
  const [fault, setFault] = useState("");
  const districts = [...new Set(props.lines.map((line) => line.district))].sort();
  const sites = [...props.lines].sort((a, b) => a.code.localeCompare(b.code, "vi"));
  const site = sites.find((line) => line.site === target);
  const named = scope === "all" ? worded(scopes, "all") : site ? `${site.code} ${site.name}` : target;
  const ready = (scope === "all" || target !== "") && Number(minutes) >= 1 && Number(minutes) <= 360;

  async function give(): Promise<void> {
    setSure(false);
    const wish = {
      scope,
      minutes: Number(minutes),
      cause,
      text,
      ...(scope !== "all" && { [scope]: target }),
    };
    try {
      await api.post(`/api/v1/exams/${encodeURIComponent(props.exam)}/credits`, wish);
      setFault("");
      setText("");
      await props.onGiven();
    } catch (caught) {
      setFault(sentence(caught));
    }
  }

  return (
    <details class="card">
      <summary>{t.giveTitle}</summary>
      <div class="give">
        <Field label={t.scope}>
          <select
            value={scope}
            onChange={(event) => {
              setScope(event.currentTarget.value as Scope);
              setTarget("");
            }}
          >
            {SCOPES.map((each) => (
              <option key={each} value={each}>
                {worded(scopes, each)}
              </option>
            ))}
          </select>
        </Field>
        {scope === "candidate" && (
          <Field label={t.candidate}>
            <input value={target} onInput={(event) => setTarget(event.currentTarget.value.trim())} />
          </Field>
        )}
        {(scope === "site" || scope === "district") && (
          <Field label={scope === "site" ? t.site : t.district}>
            <select value={target} onChange={(event) => setTarget(event.currentTarget.value)}>
              <option value="">–</option>
              {scope === "site"
                ? sites.map((line) => (
                    <option key={line.site} value={line.site}>
                      {line.code} {line.name}
                    </option>
                  ))
                : districts.map((name) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
            </select>
          </Field>
        )}
        <Field label={t.minutes}>
          <input
            inputMode="numeric"
            value={minutes}
            onInput={(event) => setMinutes(event.currentTarget.value)}
          />
        </Field>
        <Field label={t.why}>
          <select value={cause} onChange={(event) => setCause(event.currentTarget.value)}>
            {Object.keys(causes)
              .filter((each) => each !== "line")
              .map((each) => (
                <option key={each} value={each}>
                  {worded(causes, each)}
                </option>
              ))}
          </select>
        </Field>
        <Field label={t.text}>
          <input maxLength={500} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </Field>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {sure ? (
        <div class="row">
          <b class="grow">
            {t.sure(named)} +{t.minutesOf(Number(minutes))}
          </b>
          <button class="button danger" onClick={() => void give()}>
            {t.yes}
          </button>
        </div>
      ) : (
        <button class="button primary" disabled={!ready} onClick={() => setSure(true)}>
          {t.give}
        </button>
      )}
    </details>
  );
}
