import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../../shared/api";
import { useAsked, useDoing } from "../../shared/asked";
import { worded } from "../../shared/i18n";
import { Alert, Field, Modal } from "../../shared/parts";
import type { Site } from "../../shared/site";
import { t } from "../words";
import { type Channel, clockField, districtsOf, type Kind, listed, minutesOf, type Wish } from "./model";
import { severities, w } from "./words";

const KINDS: readonly Kind[] = ["telegram", "email", "webhook", "other"];
const FRESH: Wish = {
  name: "",
  kind: "telegram",
  enabled: true,
  severity: 2,
  districts: [],
  quiet: null,
  every_s: 20,
  tell_cleared: true,
  to: [],
  server: "",
  sender: "",
  user: "",
  security: "starttls",
};

export function ChannelForm(props: {
  known: Channel | null;
  onClose: () => void;
  onSaved: () => void;
}): JSX.Element {
  const { known } = props;
  const [wish, set] = useState<Wish>(known?.wish ?? FRESH);
  const [to, reach] = useState(wish.to.join(", "));
  const [secret, keep] = useState("");
  const sites = useAsked<Site[]>("/api/v1/sites");
  const { busy, fault, run } = useDoing();
  const change = (part: Partial<Wish>): void => set({ ...wish, ...part });
  const secretWord = {
    telegram: w.token,
    email: w.password,
    webhook: w.address,
    other: w.otherAddress,
  }[wish.kind];
  const submit = (event: Event): void => {
    event.preventDefault();
    const body = { wish: { ...wish, to: listed(to) }, secret: known && !secret ? null : secret };
    void run(async () => {
      if (known) await api.put(`/api/v1/alarms/channels/${known.id}`, body);
      else await api.post("/api/v1/alarms/channels", body);
      props.onSaved();
    });
  };
  return (
    <Modal title={known ? known.wish.name : w.addChannel} wide onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        <div class="columns">
          <Field label={t.name}>
            <input
              required
              maxLength={80}
              value={wish.name}
              onInput={(e) => change({ name: e.currentTarget.value })}
            />
          </Field>
          <Field label={w.kind}>
            <select
              value={wish.kind}
              onChange={(e) => change({ kind: e.currentTarget.value as Kind, server: "" })}
            >
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {w[kind]}
                </option>
              ))}
            </select>
          </Field>
        </div>
        <div class="columns">
          <Field label={secretWord}>
            <input
              type="password"
              autoComplete="off"
              required={!known && wish.kind !== "email"}
              value={secret}
              onInput={(e) => keep(e.currentTarget.value)}
            />
          </Field>
          {(wish.kind === "telegram" || wish.kind === "email") && (
            <Field label={wish.kind === "email" ? w.recipients : w.chats}>
              <input required value={to} onInput={(e) => reach(e.currentTarget.value)} />
            </Field>
          )}
          {(wish.kind === "telegram" || wish.kind === "email") && (
            <Field label={wish.kind === "email" ? w.mailServer : w.telegramServer}>
              <input
                required={wish.kind === "email"}
                value={wish.server}
                onInput={(e) => change({ server: e.currentTarget.value.trim() })}
              />
            </Field>
          )}
        </div>
        <p class="muted small">
          {w.secretHint} {known && w.keepSecret}
        </p>
        {wish.kind === "email" && <MailFields wish={wish} onChange={change} />}
        <div class="columns">
          <Field label={w.severityFrom}>
            <select
              value={wish.severity}
              onChange={(e) => change({ severity: Number(e.currentTarget.value) })}
            >
              {[1, 2, 3].map((each) => (
                <option key={each} value={each}>
                  {worded(severities, String(each))}
                </option>
              ))}
            </select>
          </Field>
          <Field label={w.every}>
            <input
              type="number"
              min={1}
              max={3600}
              value={wish.every_s}
              onInput={(e) => change({ every_s: e.currentTarget.valueAsNumber || 20 })}
            />
          </Field>
        </div>
        <Field label={w.onlyDistricts}>
          <select
            multiple
            size={4}
            onChange={(e) =>
              change({ districts: Array.from(e.currentTarget.selectedOptions, ({ value }) => value) })
            }
          >
            {districtsOf(sites.value ?? []).map((name) => (
              <option key={name} selected={wish.districts.includes(name)}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <div class="row">
          <Check word={w.enabled} on={wish.enabled} onChange={(enabled) => change({ enabled })} />
          <Check
            word={w.tellCleared}
            on={wish.tell_cleared}
            onChange={(tell_cleared) => change({ tell_cleared })}
          />
          <Check
            word={w.quiet}
            on={wish.quiet !== null}
            onChange={(on) =>
              change({ quiet: on ? { from_min: 1320, until_min: 360, grave_passes: true } : null })
            }
          />
        </div>
        {wish.quiet && <QuietFields quiet={wish.quiet} onChange={(quiet) => change({ quiet })} />}
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary" disabled={busy}>
          {w.save}
        </button>
      </form>
    </Modal>
  );
}

function MailFields(props: { wish: Wish; onChange: (part: Partial<Wish>) => void }): JSX.Element {
  const { wish, onChange } = props;
  return (
    <div class="columns">
      <Field label={w.sender}>
        <input
          type="email"
          required
          value={wish.sender}
          onInput={(e) => onChange({ sender: e.currentTarget.value.trim() })}
        />
      </Field>
      <Field label={w.user}>
        <input value={wish.user} onInput={(e) => onChange({ user: e.currentTarget.value.trim() })} />
      </Field>
      <Field label={w.security}>
        <select
          value={wish.security}
          onChange={(e) => onChange({ security: e.currentTarget.value as Wish["security"] })}
        >
          <option value="starttls">STARTTLS</option>
          <option value="tls">TLS</option>
          <option value="plain">{w.plain}</option>
        </select>
      </Field>
    </div>
  );
}

function QuietFields(props: {
  quiet: NonNullable<Wish["quiet"]>;
  onChange: (quiet: NonNullable<Wish["quiet"]>) => void;
}): JSX.Element {
  const { quiet, onChange } = props;
  return (
    <div class="columns">
      <Field label={w.quietFrom}>
        <input
          type="time"
          value={clockField(quiet.from_min)}
          onInput={(e) => onChange({ ...quiet, from_min: minutesOf(e.currentTarget.value) })}
        />
      </Field>
      <Field label={w.quietUntil}>
        <input
          type="time"
          value={clockField(quiet.until_min)}
          onInput={(e) => onChange({ ...quiet, until_min: minutesOf(e.currentTarget.value) })}
        />
      </Field>
      <Check
        word={w.gravePasses}
        on={quiet.grave_passes}
        onChange={(grave_passes) => onChange({ ...quiet, grave_passes })}
      />
    </div>
  );
}

export function Check(props: { word: string; on: boolean; onChange: (on: boolean) => void }): JSX.Element {
  return (
    <label class="row">
      <input type="checkbox" checked={props.on} onChange={(e) => props.onChange(e.currentTarget.checked)} />
      {props.word}
    </label>
  );
}
