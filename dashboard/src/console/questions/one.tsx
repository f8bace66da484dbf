import "./questions.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../../shared/api";
import { Confirmed } from "../../shared/ask";
import { useAsked } from "../../shared/asked";
import { dayAndTime } from "../../shared/format";
import { worded } from "../../shared/i18n";
import { Alert, Chip } from "../../shared/parts";
import { Editor } from "./edit";
import { type Change, draftOf, LETTERS, type QuestionPage, SOURCES } from "./model";
import { Shown } from "./shown";
import { changes, w } from "./words";

/** One question: read it, edit it, see what became of it. `id` null writes a new one. */
export function OneQuestion({ id, onBack }: { id: string | null; onBack: () => void }): JSX.Element {
  const asked = useAsked<QuestionPage>(id && `/api/v1/bank/questions/${id}`);
  const [editing, edit] = useState(id === null);
  const page = asked.value;
  const saved = (made: QuestionPage): void => {
    edit(false);
    if (id === null) location.hash = `#questions/${made.id}`;
    else asked.again();
  };
  return (
    <div class="stack">
      <div>
        <button class="button small" onClick={onBack}>
          {w.list}
        </button>
      </div>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {id === null && <h1>{w.fresh}</h1>}
      {page?.held && <Alert tone="warn">{w.heldBy(page.held)}</Alert>}
      {page && !editing && (
        <Reading page={page} onEdit={() => edit(true)} onChanged={asked.again} onGone={onBack} />
      )}
      {editing && (id === null || page) && (
        <Editor
          id={id}
          draft={draftOf(page)}
          onSaved={saved}
          onStop={id === null ? onBack : () => edit(false)}
        />
      )}
      {page && <History page={page} />}
    </div>
  );
}

function Reading(props: {
  page: QuestionPage;
  onEdit: () => void;
  onChanged: () => void;
  onGone: () => void;
}): JSX.Element {
  const { page, onEdit, onChanged, onGone } = props;
  const path = `/api/v1/bank/questions/${page.id}`;
  const away = page.archived ? "restore" : "archive";
  return (
    <section class="card stack question-page">
      <div class="row">
        <span class="muted grow">
          {[page.title, page.category || w.noTopic, SOURCES[page.source] ?? w.console]
            .filter(Boolean)
            .join(" · ")}
        </span>
        {page.archived && <Chip tone="idle">{w.archived}</Chip>}
      </div>
      <Shown text={page.text} images={page.images} />
      <ol class="option-list">
        {page.options.map((option, place) => (
          <li key={place} class={place === page.right ? "right" : ""}>
            <b>{page.held ? "•" : LETTERS[place]}</b>
            <Shown text={option} images={page.images} />
            {place === page.right && <Chip tone="good">✓ {w.right}</Chip>}
            {page.pinned.includes(place) && <Chip tone="minor">{w.pinned}</Chip>}
          </li>
        ))}
      </ol>
      {page.held === null && (
        <div class="row">
          <button class="button primary" onClick={onEdit}>
            {w.edit}
          </button>
          <Confirmed
            word={page.archived ? w.restore : w.putAway}
            title={page.archived ? w.restore : w.putAway}
            deed={() => api.post(`${path}/${away}?version=${page.version}`).then(onChanged)}
          >
            {w.sureAway}
          </Confirmed>
          {page.exams.length === 0 && (
            <Confirmed
              word={w.remove}
              title={w.remove}
              class="danger"
              deed={() => api.delete(`${path}?version=${page.version}`).then(onGone)}
            >
              {w.sureRemove}
            </Confirmed>
          )}
        </div>
      )}
    </section>
  );
}

function History({ page }: { page: QuestionPage }): JSX.Element | null {
  if (page.changes.length === 0 && page.exams.length === 0) return null;
  return (
    <section class="card stack">
      {page.exams.length > 0 && (
        <p>
          {w.usedIn}: <b>{page.exams.join("; ")}</b>
        </p>
      )}
      {page.changes.length > 0 && <h2>{w.history}</h2>}
      {page.changes.map((change) => (
        <Past key={change.version} change={change} />
      ))}
    </section>
  );
}

function Past({ change }: { change: Change }): JSX.Element {
  return (
    <details>
      <summary>
        <b>{worded(changes, change.what)}</b> · {change.who} ·{" "}
        <span class="num">{dayAndTime(change.at_ms, true)}</span>
      </summary>
      <div class="stack past">
        <span class="muted small">
          {w.before}: {[change.title, change.category].filter(Boolean).join(" · ")}
        </span>
        <Shown text={change.text} images={change.images} />
        <ol class="option-list">
          {change.options.map((option, place) => (
            <li key={place} class={place === change.right ? "right" : ""}>
              <b>{change.right === null ? "•" : LETTERS[place]}</b>
              <Shown text={option} images={change.images} />
            </li>
          ))}
        </ol>
      </div>
    </details>
  );
}
