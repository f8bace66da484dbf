import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../../shared/api";
import { Confirmed } from "../../shared/ask";
import { useAsked, useDoing } from "../../shared/asked";
import type { WallWork } from "../../shared/feed";
import { dayAndTime, fieldTime } from "../../shared/format";
import { worded } from "../../shared/i18n";
import { Alert, Chip, Field, Modal } from "../../shared/parts";
import { can } from "../../shared/signed";
import type { Site } from "../../shared/site";
import { scopes } from "../../wall/alarmwords";
import { districtsOf, providersOf } from "./model";
import { w } from "./words";
import { Period } from "../period";

const HOUR_MS = 3_600_000;

/** Work that was announced: its alarms are held back, and listed as such. */
export function Works(): JSX.Element {
  const works = useAsked<WallWork[]>("/api/v1/alarms/works", 5_000);
  const sites = useAsked<Site[]>("/api/v1/sites");
  const [planning, plan] = useState(false);
  const names = new Map(sites.value?.map((each) => [each.id, `${each.code} ${each.name}`]));
  return (
    <>
      <div class="row">
        <p class="muted grow">{w.planMeans}</p>
        {can("alarms.plan") && (
          <button class="button primary" onClick={() => plan(true)}>
            {w.plan}
          </button>
        )}
      </div>
      {works.fault && <Alert tone="bad">{works.fault}</Alert>}
      {works.value?.length === 0 && <p class="muted">{w.noWorks}</p>}
      {works.value?.map((work) => (
        <section key={work.id} class="card row">
          <div class="grow">
            <h2>
              {work.scope === "site"
                ? (names.get(work.name) ?? work.name)
                : work.name || worded(scopes, work.scope)}
            </h2>
            <p class="num">
              {dayAndTime(work.from_ms)} – {dayAndTime(work.until_ms)} · {work.by}
            </p>
            <p>“{work.why}”</p>
          </div>
          {work.from_ms <= Date.now() ? (
            <div>
              <Chip tone="warn">{w.on}</Chip>
              <p class="small">{w.held(work.held.length)}</p>
            </div>
          ) : (
            <Chip tone="minor">{w.toCome}</Chip>
          )}
          {can("alarms.plan") && (
            <Confirmed
              word={w.end}
              title={w.endSure}
              class="small"
              deed={() => api.post(`/api/v1/alarms/works/${work.id}/end`).then(works.again)}
            >
              {w.endMeans}
            </Confirmed>
          )}
        </section>
      ))}
      {planning && (
        <Planning
          sites={sites.value ?? []}
          onClose={() => plan(false)}
          onMade={() => {
            plan(false);
            works.again();
          }}
        />
      )}
    </>
  );
}

function Planning(props: { sites: readonly Site[]; onClose: () => void; onMade: () => void }): JSX.Element {
  const [scope, reach] = useState("district");
  const [name, choose] = useState("");
  const [from, setFrom] = useState(fieldTime(Date.now()));
  const [until, setUntil] = useState(fieldTime(Date.now() + 2 * HOUR_MS));
  const [why, say] = useState("");
  const { busy, fault, run } = useDoing();
  const places: Record<string, { value: string; word: string }[]> = {
    district: districtsOf(props.sites).map((each) => ({ value: each, word: each })),
    provider: providersOf(props.sites).map((each) => ({ value: each, word: each })),
    site: props.sites.map((each) => ({ value: each.id, word: `${each.code} ${each.name}` })),
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    const times = { from_ms: new Date(from).getTime(), until_ms: new Date(until).getTime() };
    void run(async () => {
      await api.post("/api/v1/alarms/works", { scope, name, why, ...times });
      props.onMade();
    });
  };
  return (
    <Modal title={w.plan} onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label={w.where}>
          <select
            value={scope}
            onChange={(e) => {
              reach(e.currentTarget.value);
              choose("");
            }}
          >
            {["district", "provider", "site", "centre"].map((each) => (
              <option key={each} value={each}>
                {worded(scopes, each)}
              </option>
            ))}
          </select>
        </Field>
        {places[scope] && (
          <Field label={worded(scopes, scope)}>
            <select required value={name} onChange={(e) => choose(e.currentTarget.value)}>
              <option value="" />
              {places[scope].map((each) => (
                <option key={each.value} value={each.value}>
                  {each.word}
                </option>
              ))}
            </select>
          </Field>
        )}
        <div class="columns">
          <Period begins={from} ends={until} onBegins={setFrom} onEnds={setUntil} />
        </div>
        <Field label={w.why} hint={w.whyHint}>
          <input
            required
            minLength={3}
            maxLength={400}
            value={why}
            onInput={(e) => say(e.currentTarget.value)}
          />
        </Field>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary" disabled={busy}>
          {w.plan}
        </button>
      </form>
    </Modal>
  );
}
