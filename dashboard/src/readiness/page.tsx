import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { findingWords, foundWords, isPostponed } from "../shared/checks";
import { useAsked } from "../shared/asked";
import { clockLength, day, timeOfDay, whole } from "../shared/format";
import { worded } from "../shared/i18n";
import { useFragment } from "../shared/fragment";
import { Icon } from "../shared/icons";
import { Alert, LanguageSwitch, ThemeSwitch } from "../shared/parts";
import { Districts } from "./districts";
import { centreMs, fault, follow, isOld, nowMs, picture } from "./live";
import { MARKS } from "./marks";
import {
  EVERYTHING,
  kinds,
  type Kind,
  type Line,
  lines,
  type Picture,
  sums,
  VERDICTS,
  wanted,
  type Wanted,
} from "./model";
import { Ready, Troubled } from "./rows";
import { Rehearsals } from "./rehearsals";
import { tr } from "./rehearsalwords";
import { RuleButton } from "./rule";
import { t, verdicts } from "./words";

/** Kinds of trouble with a button of their own; the others are in a list. */
const KINDS = 7;
const FIRST = 60;

const REHEARSALS = "rehearsals";

export function ReadinessPage(): JSX.Element {
  const [scope, setScope] = useState("");
  const fragment = useFragment();
  useEffect(() => follow(scope), [scope]);
  const now = picture.value;
  return (
    <div class="ready">
      <Header now={now} scope={scope} onScope={setScope} rehearsing={fragment === REHEARSALS} />
      {now && isOld(now) && (
        <div class="ready-lost" role="alert">
          <Icon name="warning" /> {t.lost} ({clockLength(nowMs.value - now.heardMs)})
        </div>
      )}
      {fragment === REHEARSALS ? (
        <Rehearsals />
      ) : now ? (
        <Board now={now} scope={scope} />
      ) : (
        <main class="content">
          {fault.value ? <Alert tone="bad">{fault.value}</Alert> : <p>{t.opening}</p>}
        </main>
      )}
    </div>
  );
}

interface CourseName {
  id: string;
  title: string;
}

function Header(props: {
  now: Picture | null;
  scope: string;
  onScope: (scope: string) => void;
  rehearsing: boolean;
}): JSX.Element {
  const courses = useAsked<CourseName[]>("/api/v1/courses");
  return (
    <header class="topbar">
      <h1 class="brand">{t.title}</h1>
      <nav class="tabs" aria-label={tr.pages}>
        <a href="#" aria-current={props.rehearsing ? undefined : "page"}>
          {tr.board}
        </a>
        <a href={`#${REHEARSALS}`} aria-current={props.rehearsing ? "page" : undefined}>
          {tr.title}
        </a>
      </nav>
      <label class="ready-scope">
        <span class="visually-hidden">{t.scope}</span>
        <select value={props.scope} onChange={(event) => props.onScope(event.currentTarget.value)}>
          <option value="">{t.province}</option>
          {courses.value?.map((course) => (
            <option key={course.id} value={course.id}>
              {course.title}
            </option>
          ))}
        </select>
      </label>
      <RuleButton scope={props.scope} />
      <span class="grow" />
      {props.now && (
        <span class="ready-clock num">
          <small>{day(centreMs(props.now))}</small> {timeOfDay(centreMs(props.now), true)}
        </span>
      )}
      <LanguageSwitch />
      <ThemeSwitch />
      <a class="button small" href="/wall">
        {t.wall}
      </a>
      <a class="button small" href="/console">
        {t.console}
      </a>
    </header>
  );
}

function Board(props: { now: Picture; scope: string }): JSX.Element {
  const [filter, setFilter] = useState<Wanted>(EVERYTHING);
  const all = useMemo(() => lines(props.now), [props.now]);
  const pick = (part: Partial<Wanted>): void => setFilter((before) => ({ ...before, ...part }));
  const inDistrict = wanted(all, { ...EVERYTHING, district: filter.district });
  const chosen = wanted(all, filter);
  if (all.length === 0) return <main class="content">{t.none}</main>;
  return (
    <>
      <Verdicts all={inDistrict} chosen={filter} onPick={pick} />
      <Kinds all={inDistrict} chosen={filter} onPick={pick} />
      <main>
        <Districts all={all} chosen={filter.district} onPick={(district) => pick({ district })} />
        <Sites
          key={JSON.stringify(filter)}
          chosen={chosen}
          total={all.length}
          filtered={filter !== EVERYTHING}
          onClear={() => setFilter(EVERYTHING)}
          nowMs={centreMs(props.now)}
        />
      </main>
    </>
  );
}

