import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { dayAndTime } from "../shared/format";
import { Alert, Field } from "../shared/parts";
import type { Pass, Version } from "./centre";
import { ReceiptCard } from "./receipt";
import { t } from "./words";

interface Open {
  essay: string;
  title: string;
  deadline_ms: number;
}

type Way = "person" | "site" | "receipt";

/** Signing in with a code, for a participant or a site; and checking a receipt. */
export function Door({ onEnter }: { onEnter: (pass: Pass) => void }): JSX.Element {
  const open = useAsked<Open[]>("/api/v1/essay/open");
  const [way, go] = useState<Way>("person");
  const [chosen, choose] = useState("");
  const [who, setWho] = useState("");
  const [code, setCode] = useState("");
  const [found, show] = useState<Version | null>(null);
  const { busy, fault, run } = useDoing();
  const essay = chosen || open.value?.[0]?.essay || "";
  const submit = (event: Event): void => {
    event.preventDefault();
    show(null);
    void run(async () => {
      if (way === "receipt") {
        const asked = new URLSearchParams({ essay, number: who, receipt: code });
        show((await api.get<Version[]>(`/api/v1/essay/receipt?${asked}`)).at(-1) ?? null);
      } else if (way === "site") {
        const given = { essay, site_code: who, code };
        onEnter({
          kind: "site",
          ...(await api.post<{ token: string }>("/api/v1/essay/site/sign-in", given)),
        });
      } else {
        const given = { essay, number: who, code };
        onEnter({
          kind: "candidate",
          ...(await api.post<{ token: string }>("/api/v1/essay/sign-in", given)),
        });
      }
    });
  };
  const other = (next: Way, word: string): JSX.Element | false =>
    way !== next && (
      <button class="button" type="button" onClick={() => go(next)}>
        {word}
      </button>
    );
  return (
    <div class="stack">
      <h1>{way === "receipt" ? t.check : t.title}</h1>
      {open.fault && <Alert tone="bad">{open.fault}</Alert>}
      {open.value?.length === 0 && <Alert tone="minor">{t.none}</Alert>}
      <form class="card stack" onSubmit={submit}>
        <Field label={t.which}>
          <select value={essay} onChange={(e) => choose(e.currentTarget.value)}>
            {open.value?.map((each) => (
              <option key={each.essay} value={each.essay}>
                {each.title} · {t.until(dayAndTime(each.deadline_ms))}
              </option>
            ))}
          </select>
        </Field>
        <Field label={way === "site" ? t.siteCode : t.number}>
          <input
            required
            autocomplete="off"
            autocapitalize="characters"
            value={who}
            onInput={(e) => setWho(e.currentTarget.value)}
          />
        </Field>
        <Field label={way === "receipt" ? t.receipt : way === "site" ? t.siteSecret : t.code}>
          <input
            required
            class="code"
            autocomplete="off"
            autocapitalize="characters"
            value={code}
            onInput={(e) => setCode(e.currentTarget.value)}
          />
        </Field>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary tall-button" disabled={busy || !essay}>
          {way === "receipt" ? t.check : t.enter}
        </button>
      </form>
      {found && <ReceiptCard version={found} number={who} />}
      <div class="row">
        {other("person", t.asPerson)}
        {other("site", t.asSite)}
        {other("receipt", t.check)}
      </div>
    </div>
  );
}
