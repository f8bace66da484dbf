import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, sentence } from "../shared/api";
import { causes } from "../shared/fairness";
import { clockLength, timeOfDay } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert } from "../shared/parts";
import { can } from "../shared/signed";
import { Give } from "./give";
import type { Line } from "./model";
import { creditStates, t } from "./words";

export interface Credit {
  id: string;
  site: string;
  candidate: string | null;
  cause: string;
  source: "measured" | "site" | "province";
  state: "noted" | "proposed" | "approved" | "refused" | "withdrawn";
  minutes: number;
  seconds: number;
  measured_ms: number | null;
  from_ms: number | null;
  at_ms: number;
  who: string;
  text: string;
  decided_by: string | null;
  decided_ms: number | null;
  decision: string;
  held_ms: number | null;
  too_late: boolean;
}

const EVERY_MS = 2000;

/** Measured gaps that ask for time, one approval each or all together, and everything that was decided. */
export function Ledger(props: { exam: string; lines: readonly Line[] }): JSX.Element {
  const [credits, setCredits] = useState<Credit[]>([]);
  const [reason, setReason] = useState("");
  const [fault, setFault] = useState("");
  const base = `/api/v1/exams/${encodeURIComponent(props.exam)}/credits`;

  const look = (): Promise<void> =>
    api.get<Credit[]>(base).then(setCredits, (caught: unknown) => setFault(sentence(caught)));
  useEffect(() => {
    void look();
    const looking = setInterval(() => void look(), EVERY_MS);
    return () => clearInterval(looking);
  }, [props.exam]);

  async function decide(ids: string[], decision: string): Promise<void> {
    try {
      await api.post(`${base}/decide`, { ids, decision, reason });
      setFault("");
      setReason("");
    } catch (caught) {
      setFault(sentence(caught));
    }
    await look();
  }

  const names = new Map(props.lines.map((line) => [line.site, `${line.code} ${line.name}`]));
  const open = credits.filter((each) => each.state === "proposed");
  const rest = credits.filter((each) => each.state !== "proposed");
  const may = can("exams.credit");
  return (
    <div class="stack ledger">
      {fault && <Alert tone="bad">{fault}</Alert>}
      <p class="muted">{t.wanRule}</p>
      <div class="row">
        <h3 class="grow">
          {t.proposed} ({open.length})
        </h3>
        {may && open.length > 1 && (
          <button
            class="button primary"
            onClick={() =>
              void decide(
                open.map((each) => each.id),
                "approved",
              )
            }
          >
            {t.approveAll(open.length)}
          </button>
        )}
      </div>
      {may && open.length > 0 && (
        <input
          aria-label={t.reason}
          placeholder={t.reason}
          maxLength={500}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      )}
      {open.length === 0 && <p class="muted">{t.noCredits}</p>}
      {open.map((credit) => (
        <Entry key={credit.id} credit={credit} name={names.get(credit.site) ?? credit.site}>
          {may && (
            <div class="row">
              <button class="button primary" onClick={() => void decide([credit.id], "approved")}>
                {t.approve} {t.minutesOf(credit.minutes)}
              </button>
              <button
                class="button"
                disabled={!reason.trim()}
                onClick={() => void decide([credit.id], "refused")}
              >
                {t.refuse}
              </button>
            </div>
          )}
        </Entry>
      ))}
      {may && <Give exam={props.exam} lines={props.lines} onGiven={look} />}
      <h3>{t.given}</h3>
      {rest.length === 0 && <p class="muted">{t.noCredits}</p>}
      {rest.map((credit) => (
        <Entry key={credit.id} credit={credit} name={names.get(credit.site) ?? credit.site}>
          {may && credit.state === "approved" && credit.source !== "site" && (
            <button class="button small" onClick={() => void decide([credit.id], "withdrawn")}>
              {t.withdraw}
            </button>
          )}
        </Entry>
      ))}
    </div>
  );
}

function Entry(props: { credit: Credit; name: string; children?: JSX.Element | false }): JSX.Element {
  const { credit } = props;
  const way = credit.too_late
    ? t.tooLate
    : credit.state !== "approved"
      ? ""
      : credit.held_ms === null
        ? t.pending
        : t.held(timeOfDay(credit.held_ms));
  const facts = [
    worded(causes, credit.cause),
    credit.from_ms !== null && timeOfDay(credit.from_ms, true),
    credit.measured_ms !== null && t.measured(clockLength(credit.measured_ms)),
    credit.text,
    credit.who,
  ];
  const decided = [
    worded(creditStates, credit.state),
    credit.decided_by,
    credit.decided_ms !== null && timeOfDay(credit.decided_ms),
    credit.decision,
    way,
  ];
  return (
    <article class={`entry ${credit.state} ${credit.too_late ? "late" : ""}`}>
      <div class="grow">
        <b>
          {props.name} · {credit.candidate ?? t.wholeSite} ·{" "}
          {credit.state === "noted" ? "0" : `+${t.minutesOf(credit.minutes)}`}
        </b>
        <p class="muted num">{facts.filter(Boolean).join(" · ")}</p>
        <p class="num">{decided.filter(Boolean).join(" · ")}</p>
      </div>
      {props.children}
    </article>
  );
}