function Verdicts(props: {
  all: Line[];
  chosen: Wanted;
  onPick: (part: Partial<Wanted>) => void;
}): JSX.Element {
  const total = sums(props.all);
  return (
    <div class="ready-verdicts" role="group" aria-label={t.verdicts}>
      {VERDICTS.map((verdict) => (
        <button
          key={verdict}
          class={`ready-verdict v-${verdict}`}
          aria-pressed={props.chosen.verdict === verdict}
          onClick={() => props.onPick({ verdict: props.chosen.verdict === verdict ? "" : verdict })}
        >
          <Icon name={MARKS[verdict]} />
          <b class="num">{whole(total[verdict])}</b>
          <span>{worded(verdicts, verdict)}</span>
        </button>
      ))}
    </div>
  );
}

function kindWords(kind: Kind): string {
  return isPostponed(kind) ? foundWords(kind.check, kind.reason) : findingWords(kind.check, kind.reason);
}

function Kinds(props: { all: Line[]; chosen: Wanted; onPick: (part: Partial<Wanted>) => void }): JSX.Element {
  const found = kinds(props.all);
  const first = found.slice(0, KINDS);
  const others = found.slice(KINDS);
  const beside = others.some((kind) => kind.key === props.chosen.kind);
  return (
    <div class="ready-bar">
      <div class="ready-kinds" role="group" aria-label={t.found}>
        {first.map((kind) => (
          <button
            key={kind.key}
            class={`button small g-${kind.grade}`}
            aria-pressed={props.chosen.kind === kind.key}
            onClick={() => props.onPick({ kind: props.chosen.kind === kind.key ? "" : kind.key })}
          >
            <b class="num">{whole(kind.sites)}</b> {kindWords(kind)}
          </button>
        ))}
        {others.length > 0 && (
          <select
            aria-label={t.moreKinds}
            value={beside ? props.chosen.kind : ""}
            onChange={(event) => props.onPick({ kind: event.currentTarget.value })}
          >
            <option value="">{t.moreKinds}</option>
            {others.map((kind) => (
              <option key={kind.key} value={kind.key}>
                {kind.sites} · {kindWords(kind)}
              </option>
            ))}
          </select>
        )}
      </div>
      <input
        type="search"
        aria-label={t.search}
        placeholder={t.search}
        value={props.chosen.text}
        onInput={(event) => props.onPick({ text: event.currentTarget.value })}
      />
    </div>
  );
}

function Sites(props: {
  chosen: Line[];
  total: number;
  filtered: boolean;
  onClear: () => void;
  nowMs: number;
}): JSX.Element {
  const [most, setMost] = useState(FIRST);
  const trouble = props.chosen.filter((line) => line.verdict !== "go");
  const well = props.chosen.filter((line) => line.verdict === "go");
  return (
    <section class="ready-sites" aria-label={t.sites}>
      <div class="row">
        <span class="grow muted num">{t.shown(props.chosen.length, props.total)}</span>
        {props.filtered && (
          <button class="button small" onClick={props.onClear}>
            {t.clear}
          </button>
        )}
      </div>
      {props.chosen.length === 0 && <p>{t.nobody}</p>}
      {trouble.slice(0, most).map((line) => (
        <Troubled key={line.site} line={line} nowMs={props.nowMs} />
      ))}
      {trouble.length > most && (
        <button class="button" onClick={() => setMost(most + FIRST)}>
          {t.more(Math.min(FIRST, trouble.length - most))}
        </button>
      )}
      {trouble.length <= most && <Ready lines={well} nowMs={props.nowMs} />}
    </section>
  );
}
