import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Refusal, sentence } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { dayAndTime, timeOfDay } from "../shared/format";
import { Alert } from "../shared/parts";
import { centreOf, counting, type Mine, type Version } from "./centre";
import { FileCard } from "./file";
import { ReceiptCard, StateChip } from "./receipt";
import { t } from "./words";

const LOOK_MS = 1500;

/** A participant's page: the question, the text or the file, receipts. */
export function Desk({ token, onOver }: { token: string; onOver: () => void }): JSX.Element {
  const centre = useMemo(() => centreOf(token), [token]);
  const [mine, show] = useState<Mine | null>(null);
  const [fault, tell] = useState("");
  const [fresh, setFresh] = useState<string | null>(null);
  const look = (): void => {
    centre.get<Mine>("/api/v1/essay/mine").then(
      (found) => {
        show(found);
        tell("");
      },
      (caught: unknown) => {
        if (caught instanceof Refusal && caught.status === 401) onOver();
        else tell(sentence(caught));
      },
    );
  };
  const waits = mine === null || mine.versions.some(({ state }) => state === "checking");
  useEffect(() => {
    look();
    const timer = setInterval(() => waits && !document.hidden && look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [centre, waits]);
  if (!mine) return fault ? <Alert tone="bad">{fault}</Alert> : <p>…</p>;
  const { essay } = mine;
  const open = mine.now_ms <= essay.cap_ms;
  const received = (version: Version): void => {
    setFresh(version.id);
    look();
  };
  const shown = mine.versions.find(({ id }) => id === fresh) ?? counting(mine.versions);
  return (
    <div class="stack">
      <h1>{essay.title}</h1>
      <p>
        <b>{mine.name}</b> · <span class="num">{mine.number}</span>
      </p>
      {!open && <Alert tone="bad">{t.closed}</Alert>}
      {open && mine.now_ms > essay.deadline_ms && (
        <Alert tone="warn">{t.over(dayAndTime(essay.cap_ms))}</Alert>
      )}
      {mine.now_ms <= essay.deadline_ms && (
        <Alert tone="minor">{t.until(dayAndTime(essay.deadline_ms))}</Alert>
      )}
      {fault && <Alert tone="bad">{fault}</Alert>}
      {shown && <ReceiptCard version={shown} number={mine.number} fresh={shown.id === fresh} />}
      <section class="card stack noprint">
        <h2>{t.question}</h2>
        <p class="question">{essay.question}</p>
      </section>
      {open && essay.forms.some((form) => form !== "text") && (
        <FileCard token={token} owner={mine.number} essay={essay} onReceived={received} />
      )}
      {open && essay.forms.includes("text") && <Writing mine={mine} token={token} onReceived={received} />}
      <History versions={mine.versions} />
    </div>
  );
}

function Writing(props: { mine: Mine; token: string; onReceived: (version: Version) => void }): JSX.Element {
  const { mine } = props;
  const centre = useMemo(() => centreOf(props.token), [props.token]);
  const [text, write] = useState(mine.draft);
  const [savedMs, saved] = useState(mine.saved_ms);
  const [dirty, mark] = useState(false);
  const revision = useRef(mine.revision);
  useEffect(() => {
    if (!dirty) return;
    const keep = (): void => {
      const mineNow = ++revision.current;
      centre.put<{ saved_ms: number }>("/api/v1/essay/draft", { text, revision: mineNow }).then(
        (done) => {
          saved(done.saved_ms);
          if (mineNow === revision.current) mark(false);
        },
        () => null, // the next second tries again
      );
    };
    const timer = setInterval(keep, 1500);
    return () => clearInterval(timer);
  }, [text, dirty]);
  const count = text.trim() ? text.trim().split(/\s+/).length : 0;
  const handIn = async (): Promise<void> => {
    props.onReceived(await centre.post<Version>("/api/v1/essay/text", { text }));
  };
  return (
    <section class="card stack noprint">
      <h2 id="write">{t.write}</h2>
      <textarea
        rows={14}
        aria-labelledby="write"
        value={text}
        onInput={(e) => {
          write(e.currentTarget.value);
          mark(true);
        }}
      />
      <div class="row">
        <span class="grow muted num" role="status">
          {t.words(count)} · {dirty ? t.unsaved : savedMs ? t.saved(timeOfDay(savedMs, true)) : ""}
        </span>
        <Confirmed word={t.handInText} title={t.sure} class="primary" disabled={count === 0} deed={handIn}>
          <p>{t.sureMeans}</p>
        </Confirmed>
      </div>
    </section>
  );
}

function History({ versions }: { versions: readonly Version[] }): JSX.Element {
  const counts = counting(versions);
  return (
    <section class="card stack noprint">
      <h2>{t.history}</h2>
      {versions.length === 0 && <p class="muted">{t.nothing}</p>}
      {[...versions].reverse().map((version) => (
        <div key={version.id} class="version">
          <div class="row">
            <b class="num">
              {t.time} {version.place}
            </b>
            <StateChip version={version} />
            {version.late && <b class="tone-bad">{t.lateMark}</b>}
            {version === counts && <b class="tone-good">{t.counts}</b>}
          </div>
          <div class="num small">
            {dayAndTime(version.received_ms, true)} · {t.receipt} <b>{version.receipt}</b>
            {version.pages !== null && ` · ${t.pages(version.pages)}`}
            {version.words !== null && ` · ${t.words(version.words)}`}
          </div>
          <div class="muted small digest">{version.name}</div>
          {version.reason && <div class="tone-bad">{version.reason}</div>}
        </div>
      ))}
    </section>
  );
}
