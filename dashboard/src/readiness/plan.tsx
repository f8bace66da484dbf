import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { fieldTime } from "../shared/format";
import { Alert, Field, Modal } from "../shared/parts";
import type { Site } from "../shared/site";
import type { Rehearsal } from "./rehearsing";
import { tr } from "./rehearsalwords";

const LEAD_MS = 15 * 60_000;

interface Course {
  id: string;
  title: string;
}

/** A rehearsal of all sites, of a course, or of some districts. */
export function Plan(props: { onClose: () => void; onDone: (id: string) => void }): JSX.Element {
  const courses = useAsked<Course[]>("/api/v1/courses");
  const sites = useAsked<Site[]>("/api/v1/sites");
  const [title, setTitle] = useState(tr.title);
  const [at, setAt] = useState(fieldTime(Date.now() + LEAD_MS));
  const [course, setCourse] = useState("");
  const [picked, pick] = useState<ReadonlySet<string>>(new Set());
  const { busy, fault, run } = useDoing();
  const names = [...new Set(sites.value?.map(districtOf))].sort((a, b) => a.localeCompare(b, "vi"));
  const chosen = sites.value?.filter((site) => picked.has(districtOf(site))) ?? [];
  const toggle = (name: string): void => {
    const next = new Set(picked);
    if (!next.delete(name)) next.add(name);
    pick(next);
  };
  const go = (): void => {
    const wish = {
      title,
      t0_ms: new Date(at).getTime(),
      course,
      sites: picked.size ? chosen.map((site) => site.id) : null,
    };
    void run(async () => props.onDone((await api.post<Rehearsal>("/api/v1/readiness/rehearsals", wish)).id));
  };
  return (
    <Modal title={tr.plan} onClose={props.onClose}>
      <p class="muted">{tr.planWhat}</p>
      <Field label={tr.name}>
        <input value={title} maxLength={200} onInput={(event) => setTitle(event.currentTarget.value)} />
      </Field>
      <Field label={tr.t0}>
        <input type="datetime-local" value={at} onInput={(event) => setAt(event.currentTarget.value)} />
      </Field>
      <Field label={tr.who}>
        <select
          value={course}
          disabled={picked.size > 0}
          onChange={(event) => setCourse(event.currentTarget.value)}
        >
          <option value="">{tr.all}</option>
          {courses.value?.map((each) => (
            <option key={each.id} value={each.id}>
              {each.title}
            </option>
          ))}
        </select>
      </Field>
      {names.length > 1 && !course && (
        <fieldset class="ready-pick">
          <legend>{tr.onlyDistricts}</legend>
          {names.map((name) => (
            <label key={name}>
              <input type="checkbox" checked={picked.has(name)} onChange={() => toggle(name)} /> {name}
            </label>
          ))}
        </fieldset>
      )}
      {picked.size > 0 && <p class="num">{tr.sitesOf(chosen.length)}</p>}
      {fault && <Alert tone="bad">{fault}</Alert>}
      <button class="button primary" disabled={busy || !title.trim() || !at} onClick={go}>
        {tr.doPlan}
      </button>
    </Modal>
  );
}

function districtOf(site: Site): string {
  return site.path[1] ?? site.path[0] ?? "";
}
