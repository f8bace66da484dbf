import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAsked } from "../shared/asked";
import { dayAndTime } from "../shared/format";
import { Alert } from "../shared/parts";
import type { Site } from "../shared/site";
import { w } from "./coursewords";
import { t } from "./words";

interface Slips {
  title: string;
  deadline_ms: number;
  slips: { number: string; name: string; site: string; code: string }[];
}

/** Slips with essay codes to cut out, each site's on sheets of its own. */
export function EssaySlips({ essay, onBack }: { essay: string; onBack: () => void }): JSX.Element {
  const asked = useAsked<Slips>(`/api/v1/essays/${essay}/codes`);
  const known = useAsked<Site[]>("/api/v1/sites");
  const [site, choose] = useState("");
  const nameOf = (id: string): string => {
    const found = known.value?.find((each) => each.id === id);
    return found ? `${found.code} · ${found.name}` : id;
  };
  const sites = new Map<string, Slips["slips"]>();
  for (const slip of asked.value?.slips ?? []) sites.set(slip.site, [...(sites.get(slip.site) ?? []), slip]);
  return (
    <div class="stack">
      <div class="row noprint">
        <button class="button small" onClick={onBack}>
          {t.back}
        </button>
        <select
          class="short"
          aria-label={t.site}
          value={site}
          onChange={(e) => choose(e.currentTarget.value)}
        >
          <option value="">{t.all}</option>
          {[...sites.keys()].map((each) => (
            <option key={each} value={each}>
              {nameOf(each)}
            </option>
          ))}
        </select>
        <button class="button primary" onClick={() => print()}>
          {w.print}
        </button>
      </div>
      <div class="noprint">
        <Alert tone="warn">{w.secret}</Alert>
      </div>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {[...sites]
        .filter(([each]) => !site || each === site)
        .map(([each, slips]) => (
          <section key={each} class="slips">
            <h2>{nameOf(each)}</h2>
            <div class="slip-sheet">
              {slips.map((slip) => (
                <article key={slip.number} class="slip">
                  <b>{slip.name}</b>
                  <small>
                    {asked.value?.title} · {w.deadline} {dayAndTime(asked.value?.deadline_ms ?? 0)}
                  </small>
                  <dl>
                    <dt>{t.code}</dt>
                    <dd>{slip.number}</dd>
                    <dt>{w.essayCode}</dt>
                    <dd>{slip.code}</dd>
                  </dl>
                  <small>
                    {w.address} {location.origin}/essay
                  </small>
                </article>
              ))}
            </div>
          </section>
        ))}
    </div>
  );
}
