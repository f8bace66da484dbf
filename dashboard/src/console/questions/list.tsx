import "./questions.css";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { useAsked } from "../../shared/asked";
import { useFragment } from "../../shared/fragment";
import { worded } from "../../shared/i18n";
import { Alert, Chip, Modal } from "../../shared/parts";
import { Bank } from "../bank";
import { t } from "../words";
import { chosen, type Filter, type QuestionLine, SOURCES, topicsOf } from "./model";
import { OneQuestion } from "./one";
import { Shown } from "./shown";
import { remarks, w } from "./words";

const STEP = 60;
const NEW = "new";

/** The address of a question's page. */
export function pathOf(id: string): string {
  return `#questions/${id}`;
}

function questionOf(fragment: string): string | null {
  return fragment.startsWith("questions/") ? fragment.slice("questions/".length) : null;
}

/** The tab: the list, or one question by its address. */
export function Questions(): JSX.Element {
  const open = questionOf(useFragment());
  const back = (): void => {
    location.hash = "#questions";
  };
  if (open !== null) return <OneQuestion key={open} id={open === NEW ? null : open} onBack={back} />;
  return <List />;
}

function List(): JSX.Element {
  const asked = useAsked<QuestionLine[]>("/api/v1/bank/questions");
  const [filter, setFilter] = useState<Filter>({
    wanted: "",
    topic: "",
    source: "",
    remark: "",
    archived: false,
  });
  const [most, show] = useState(STEP);
  const lines = asked.value ?? [];
  const found = useMemo(() => chosen(lines, filter), [lines, filter]);
  const change = (part: Partial<Filter>): void => {
    setFilter({ ...filter, ...part });
    show(STEP);
  };
  return (
    <div class="stack">
      <Bank count={asked.value?.filter((line) => !line.archived).length ?? null} onImported={asked.again} />
      <section class="card stack">
        <div class="row">
          <Filters lines={lines} filter={filter} change={change} />
          <a class="button primary" href={pathOf(NEW)}>
            {w.add}
          </a>
        </div>
        {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
        <p class="muted num" role="status">
          {asked.value ? w.shownOf(found.length, lines.length) : t.loading}
        </p>
      </section>
      {asked.value && found.length === 0 && <p class="muted">{w.none}</p>}
      <div class="question-list">
        {found.slice(0, most).map((line) => (
          <Line key={line.id} line={line} lines={lines} />
        ))}
      </div>
      {found.length > most && (
        <button class="button" onClick={() => show(most + STEP)}>
          {w.more}
        </button>
      )}
    </div>
  );
}

function Filters(props: {
  lines: readonly QuestionLine[];
  filter: Filter;
  change: (part: Partial<Filter>) => void;
}): JSX.Element {
  const { lines, filter, change } = props;
  const kinds = [...new Set(lines.flatMap((line) => line.findings.map(({ kind }) => kind)))];
  const sources = [...new Set(lines.map((line) => line.source))].filter(Boolean);
  return (
    <div class="question-filters grow">
      <input
        type="search"
        aria-label={t.search}
        placeholder={t.search}
        value={filter.wanted}
        onInput={(e) => change({ wanted: e.currentTarget.value })}
      />
      <select
        aria-label={w.topic}
        value={filter.topic}
        onChange={(e) => change({ topic: e.currentTarget.value })}
      >
        <option value="">{w.anyTopic}</option>
        {topicsOf(lines).map(([topic, count]) =>
          topic ? (
            <option key={topic} value={topic}>
              {topic} ({count})
            </option>
          ) : null,
        )}
      </select>
      <select
        aria-label={w.source}
        value={filter.source}
        onChange={(e) => change({ source: e.currentTarget.value })}
      >
        <option value="">{w.anySource}</option>
        {sources.map((source) => (
          <option key={source} value={source}>
            {SOURCES[source] ?? w.console}
          </option>
        ))}
      </select>
      <select
        aria-label={w.remark}
        value={filter.remark}
        onChange={(e) => change({ remark: e.currentTarget.value })}
      >
        <option value="">{w.anyQuestion}</option>
        <option value="any">{w.anyRemark}</option>
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {worded(remarks, kind)}
          </option>
        ))}
      </select>
      <label class="row tight">
        <input
          type="checkbox"
          checked={filter.archived}
          onChange={(e) => change({ archived: e.currentTarget.checked })}
        />
        {w.archived}
      </label>
    </div>
  );
}

function Line({ line, lines }: { line: QuestionLine; lines: readonly QuestionLine[] }): JSX.Element {
  const [comparing, compare] = useState<string | null>(null);
  const other = lines.find(({ id }) => id === comparing);
  return (
    <article class="card question-line">
      <a class="question-link" href={pathOf(line.id)}>
        <span class="muted small">
          {line.title} {line.category && `· ${line.category}`}
        </span>
        <Shown text={line.text} images={line.images} />
      </a>
      <p class="muted small">{line.options.join(" · ")}</p>
      <div class="row tight">
        {line.held && <Chip tone="minor">{w.held}</Chip>}
        {line.findings.map((finding, at) => (
          <span key={at} class="row tight" title={finding.reason}>
            <Chip tone="warn">{worded(remarks, finding.kind)}</Chip>
            {finding.other && (
              <button class="button small" onClick={() => compare(finding.other)}>
                {w.compare}
              </button>
            )}
          </span>
        ))}
      </div>
      {other && (
        <Modal title={worded(remarks, "alike_questions")} wide onClose={() => compare(null)}>
          <div class="side-by-side">
            {[line, other].map((each) => (
              <div key={each.id} class="card stack">
                <span class="muted small">
                  {each.title} {each.category && `· ${each.category}`}
                </span>
                <Shown text={each.text} images={each.images} />
                <ul>
                  {each.options.map((option, at) => (
                    <li key={at}>
                      <Shown text={option} images={each.images} />
                    </li>
                  ))}
                </ul>
                <a class="button" href={pathOf(each.id)}>
                  {w.open}
                </a>
              </div>
            ))}
          </div>
        </Modal>
      )}
    </article>
  );
}
