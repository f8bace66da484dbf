import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../../shared/api";
import { useAsked, useDoing } from "../../shared/asked";
import { worded } from "../../shared/i18n";
import { Alert, Field } from "../../shared/parts";
import { can } from "../../shared/signed";
import { troubles } from "../../wall/alarmwords";
import { Check } from "./channelform";
import type { Channel, Delay, Rules, Step } from "./model";
import { severities, w } from "./words";

interface Told {
  version: number;
  rules: Rules;
  standard: Record<string, Delay>;
}

const DAY_S = 86_400;
const DELAYED = ["away", "picture", "sound", "exam", "clock", "camera", "disk", "readiness"];

/** The rules by which alarms are raised and grow louder. */
export function RulesForm(): JSX.Element {
  const asked = useAsked<Told>("/api/v1/alarms/rules");
  const [saved, keep] = useState(0);
  if (asked.fault) return <Alert tone="bad">{asked.fault}</Alert>;
  if (!asked.value) return <p />;
  const { version } = asked.value;
  // Every version is a form of its own: that it was saved is known out here.
  return (
    <Editing
      key={version}
      told={asked.value}
      saved={saved === version}
      onSaved={(made) => {
        keep(made);
        asked.again();
      }}
    />
  );
}

function Editing(props: { told: Told; saved: boolean; onSaved: (version: number) => void }): JSX.Element {
  const { told } = props;
  const [rules, set] = useState<Rules>(told.rules);
  const [nonsense, refuse] = useState("");
  const { busy, fault, run } = useDoing();
  const allowed = can("alarms.rule");
  const channels = useAsked<Channel[]>(allowed ? "/api/v1/alarms/channels" : null);
  const change = (part: Partial<Rules>): void => set({ ...rules, ...part });
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const wrong = firstWrong(event.currentTarget as HTMLFormElement);
    refuse(wrong);
    if (wrong) return;
    const body = { version: told.version, rules };
    await run(async () => props.onSaved((await api.put<Told>("/api/v1/alarms/rules", body)).version));
  };
  return (
    <form class="stack" noValidate onSubmit={(event) => void submit(event)}>
      {!allowed && <Alert tone="minor">{w.adminOnly}</Alert>}
      <fieldset class="card stack plain" disabled={!allowed}>
        <h2>{w.common}</h2>
        <div class="columns">
          <NumberField
            word={w.share}
            least={1}
            most={100}
            value={rules.share * 100}
            onChange={(n) => change({ share: n / 100 })}
          />
          <NumberField
            word={w.keepShare}
            least={1}
            most={100}
            value={rules.keep_share * 100}
            onChange={(n) => change({ keep_share: n / 100 })}
          />
          <NumberField
            word={w.leastSites}
            least={2}
            most={100}
            whole
            value={rules.sites}
            onChange={(sites) => change({ sites })}
          />
          <NumberField word={w.settle} value={rules.settle_s} onChange={(settle_s) => change({ settle_s })} />
          <NumberField word={w.grace} value={rules.grace_s} onChange={(grace_s) => change({ grace_s })} />
        </div>
        <div class="columns">
          <NumberField
            word={w.flapWindow}
            least={60}
            most={7200}
            value={rules.flapping.window_s}
            onChange={(window_s) => change({ flapping: { ...rules.flapping, window_s } })}
          />
          <NumberField
            word={w.flapEnter}
            least={3}
            most={50}
            whole
            value={rules.flapping.enter}
            onChange={(enter) => change({ flapping: { ...rules.flapping, enter } })}
          />
          <NumberField
            word={w.flapLeave}
            most={49}
            whole
            value={rules.flapping.leave}
            onChange={(leave) => change({ flapping: { ...rules.flapping, leave } })}
          />
        </div>
      </fieldset>
      <fieldset class="card stack plain" disabled={!allowed}>
        <h2>{w.delays}</h2>
        <Delays rules={rules} standard={told.standard} onChange={(delays) => change({ delays })} />
      </fieldset>
      <fieldset class="card stack plain" disabled={!allowed}>
        <h2>{w.steps}</h2>
        <Steps steps={rules.steps} channels={channels.value ?? []} onChange={(steps) => change({ steps })} />
      </fieldset>
      {(nonsense || fault) && <Alert tone="bad">{nonsense || fault}</Alert>}
      {props.saved && rules === told.rules && <Alert tone="good">{w.saved}</Alert>}
      {allowed && (
        <button class="button primary" disabled={busy}>
          {w.save}
        </button>
      )}
    </form>
  );
}

