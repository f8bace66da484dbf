import type { JSX } from "preact";
import { useAsked } from "../shared/asked";
import { decimal } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert } from "../shared/parts";
import { levels } from "../wall/words";
import { Candidates } from "./candidates";
import { BandChart, Histogram, Intervals } from "./charts";
import { Figures, GroupTable } from "./groups";
import { FEW, type Group } from "./model";
import type { PlaceResults } from "./outcome";
import { o } from "./outcomewords";
import { ReachTable } from "./reach";
import { t } from "./words";

/** One district, commune or school beside the province. */
export function Place({ exam, place }: { exam: string; place: string }): JSX.Element {
  const path = `/api/v1/exams/${exam}`;
  const own = `${path}/places/${encodeURIComponent(place)}`;
  const { value: told, fault, again } = useAsked<PlaceResults>(own, 15000);
  if (!told) return fault ? <Alert tone="warn">{fault}</Alert> : <p>…</p>;
  const names = Object.fromEntries(told.bands);
  const { group, overall } = told;
  const link = ({ id }: Group): string => `/results/${exam}/places/${encodeURIComponent(id)}`;
  const inner = told.inside.length ? told.inside : told.sites;
  return (
    <div class="stack">
      <nav class="crumbs" aria-label={o.back}>
        <a href={`/results/${exam}`}>{told.title}</a>
        {told.above.map(([id, name]) => (
          <a key={id} href={`/results/${exam}/places/${id}`}>
            › {name}
          </a>
        ))}
      </nav>
      <div class="row">
        <h1 class="grow">{group.name}</h1>
        <a class="button primary" href={`${own}/summary.pdf`} target="_blank" rel="noreferrer">
          {o.printed}
        </a>
      </div>
      {told.provisional ? (
        <Alert tone="warn">{t.provisional(told.received, told.expected)}</Alert>
      ) : (
        <Alert tone="good">{told.state === "published" ? t.final : t.complete}</Alert>
      )}
      <section class="card stack">
        <Figures of={group} />
        {group.opened < FEW ? (
          <Alert tone="minor">{o.fewHint}</Alert>
        ) : (
          <Compared group={group} all={overall} />
        )}
      </section>
      {group.opened >= FEW && (
        <div class="charts">
          <section class="card stack">
            <h2>{t.bands}</h2>
            <BandChart of={group} names={names} />
          </section>
          <section class="card stack">
            <h2>{o.histogram}</h2>
            <Histogram of={group} whole={overall} />
          </section>
        </div>
      )}
      {inner.length > 1 && (
        <section class="card stack">
          <h2>{o.intervals}</h2>
          <Intervals groups={inner} whole={overall} />
        </section>
      )}
      {told.inside.length > 0 && (
        <GroupTable title={o.inside} groups={told.inside} href={link} names={names} />
      )}
      {told.levels.length > 1 && (
        <GroupTable
          title={t.levels}
          groups={told.levels}
          nameOf={({ key }) => worded(levels, key)}
          names={names}
        />
      )}
      <GroupTable title={o.codes} groups={told.codes} names={names} />
      {told.sites.length > 0 && (
        <GroupTable
          title={t.sites}
          groups={told.sites}
          nameOf={({ key, name }) => `${key} · ${name}`}
          href={link}
          names={names}
        />
      )}
      <section class="card stack">
        <h2>{o.reach}</h2>
        <ReachTable sites={told.reach} path={path} onDone={again} />
      </section>
      {told.candidates.length > 0 && (
        <Candidates of={told.candidates} siteName={(site) => site} names={names} />
      )}
    </div>
  );
}

function Compared({ group, all }: { group: Group; all: Group }): JSX.Element {
  return (
    <p>
      {o.compared} ({t.mean} {decimal(all.mean, 2)}): <b>{group.against ? o[group.against] : "–"}</b>{" "}
      <span class="muted">
        95 %: {decimal(group.low, 2)} – {decimal(group.high, 2)}
      </span>
    </p>
  );
}
