import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../shared/api";
import { useDoing } from "../shared/asked";
import { day, dayAndTime, decimal } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert } from "../shared/parts";
import { type PortalAnswer, type PortalExam, spaced } from "./model";
import { states, t } from "./words";

/** Two fields and one button; what comes back stands above the fold of a small phone. */
export function Ask({ exam, onOther }: { exam: PortalExam; onOther?: () => void }): JSX.Element {
  const [number, typeNumber] = useState("");
  const [receipt, typeReceipt] = useState("");
  const [found, find] = useState<PortalAnswer | null>(null);
  const [lacking, lack] = useState(false);
  const { busy, fault, run } = useDoing();
  const ask = (): Promise<boolean> =>
    run(async () =>
      find(
        await api.post<PortalAnswer>(`/api/v1/portal/${encodeURIComponent(exam.exam)}`, { number, receipt }),
      ),
    );
  const submit = (event: Event): void => {
    event.preventDefault();
    const empty = !number.trim() || !receipt.trim();
    lack(empty);
    if (!empty) void ask();
  };
  const again = (): void => {
    find(null);
    typeNumber("");
    typeReceipt("");
  };
  if (found) return <Found of={found} onAgain={again} />;
  return (
    <form class="stack" onSubmit={submit} autocomplete="off">
      <div>
        <h1>{t.title}</h1>
        <p class="exam">
          {exam.title} · <span class="num">{day(exam.starts_ms)}</span>
        </p>
      </div>
      <label class="asked">
        <b>{t.number}</b>
        <input value={number} maxLength={40} onInput={(event) => typeNumber(event.currentTarget.value)} />
        <span class="muted">{t.numberHint}</span>
      </label>
      <label class="asked">
        <b>{t.receipt}</b>
        <input
          class="receipt"
          value={receipt}
          maxLength={20}
          autocapitalize="characters"
          autocorrect="off"
          spellcheck={false}
          onInput={(event) => typeReceipt(event.currentTarget.value)}
        />
        <span class="muted">{t.receiptHint}</span>
      </label>
      {lacking && <Alert tone="warn">{t.fill}</Alert>}
      {fault && <Alert tone="bad">{fault}</Alert>}
      <button class="button primary big" disabled={busy}>
        {busy ? t.asking : t.ask}
      </button>
      {onOther && (
        <button class="button" type="button" onClick={onOther}>
          {t.otherExam}
        </button>
      )}
      <Help open={fault !== ""} hotline={exam.hotline} />
    </form>
  );
}

function Help({ open = false, hotline }: { open?: boolean; hotline: string }): JSX.Element {
  return (
    <details class="card" open={open}>
      <summary>{t.help}</summary>
      <ol>
        <li>{t.helpKeep}</li>
        <li>{t.helpRead}</li>
        <li>{t.helpCall}</li>
      </ol>
      {hotline && (
        <a class="button num" href={`tel:${hotline.replace(/[^+\d]/g, "")}`}>
          {t.hotline}: {hotline}
        </a>
      )}
      <p class="muted">{t.privacy}</p>
    </details>
  );
}

function Found({ of, onAgain }: { of: PortalAnswer; onAgain: () => void }): JSX.Element {
  const head = useRef<HTMLHeadingElement>(null);
  // A screen reader goes on reading here, not at the button that is gone.
  useEffect(() => head.current?.focus(), []);
  return (
    <div class="stack">
      <div>
        <h1 ref={head} tabIndex={-1}>
          {of.name}
        </h1>
        <p class="num">
          {t.number} {of.number} · {of.site}
        </p>
        <p class="exam">{of.exam.title}</p>
      </div>
      <Mark of={of} />
      <section class="card stack">
        <h2>✓ {t.centreHas}</h2>
        <dl>
          <dt>{t.sameReceipt}</dt>
          <dd class="receipt num">{spaced(of.receipt)}</dd>
          <dt>{t.state}</dt>
          <dd>{worded(states, of.state)}</dd>
          <dt>{t.answers}</dt>
          <dd class="num">{of.answers}</dd>
          {of.ended_ms !== null && (
            <>
              <dt>{t.ended}</dt>
              <dd class="num">{dayAndTime(of.ended_ms, true)}</dd>
            </>
          )}
        </dl>
        {of.late > 0 && <Alert tone="warn">{t.late(of.late)}</Alert>}
      </section>
      <button class="button" onClick={onAgain}>
        {t.another}
      </button>
      <Help hotline={of.exam.hotline} />
    </div>
  );
}

function Mark({ of }: { of: PortalAnswer }): JSX.Element {
  const { exam } = of;
  if (exam.published === 0) return <Alert tone="minor">{t.notYet}</Alert>;
  return (
    <section class="card stack">
      {of.mark === null ? (
        <p>{t.noMark}</p>
      ) : (
        <div class="mark">
          <p>
            <span>{t.mark}</span>
            <b class="num">{decimal(of.mark, 2)}</b>
            {of.correct !== null && of.maximum !== null && (
              <span class="muted num">{t.outOf(of.correct, of.maximum)}</span>
            )}
          </p>
          <p>
            <span>{t.band}</span>
            <b>{of.band}</b>
          </p>
        </div>
      )}
      {exam.provisional && <Alert tone="warn">{t.provisional(exam.received ?? 0, exam.expected ?? 0)}</Alert>}
      {exam.again && <Alert tone="warn">{t.again}</Alert>}
      {of.differs && <Alert tone="warn">{t.differs}</Alert>}
      {exam.published > 1 && <p class="muted">{t.rescored(exam.published)}</p>}
    </section>
  );
}