/** A sentence about the first number that cannot be, which also gets the cursor; empty when all can. */
function firstWrong(form: HTMLFormElement): string {
  const field = form.querySelector<HTMLInputElement>("input:invalid");
  if (!field) return "";
  field.focus();
  const called = field.ariaLabel ?? field.labels?.[0]?.querySelector("span")?.textContent ?? "";
  return field.step === "any"
    ? w.outside(called, field.min, field.max)
    : w.outsideWhole(called, field.min, field.max);
}

/** A number from `least` (0) to `most` (a day in seconds), as the centre takes it. */
function NumberField(props: {
  word: string;
  least?: number;
  most?: number;
  whole?: boolean;
  value: number;
  onChange: (value: number) => void;
}): JSX.Element {
  return (
    <Field label={props.word}>
      <input
        type="number"
        min={props.least ?? 0}
        max={props.most ?? DAY_S}
        step={props.whole ? 1 : "any"}
        value={Math.round(props.value * 100) / 100}
        onInput={(e) => props.onChange(e.currentTarget.valueAsNumber || 0)}
      />
    </Field>
  );
}

function Delays(props: {
  rules: Rules;
  standard: Record<string, Delay>;
  onChange: (delays: Record<string, Delay>) => void;
}): JSX.Element {
  const { rules, standard, onChange } = props;
  return (
    <div class="scroll-x" tabIndex={0}>
      <table class="tight">
        <thead>
          <tr>
            <th />
            <th>{w.together}</th>
            <th>{w.alone}</th>
          </tr>
        </thead>
        <tbody>
          {DELAYED.map((trouble) => {
            const delay = rules.delays[trouble] ?? standard[trouble] ?? { together_s: 10, alone_s: 30 };
            const put = (part: Partial<Delay>): void =>
              onChange({ ...rules.delays, [trouble]: { ...delay, ...part } });
            const name = worded(troubles, trouble);
            return (
              <tr key={trouble}>
                <td>{name}</td>
                {(["together_s", "alone_s"] as const).map((field) => (
                  <td key={field}>
                    <input
                      class="tiny"
                      type="number"
                      min={0}
                      max={DAY_S}
                      step="any"
                      aria-label={`${name}: ${field === "alone_s" ? w.alone : w.together}`}
                      value={delay[field]}
                      onInput={(e) => put({ [field]: e.currentTarget.valueAsNumber || 0 })}
                    />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Steps(props: {
  steps: readonly Step[];
  channels: readonly Channel[];
  onChange: (steps: Step[]) => void;
}): JSX.Element {
  const { steps, channels, onChange } = props;
  const put = (at: number, part: Partial<Step>): void =>
    onChange(steps.map((step, place) => (place === at ? { ...step, ...part } : step)));
  return (
    <>
      {steps.map((step, at) => (
        <div key={at} class="columns">
          <NumberField
            word={w.after}
            least={1}
            most={1440}
            value={step.after_min}
            onChange={(after_min) => put(at, { after_min })}
          />
          <Field label={w.severityFrom}>
            <select
              value={step.severity}
              onChange={(e) => put(at, { severity: parseInt(e.currentTarget.value, 10) })}
            >
              {[1, 2, 3].map((each) => (
                <option key={each} value={each}>
                  {worded(severities, String(each))}
                </option>
              ))}
            </select>
          </Field>
          <div class="stack">
            <Check word={w.loud} on={step.loud} onChange={(loud) => put(at, { loud })} />
            {channels.map(({ id, wish }) => (
              <Check
                key={id}
                word={`${w.also} ${wish.name}`}
                on={step.channels.includes(id)}
                onChange={(on) =>
                  put(at, {
                    channels: on ? [...step.channels, id] : step.channels.filter((each) => each !== id),
                  })
                }
              />
            ))}
          </div>
          <button
            type="button"
            class="button small"
            onClick={() => onChange(steps.filter((_, place) => place !== at))}
          >
            {w.remove}
          </button>
        </div>
      ))}
      {steps.length < 6 && (
        <button
          type="button"
          class="button small"
          onClick={() => onChange([...steps, { after_min: 15, severity: 2, loud: true, channels: [] }])}
        >
          {w.addStep}
        </button>
      )}
    </>
  );
}
