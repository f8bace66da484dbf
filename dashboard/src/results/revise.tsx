import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { dayAndTime } from "../shared/format";
import { Alert, Field } from "../shared/parts";
import { can } from "../shared/signed";
import { floorText, hundredths, type Marking, type Scheme } from "./outcome";
import { o } from "./outcomewords";
import { Proposals } from "./proposals";

/** Everything that turns answers into marks and words: bands, the key and its versions, what was published. */
export function Revise({ exam }: { exam: string }): JSX.Element {
  const path = `/api/v1/exams/${exam}`;
  const { value: marking, fault, again } = useAsked<Marking>(`${path}/marking`);
  if (!marking) return fault ? <Alert tone="warn">{fault}</Alert> : <p>…</p>;
  const names = Object.fromEntries(marking.scheme.bands.map(({ key, name }) => [key, name]));
  return (
    <div class="stack">
      <Bands key={marking.scheme_version} of={marking} path={path} onDone={again} />
      {can("results.items") && <Proposals of={marking} path={path} names={names} onDone={again} />}
      <History of={marking} />
    </div>
  );
}

interface Typed {
  key: string;
  name: string;
  floor: string;
}

function Bands(props: { of: Marking; path: string; onDone: () => void }): JSX.Element {
  const { scheme, begins, maximum, editable } = props.of;
  const open = editable && can("exams.plan");
  const [rows, type] = useState<Typed[]>(
    scheme.bands.map(({ key, name, floor }) => ({ key, name, floor: floorText(floor) })),
  );
  const [passing, pass] = useState(floorText(scheme.passing));
  const [saved, tell] = useState("");
  const { busy, fault, run } = useDoing();
  const change = (at: number, part: Partial<Typed>): void =>
    type(rows.map((row, place) => (place === at ? { ...row, ...part } : row)));
  const save = async (): Promise<void> => {
    tell("");
    const floors = [...rows.map(({ floor }) => hundredths(floor)), hundredths(passing)];
    if (floors.includes(null)) return tell(o.noMark);
    const bands = rows.map(({ key, name }, at) => ({ key, name, floor: floors[at] ?? 0 }));
    const wish: Scheme = { ...scheme, bands, passing: floors.at(-1) ?? scheme.passing };
    if (await run(() => api.put(`${props.path}/bands`, wish))) {
      tell(o.saved);
      props.onDone();
    }
  };
  return (
    <section class="card stack">
      <h2>{o.bands}</h2>
      <p class="muted">{o.bandsHint}</p>
      {rows.map((row, at) => (
        <div key={row.key} class="band-row">
          <input
            aria-label={`${o.bandName} ${at + 1}`}
            value={row.name}
            maxLength={40}
            disabled={!open}
            onInput={(event) => change(at, { name: event.currentTarget.value })}
          />
          <input
            aria-label={`${o.floor} ${at + 1}`}
            class="num"
            inputMode="decimal"
            value={row.floor}
            disabled={!open}
            onInput={(event) => change(at, { floor: event.currentTarget.value })}
          />
          <span class="muted num">
            {begins[row.key] !== undefined && o.fromCount(begins[row.key] ?? 0, maximum)}
          </span>
          {open && rows.length > 2 && (
            <button class="button small" onClick={() => type(rows.filter((_, place) => place !== at))}>
              {o.dropBand}
            </button>
          )}
        </div>
      ))}
      <Field label={o.passing}>
        <input
          inputMode="decimal"
          value={passing}
          disabled={!open}
          onInput={(event) => pass(event.currentTarget.value)}
        />
      </Field>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {saved && <Alert tone={saved === o.saved ? "good" : "warn"}>{saved}</Alert>}
      {open ? (
        <div class="row">
          <button class="button primary" disabled={busy} onClick={save}>
            {o.save}
          </button>
          <button
            class="button"
            disabled={rows.length >= 10}
            onClick={() => type([{ key: freshKey(rows), name: "", floor: "10" }, ...rows])}
          >
            {o.addBand}
          </button>
        </div>
      ) : (
        !editable && <p class="muted">{o.fixed}</p>
      )}
    </section>
  );
}

function freshKey(rows: readonly Typed[]): string {
  let at = rows.length + 1;
  while (rows.some(({ key }) => key === `muc_${at}`)) at++;
  return `muc_${at}`;
}

function History({ of }: { of: Marking }): JSX.Element {
  return (
    <section class="card stack">
      <h2>{o.versions}</h2>
      <ul>
        {of.versions.map(({ version, at_ms, void: dropped }) => (
          <li key={version} class="num">
            {o.version(version)} · {dayAndTime(at_ms)}{" "}
            {dropped.length > 0 && `· ${o.voidCount(dropped.length)}`}
          </li>
        ))}
      </ul>
      <h2>{o.publications}</h2>
      {of.publications.length === 0 && <p class="muted">{o.noPublication}</p>}
      <ul>
        {of.publications.map((one) => (
          <li key={one.version} class="num">
            {o.version(one.version)} · {dayAndTime(one.at_ms)} · {one.who} · {one.received}/{one.expected} ·{" "}
            {o.digest} <code>{one.digest.slice(0, 16)}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}
