import "./results.css";
import "./charts.css";
import type { JSX } from "preact";
import { useCallback } from "preact/hooks";
import { useAsked } from "../shared/asked";
import { type Exam, hasResults } from "../shared/exam";
import { dayAndTime } from "../shared/format";
import { useFragment } from "../shared/fragment";
import { worded } from "../shared/i18n";
import { mount } from "../shared/mount";
import { Alert, Chip, LanguageSwitch, ThemeSwitch } from "../shared/parts";
import { can, me, Signed, SignOut } from "../shared/signed";
import { examStates, levels } from "../wall/words";
import { Analysis } from "./analysis";
import { Candidates } from "./candidates";
import { Histogram, Intervals } from "./charts";
import { BandKey, Bands, Figures, GroupTable } from "./groups";
import { depth, type Group, inPlaceOrder, type Results } from "./model";
import { o } from "./outcomewords";
import { Place } from "./place";
import { Reach } from "./reach";
import { Revise } from "./revise";
import { t } from "./words";

function Choose(): JSX.Element {
  const exams = useAsked<Exam[]>("/api/v1/exams");
  const ready = exams.value?.filter(({ state }) => hasResults(state)) ?? [];
  return (
    <div class="stack">
      <h1>{t.title}</h1>
      {exams.fault && <Alert tone="bad">{exams.fault}</Alert>}
      {exams.value && ready.length === 0 && <p class="muted">{t.none}</p>}
      {ready.map((exam) => (
        <a key={exam.id} class="card choice" href={`/results/${exam.id}`}>
          <span class="grow">
            <h2>{exam.title}</h2>
            <span class="muted num">{dayAndTime(exam.starts_ms)}</span>
          </span>
          <Chip tone={exam.state === "published" ? "good" : "minor"}>{worded(examStates, exam.state)}</Chip>
        </a>
      ))}
    </div>
  );
}

function Standing({ of }: { of: Results }): JSX.Element {
  if (of.provisional) return <Alert tone="warn">{t.provisional(of.received, of.expected)}</Alert>;
  if (of.state === "published" && of.published > 1)
    return <Alert tone="good">{o.rescored(of.published)}</Alert>;
  return of.state === "published" ? (
    <Alert tone="good">{t.final}</Alert>
  ) : (
    <Alert tone="minor">{t.complete}</Alert>
  );
}

const TABS = ["results", "reach", "revise", "analysis"] as const;
type Tab = (typeof TABS)[number];

/** Statistics of items tell the key: they need a right of their own. */
function mayOpen(tab: Tab): boolean {
  return tab !== "analysis" || can("results.items");
}

function tabWord(tab: Tab): string {
  return tab === "reach" || tab === "revise" ? o[tab] : t[tab];
}

function useTab(): Tab {
  const fragment = useFragment();
  return TABS.find((key) => key === fragment) ?? TABS[0];
}

function OneExam({ id }: { id: string }): JSX.Element {
  const path = `/api/v1/exams/${id}`;
  const tab = useTab();
  const exam = useAsked<Exam>(path);
  const asked = useAsked<Results>(`${path}/results`, 5000);
  const results = asked.value;
  const sites = results?.sites;
  const siteName = useCallback(
    (site: string): string => {
      const found = sites?.find(({ key }) => key === site);
      return found ? `${found.key} · ${found.name}` : site;
    },
    [sites],
  );
  if (!results) {
    // Before there are marks, people already look after the sites that are missing.
    return asked.fault ? (
      <div class="stack">
        <Alert tone="warn">{asked.fault}</Alert>
        <Reach exam={id} />
      </div>
    ) : (
      <p>…</p>
    );
  }
  return (
    <div class="stack">
      <div class="row">
        <div class="grow">
          <h1>{results.title ?? exam.value?.title ?? t.title}</h1>
          {exam.value && <p class="muted num">{dayAndTime(exam.value.starts_ms)}</p>}
        </div>
        <a class="button" href={`${path}/results.pdf`} target="_blank" rel="noreferrer">
          {o.printed}
        </a>
        <a class="button" href={`${path}/results.csv`} download>
          {t.downloadCsv}
        </a>
        <a class="button primary" href={`${path}/results.xlsx`} download>
          {t.download}
        </a>
      </div>
      <Standing of={results} />
      <nav class="tabs">
        {TABS.filter(mayOpen).map((key) => (
          <a key={key} href={`#${key}`} aria-current={key === tab ? "page" : undefined}>
            {tabWord(key)}
          </a>
        ))}
      </nav>
      {tab === "results" && <Marks of={results} siteName={siteName} />}
      {tab === "reach" && <Reach exam={id} />}
      {tab === "revise" && <Revise exam={id} />}
      {tab === "analysis" && mayOpen(tab) && <Analysis exam={id} />}
    </div>
  );
}

function Marks(props: { of: Results; siteName: (site: string) => string }): JSX.Element {
  const { of: results, siteName } = props;
  const levelName = (group: Group): string => worded(levels, group.key);
  const names = Object.fromEntries(results.bands.map(({ key, name }) => [key, name]));
  const link = ({ id }: Group): string => `/results/${results.exam}/places/${encodeURIComponent(id)}`;
  const places = inPlaceOrder(results.places);
  const districts = places.filter(({ key }) => depth(key) === 0);
  return (
    <div class="stack">
      <section class="card stack">
        <h2>{t.everybody}</h2>
        <Figures of={results.overall} />
        <Bands bands={results.overall.bands} names={names} large />
        <BandKey bands={results.overall.bands} names={names} />
        <Histogram of={results.overall} />
      </section>
      {districts.length > 1 && (
        <section class="card stack">
          <h2>{o.intervals}</h2>
          <Intervals groups={districts} whole={results.overall} />
        </section>
      )}
      <GroupTable
        title={t.places}
        groups={places}
        indent={({ key }) => depth(key)}
        href={link}
        names={names}
      />
      <GroupTable title={t.levels} groups={results.levels} nameOf={levelName} names={names} />
      <GroupTable title={o.codes} groups={results.codes} names={names} />
      <GroupTable
        title={t.sites}
        groups={results.sites}
        nameOf={({ key, name }) => `${key} · ${name}`}
        href={link}
        names={names}
      />
      <Candidates of={results.candidates} siteName={siteName} names={names} />
    </div>
  );
}

function Page(): JSX.Element {
  const [, id, place] = /^\/results\/([^/]+)(?:\/places\/([^/]+))?/.exec(location.pathname) ?? [];
  return (
    <>
      <header class="topbar">
        <span class="brand">Điểm cầu</span>
        <span class="grow muted">{id ? <a href="/results">{t.exams}</a> : t.title}</span>
        <a class="button small" href="/console#exams">
          {t.console}
        </a>
        <span class="muted">{me.value?.person.name}</span>
        <LanguageSwitch />
        <ThemeSwitch />
        <SignOut />
      </header>
      <main class="content">
        {id && place && <Place exam={decodeURIComponent(id)} place={decodeURIComponent(place)} />}
        {id && !place && <OneExam id={decodeURIComponent(id)} />}
        {!id && <Choose />}
      </main>
    </>
  );
}

mount(
  <Signed>
    <Page />
  </Signed>,
);
