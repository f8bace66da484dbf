import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { decimal } from "../shared/format";
import { Alert } from "../shared/parts";
import { can } from "../shared/signed";
import type { Site } from "../shared/site";
import { w } from "./coursewords";

interface Marker {
  person: string;
  name: string;
  username: string;
  chosen: boolean;
  site: string | null;
}

interface Progress {
  outcomes: { number: string; mark: number | null; slots: { slot: number }[] }[];
  agreement: {
    pairs: number;
    mean_absolute: number | null;
    kappa: number | null;
    icc_single: number | null;
    third_share: number | null;
  };
  loads: Record<string, [number, number]>;
}

interface Given {
  readings: number;
  short: number;
  waiting: number;
}

/** Who marks, giving essays out, how far it is and how well markers agree. */
export function Markers({ essay }: { essay: string }): JSX.Element {
  const path = `/api/v1/essays/${essay}`;
  const progress = useAsked<Progress>(`${path}/marking`, 15_000);
  const told = progress.value;
  const finals = told?.outcomes.filter(({ mark }) => mark !== null).length ?? 0;
  return (
    <section class="card stack noprint">
      <h2>{w.marking}</h2>
      {can("essays.plan") && <Choosing path={path} loads={told?.loads ?? {}} onGiven={progress.again} />}
      {told && told.outcomes.length > 0 && (
        <div class="row num">
          <b>{w.finals(finals, told.outcomes.length)}</b>
          <span>
            {w.mad} {decimal(told.agreement.mean_absolute, 2)}
          </span>
          <span>
            {w.kappa} {decimal(told.agreement.kappa, 3)}
          </span>
          <span>
            {w.icc} {decimal(told.agreement.icc_single, 3)}
          </span>
          <span>
            {w.thirds}{" "}
            {told.agreement.third_share === null ? "–" : decimal(100 * told.agreement.third_share, 1)} %
          </span>
        </div>
      )}
    </section>
  );
}

function Choosing(props: {
  path: string;
  loads: Record<string, [number, number]>;
  onGiven: () => void;
}): JSX.Element {
  const asked = useAsked<Marker[]>(`${props.path}/markers`);
  const sites = useAsked<Site[]>("/api/v1/sites");
  const [changed, change] = useState<Record<string, Marker>>({});
  const [given, tell] = useState<Given | null>(null);
  const { busy, fault, run } = useDoing();
  const people = (asked.value ?? []).map((each) => changed[each.person] ?? each);
  const set = (marker: Marker): void => change({ ...changed, [marker.person]: marker });
  const save = (): Promise<boolean> =>
    run(async () => {
      const named = people.filter(({ chosen }) => chosen).map(({ person, site }) => ({ person, site }));
      await api.put(`${props.path}/markers`, named);
      change({});
      asked.again();
    });
  const giveOut = (): Promise<boolean> =>
    run(async () => {
      tell(await api.post<Given>(`${props.path}/readings`, {}));
      props.onGiven();
    });
  return (
    <>
      <table>
        <tbody>
          {people.map((marker) => (
            <tr key={marker.person}>
              <td>
                <label class="row">
                  <input
                    type="checkbox"
                    checked={marker.chosen}
                    onChange={(e) => set({ ...marker, chosen: e.currentTarget.checked })}
                  />
                  {marker.name}
                </label>
              </td>
              <td>
                <select
                  class="short"
                  aria-label={`${w.ownSite}: ${marker.name}`}
                  value={marker.site ?? ""}
                  onChange={(e) => set({ ...marker, site: e.currentTarget.value || null })}
                >
                  <option value="">{w.noSite}</option>
                  {sites.value?.map((site) => (
                    <option key={site.id} value={site.id}>
                      {site.code} · {site.name}
                    </option>
                  ))}
                </select>
              </td>
              <td class="num">
                {props.loads[marker.person] &&
                  `${w.done} ${props.loads[marker.person]?.[1]}/${props.loads[marker.person]?.[0]}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {given && <Alert tone="good">{w.given(given.readings, given.short, given.waiting)}</Alert>}
      <div class="row">
        <button class="button" disabled={busy} onClick={() => void save()}>
          {w.saveMarkers}
        </button>
        <button class="button primary" disabled={busy} onClick={() => void giveOut()}>
          {w.giveOut}
        </button>
      </div>
    </>
  );
}
