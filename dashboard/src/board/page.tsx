import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, sentence } from "../shared/api";
import { Awaited } from "../shared/awaited";
import { type Exam } from "../shared/exam";
import { incidents as incidentWords } from "../shared/fairness";
import { clockLength, dayAndTime, timeOfDay, whole } from "../shared/format";
import { worded } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { Alert, LanguageSwitch, Modal, ThemeSwitch } from "../shared/parts";
import { can } from "../shared/signed";
import { Grid } from "./grid";
import { Ledger } from "./ledger";
import { centreMs, fault, follow, isOld, picture } from "./live";
import { districts, type Filter, filtered, type Line, lines, type Picture, sums, type Word } from "./model";
import { t, words } from "./words";

const WORDS: readonly Word[] = [
  "stopped",
  "never",
  "late",
  "silent",
  "no_paper",
  "open_late",
  "open",
  "ready",
  "closed",
];

export function BoardPage(): JSX.Element {
  const exam = decodeURIComponent(location.pathname.split("/")[2] ?? "");
  return exam ? <Board exam={exam} /> : <Picker />;
}

function Picker(): JSX.Element {
  const [exams, setExams] = useState<Exam[] | null>(null);
  const [failed, setFailed] = useState("");
  useEffect(() => {
    api.get<Exam[]>("/api/v1/exams").then(setExams, (caught: unknown) => setFailed(sentence(caught)));
  }, []);
  return (
    <main class="content stack">
      <h1>{t.pick}</h1>
      {failed && <Alert tone="bad">{failed}</Alert>}
      {exams?.length === 0 && <p>{t.none}</p>}
      {exams?.map((each) => (
        <a key={each.id} class="card button" href={`/board/${encodeURIComponent(each.id)}`}>
          {each.title} · {dayAndTime(each.starts_ms)}
        </a>
      ))}
    </main>
  );
}

function Board(props: { exam: string }): JSX.Element {
  useEffect(() => follow(props.exam), [props.exam]);
  const [filter, setFilter] = useState<Filter>("all");
  const [district, setDistrict] = useState("");
  const [wanted, setWanted] = useState("");
  const [ledger, setLedger] = useState(false);
  const now = picture.value;
  if (!now) {
    return (
      <main class="content">
        {fault.value ? <Alert tone="bad">{fault.value}</Alert> : <p>{t.opening}</p>}
      </main>
    );
  }
  const all = lines(now);
  const here = district ? all.filter((line) => line.district === district) : all;
  return (
    <div class="board">
      <Header now={now} all={all} onLedger={() => setLedger(true)} />
      {isOld(now) && (
        <div class="board-lost" role="alert">
          <Icon name="warning" /> {t.lost} ({clockLength(performance.now() - now.heardMs)})
        </div>
      )}
      {(now.head.stage === "closing" || now.head.release_trouble) && (
        <div class="board-awaited">
          {now.head.release_trouble && <Alert tone="bad">{api.said(now.head.release_trouble)}</Alert>}
          {now.head.stage === "closing" && <Awaited exam={props.exam} />}
        </div>
      )}
      <div class="board-bar">
        <div class="board-words" role="group" aria-label={t.sites}>
          <Choice name="all" chosen={filter} figure={here.length} word={t.everything} onPick={setFilter} />
          <Choice name="look" chosen={filter} figure={sums(here).look} word={t.look} onPick={setFilter} />
          {WORDS.filter((word) => sums(here).words[word] > 0 || filter === word).map((word) => (
            <Choice
              key={word}
              name={word}
              chosen={filter}
              figure={sums(here).words[word]}
              word={worded(words, word)}
              onPick={setFilter}
            />
          ))}
        </div>
        <input
          type="search"
          aria-label={t.search}
          placeholder={t.search}
          value={wanted}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
      </div>
      <main>
        <Grid lines={filtered(all, filter, district, wanted)} />
        <aside>
          <Districts all={all} chosen={district} onPick={setDistrict} />
          <Incidents now={now} all={all} />
        </aside>
      </main>
      {ledger && (
        <Modal title={t.ledger} wide onClose={() => setLedger(false)}>
          <Ledger exam={props.exam} lines={all} />
        </Modal>
      )}
    </div>
  );
}

