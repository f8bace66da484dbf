import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked } from "../shared/asked";
import { dayAndTime, whole } from "../shared/format";
import { Alert, Bar } from "../shared/parts";
import { Phone } from "../shared/phone";
import { can } from "../shared/signed";
import type { Course } from "./courses";
import { w } from "./coursewords";
import { EssayPlanning, type Planned } from "./essayplan";
import { EssaySlips } from "./essayslips";
import { Markers } from "./markers";
import { t } from "./words";

interface Count {
  key: string;
  name: string;
  district: string;
  contact: string;
  phone: string;
  people: number;
  in_time: number;
  late: number;
  checking: number;
  refused: number;
  nothing: number;
}

interface Standing {
  whole: Count;
  districts: Count[];
  sites: Count[];
}

interface Person {
  number: string;
  name: string;
  handed: string;
}

/** The essay of a course: what is asked, who handed in, who marks. */
export function EssayOf({ course }: { course: Course }): JSX.Element {
  const asked = useAsked<Planned | null>(`/api/v1/courses/${course.id}/essay`);
  const [doing, go] = useState<"plan" | "codes" | null>(null);
  const planned = asked.value;
  if (doing === "codes" && planned) {
    return <EssaySlips essay={planned.essay.id} onBack={() => go(null)} />;
  }
  return (
    <>
      <section class="card stack noprint">
        <div class="row">
          <h2 class="grow">{w.essay}</h2>
          {planned && can("essays.plan") && (
            <button class="button" onClick={() => go("codes")}>
              {w.codes}
            </button>
          )}
          {can("essays.plan") && (
            <button class={`button ${planned ? "" : "primary"}`} onClick={() => go("plan")}>
              {planned ? w.changeEssay : w.planEssay}
            </button>
          )}
        </div>
        {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
        {planned ? (
          <>
            <p class="muted num">
              {w.deadline} <b>{dayAndTime(planned.essay.deadline_ms)}</b> · {w.cap}{" "}
              {dayAndTime(planned.essay.cap_ms)}
            </p>
            <details>
              <summary>{w.question}</summary>
              <p class="essay-text">{planned.essay.question}</p>
            </details>
          </>
        ) : (
          <p class="muted">{w.noEssay}</p>
        )}
      </section>
      {planned && <WhoHas essay={planned.essay.id} />}
      {planned && <Markers essay={planned.essay.id} />}
      {doing === "plan" && (
        <EssayPlanning
          course={course}
          known={planned}
          onClose={() => go(null)}
          onMade={() => {
            go(null);
            asked.again();
          }}
        />
      )}
    </>
  );
}

const arrived = (count: Count): number => count.in_time + count.late + count.checking;

function WhoHas({ essay }: { essay: string }): JSX.Element {
  const path = `/api/v1/essays/${essay}`;
  const asked = useAsked<Standing>(`${path}/standing`, 15_000);
  const [district, choose] = useState("");
  const [lacking, only] = useState(false);
  const [open, show] = useState("");
  const told = asked.value;
  const sites = (told?.sites ?? []).filter(
    (site) => (!district || site.district === district) && (!lacking || site.nothing + site.refused > 0),
  );
  return (
    <section class="card stack noprint">
      <div class="row">
        <h2 class="grow">{w.whoHas}</h2>
        <a class="button" href={`${path}/people.xlsx`} download>
          XLSX
        </a>
        <a class="button" href={`${path}/people.csv?lacking=1`} download>
          CSV · {w.lackingPeople}
        </a>
      </div>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {told && (
        <>
          <Bar
            share={arrived(told.whole) / told.whole.people}
            label={`${arrived(told.whole)} / ${told.whole.people}`}
          />
          <div class="row num">
            <b class="tone-good">
              {w.inTime} {whole(told.whole.in_time)}
            </b>
            <b class="tone-warn">
              {w.late} {whole(told.whole.late)}
            </b>
            <span>
              {w.checking} {whole(told.whole.checking)}
            </span>
            <b class="tone-bad">
              {w.refused} {whole(told.whole.refused)}
            </b>
            <b class="tone-bad">
              {w.nothing} {whole(told.whole.nothing)}
            </b>
          </div>
          <div class="row">
            <select
              class="short"
              aria-label={w.district}
              value={district}
              onChange={(e) => choose(e.currentTarget.value)}
            >
              <option value="">{t.all}</option>
              {told.districts.map((each) => (
                <option key={each.key} value={each.key}>
                  {each.name}: {arrived(each)}/{each.people}
                </option>
              ))}
            </select>
            <label class="row">
              <input type="checkbox" checked={lacking} onChange={(e) => only(e.currentTarget.checked)} />
              {w.onlyLacking}
            </label>
          </div>
          <div class="scroll-x tall" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th>{t.site}</th>
                  <th class="num">{w.inTime}</th>
                  <th class="num">{w.late}</th>
                  <th class="num">{w.nothing}</th>
                  <th>{w.remind}</th>
                  <th />
                </tr>
              </thead>
              <tbody>
                {sites.map((site) => (
                  <tr key={site.key}>
                    <td>
                      <button class="button small" onClick={() => show(open === site.key ? "" : site.key)}>
                        {site.name}
                      </button>
                      {open === site.key && <Lacking path={path} site={site.key} />}
                    </td>
                    <td class="num">
                      {site.in_time}/{site.people}
                    </td>
                    <td class="num">{site.late || ""}</td>
                    <td class="num">
                      <b class={site.nothing + site.refused > 0 ? "tone-bad" : ""}>
                        {site.nothing + site.refused || ""}
                      </b>
                    </td>
                    <td>
                      {site.contact}
                      <div class="num nowrap">
                        <Phone site={site.key} phone={site.phone} />
                      </div>
                    </td>
                    <td>{can("essays.collect") && <Collecting path={`${path}/sites/${site.key}`} />}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function Lacking({ path, site }: { path: string; site: string }): JSX.Element {
  const asked = useAsked<Person[]>(`${path}/people?site=${site}`);
  const people = (asked.value ?? []).filter(({ handed }) => handed === "nothing" || handed === "refused");
  return (
    <ul>
      {people.map((person) => (
        <li key={person.number}>
          <span class="num">{person.number}</span> {person.name}
          {person.handed === "refused" && <b class="tone-bad"> · {w.refused}</b>}
        </li>
      ))}
    </ul>
  );
}

function Collecting({ path }: { path: string }): JSX.Element {
  const [code, show] = useState("");
  const collect = async (): Promise<void> => {
    const { token } = await api.post<{ token: string }>(`${path}/collect`);
    open(`/essay#site=${encodeURIComponent(token)}`, "_blank", "noopener");
  };
  return (
    <div class="row tight">
      {code ? (
        <b class="num nowrap">{code}</b>
      ) : (
        <button
          class="button small"
          onClick={() => void api.post<{ code: string }>(`${path}/code`).then((given) => show(given.code))}
        >
          {w.collectCode}
        </button>
      )}
      <button class="button small" onClick={() => void collect()}>
        {w.collect}
      </button>
    </div>
  );
}