function Header(props: { now: Picture; all: Line[]; onLedger: () => void }): JSX.Element {
  const { head } = props.now;
  const total = sums(props.all);
  const at = centreMs(props.now);
  const ends = head.starts_ms + head.duration_s * 1000;
  const [word, length] =
    at < head.starts_ms
      ? [t.startsIn, head.starts_ms - at]
      : at < ends
        ? [t.endsIn, ends - at]
        : [t.since, at - ends];
  const proposals = props.all.reduce((sum, line) => sum + line.proposals, 0);
  const figures: [string, number][] = [
    [t.signedIn, total.signed_in],
    [t.started, Math.max(0, total.started - total.handed_in)],
    [t.handedIn, total.handed_in],
    [t.received, total.received],
  ];
  return (
    <header class="topbar board-top">
      <div class="board-title">
        <b>{head.title}</b>
        <span class="num">
          {timeOfDay(at, true)} · {word} <b>{clockLength(length)}</b>
        </span>
      </div>
      <dl class="board-figures grow">
        {figures.map(([name, figure]) => (
          <div key={name}>
            <dd class="num">
              {whole(figure)}
              <small>/{whole(total.registered)}</small>
            </dd>
            <dt>{name}</dt>
          </div>
        ))}
        <div>
          <dd class="num">{whole(total.answered)}</dd>
          <dt>{t.answers}</dt>
        </div>
        <div class="clocks">
          <dd class="num">
            {total.synced}
            <small>
              {" "}
              · {total.loose} · <span class={total.blind ? "tone-bad" : ""}>{total.blind}</span>
            </small>
          </dd>
          <dt>{t.clocksShort}</dt>
        </div>
      </dl>
      <button class={`button ${proposals ? "danger" : ""}`} onClick={props.onLedger}>
        {t.ledger} {proposals > 0 && <b class="num">({proposals})</b>}
      </button>
      <div class="board-tools">
        <LanguageSwitch />
        <ThemeSwitch />
        <a class="button small" href="/wall">
          {t.wall}
        </a>
      </div>
    </header>
  );
}

function Choice(props: {
  name: Filter;
  chosen: Filter;
  figure: number;
  word: string;
  onPick: (name: Filter) => void;
}): JSX.Element {
  return (
    <button
      class={`button word-${props.name}`}
      aria-pressed={props.chosen === props.name}
      onClick={() => props.onPick(props.chosen === props.name ? "all" : props.name)}
    >
      <b class="num">{props.figure}</b> {props.word}
    </button>
  );
}

function Districts(props: {
  all: Line[];
  chosen: string;
  onPick: (name: string) => void;
}): JSX.Element | null {
  const found = districts(props.all);
  if (found.length < 2) return null;
  return (
    <section>
      <h3>{t.districts}</h3>
      <ul class="districts">
        {found.map(({ name, sums: total }) => (
          <li key={name}>
            <button
              class="district"
              aria-pressed={props.chosen === name}
              onClick={() => props.onPick(props.chosen === name ? "" : name)}
            >
              <span class="grow">{name}</span>
              {total.look > 0 && <b class="num look">{total.look}</b>}
              <span class="num">
                {total.words.open + total.words.open_late + total.words.closed}/{total.sites}
              </span>
              <span class="num muted">
                {total.handed_in}/{total.registered}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const SHOWN = 40;

function Incidents(props: { now: Picture; all: Line[] }): JSX.Element {
  const [failed, setFailed] = useState("");
  const names = new Map(props.all.map((line) => [line.site, `${line.code} ${line.name}`]));
  const found = [...props.now.incidents].sort(
    (a, b) => Number(a.seen_by !== null) - Number(b.seen_by !== null),
  );
  const exam = encodeURIComponent(props.now.head.exam);
  const take = (id: string): void =>
    void api
      .post(`/api/v1/exams/${exam}/incidents/${id}/seen`)
      .catch((caught: unknown) => setFailed(sentence(caught)));
  return (
    <section class="board-incidents">
      <h3>{t.incidents}</h3>
      {failed && <Alert tone="bad">{failed}</Alert>}
      <ul>
        {found.slice(0, SHOWN).map((each) => (
          <li key={each.id} class={each.seen_by ? "seen" : each.kind === "stopped" ? "grave" : "fresh"}>
            <b>
              {worded(incidentWords, each.kind)}
              {each.candidate && ` · ${each.candidate}`}
            </b>
            <span>{names.get(each.site)}</span>
            {each.text && <span>{each.text}</span>}
            <span class="muted num">
              {timeOfDay(each.at_ns / 1e6)} · {each.who}
            </span>
            {!each.seen_by && can("exams.conduct") && (
              <button class="button small" onClick={() => take(each.id)}>
                {t.take}
              </button>
            )}
          </li>
        ))}
        {found.length === 0 && <li class="muted">{t.noIncidents}</li>}
      </ul>
    </section>
  );
}
