import "./air.css";
import type { JSX } from "preact";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { timeOfDay } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert, Chip, type Tone } from "../shared/parts";
import type { Session } from "../shared/session";
import { can } from "../shared/signed";
import {
  type Air,
  type AirPage,
  type AirStep,
  BREAKS_MIN,
  resumesAt,
  type Seat,
  stepsNow,
  type Turn,
} from "./model";
import { airFindings, seats, steps, t, whys } from "./words";

const POLL_MS = 2000;
const TROUBLE: readonly Tone[] = ["good", "minor", "warn", "bad"];

export function seatName(seat: Seat): string {
  return worded(seats, seat || "none");
}

/** Who is on air and why, the orders that change it, and the record. On the `lecturer`'s page also the break; what is
 * amiss is told there in large type elsewhere. */
export function AirCard(props: {
  session: Session;
  lecturer?: boolean;
  onOrdered?: () => void;
}): JSX.Element | null {
  const { session, lecturer, onOrdered } = props;
  const path = `/api/v1/sessions/${encodeURIComponent(session.id)}/air`;
  const asked = useAsked<AirPage>(path, POLL_MS);
  const { busy, fault, run } = useDoing();
  const page = asked.value;
  if (!page) return asked.fault ? <Alert tone="bad">{asked.fault}</Alert> : null;
  const onScreen = ["lobby", "live", "break"].includes(session.state);
  const give = (order: AirStep, resumes_ms: number | null = null): void => {
    void run(async () => {
      await api.post(path, { order, resumes_ms });
      asked.again();
      onOrdered?.();
    });
  };
  return (
    <section class="card stack air" aria-label={t.title}>
      <h2>{t.title}</h2>
      {onScreen && <Now air={page.now} told={lecturer === true} />}
      {lecturer && can("sessions.conduct") && <Pause session={session} onOrdered={onOrdered} />}
      {session.state === "break" && <Break air={page.now} busy={busy} give={give} />}
      {onScreen && can("sessions.conduct") && (
        <Orders session={session} air={page.now} busy={busy} give={give} />
      )}
      {fault && <Alert tone="bad">{fault}</Alert>}
      {page.turns.length > 0 && <Record turns={page.turns} />}
    </section>
  );
}

function Now({ air, told }: { air: Air; told: boolean }): JSX.Element {
  return (
    <>
      <p class="air-now" role="status">
        <Chip tone={TROUBLE[air.trouble] ?? "bad"}>{seatName(air.air)}</Chip>{" "}
        <span>
          {worded(whys, air.why)}
          {air.air !== "" && <span class="muted num"> · {t.since(timeOfDay(air.since_ms, true))}</span>}
        </span>
      </p>
      {air.trouble >= 2 && !told && <Alert tone="bad">{worded(airFindings, air.finding)}</Alert>}
      <ul class="air-seats" aria-label={t.seats}>
        {(["lecturer", "standby", "slate"] as const).map((seat) => (
          <li key={seat} class={air[seat] ? "" : "muted"}>
            <span aria-hidden="true">{air[seat] ? "●" : "○"}</span> {seatName(seat)}:{" "}
            {air[seat] ? t.sends : t.away}
          </li>
        ))}
      </ul>
    </>
  );
}

/** The break and its end, for a lecturer who conducts alone. */
function Pause(props: { session: Session; onOrdered: (() => void) | undefined }): JSX.Element | null {
  const { session, onOrdered } = props;
  const { busy, fault, run } = useDoing();
  const order = session.state === "live" ? "take_break" : session.state === "break" ? "resume" : null;
  if (!order) return null;
  const go = (): void =>
    void run(() => api.post(`/api/v1/sessions/${session.id}/orders`, { order }).then(onOrdered));
  return (
    <>
      <div class="row">
        <button class={`button ${order === "resume" ? "primary" : ""}`} disabled={busy} onClick={go}>
          {order === "resume" ? t.goOn : t.takeBreak}
        </button>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
    </>
  );
}

type Give = (order: AirStep, resumesMs?: number | null) => void;

function Orders(props: { session: Session; air: Air; busy: boolean; give: Give }): JSX.Element {
  const { session, air, busy, give } = props;
  return (
    <>
      <div class="row">
        {stepsNow(session.state, air).map((step) => (
          <button key={step} class="button" disabled={busy} onClick={() => give(step)}>
            {worded(steps, step)}
          </button>
        ))}
      </div>
      <label class="air-choice">
        <input
          type="checkbox"
          checked={air.standby_armed}
          disabled={busy}
          onChange={(event) => give(event.currentTarget.checked ? "arm" : "disarm")}
        />
        <span>{t.arm}</span>
      </label>
      <label class="air-choice">
        <input
          type="checkbox"
          checked={air.auto_return}
          disabled={busy}
          onChange={(event) => give(event.currentTarget.checked ? "return_by_itself" : "return_on_order")}
        />
        <span>{t.autoReturn}</span>
      </label>
      <p>
        <a href={`/lecturer/${encodeURIComponent(session.id)}?seat=standby`}>{t.standbyPage}</a>
      </p>
    </>
  );
}

function Break(props: { air: Air; busy: boolean; give: Give }): JSX.Element {
  const { air, busy, give } = props;
  return (
    <>
      <Alert tone="warn">{t.inBreak}</Alert>
      {air.resumes_ms !== null && <p>{t.resumesAt(timeOfDay(air.resumes_ms))}</p>}
      {can("sessions.conduct") && (
        <div class="row" role="group" aria-label={t.resumes}>
          <span>{t.resumes}</span>
          {BREAKS_MIN.map((minutes) => (
            <button
              key={minutes}
              class="button small"
              disabled={busy}
              onClick={() => give("resume_at", resumesAt(Date.now(), minutes))}
            >
              {t.minutes(minutes)}
            </button>
          ))}
          {air.resumes_ms !== null && (
            <button class="button small" disabled={busy} onClick={() => give("resume_at", null)}>
              {t.noHour}
            </button>
          )}
        </div>
      )}
    </>
  );
}

function Record({ turns }: { turns: Turn[] }): JSX.Element {
  return (
    <details>
      <summary>
        <b>{t.record}</b> <span class="muted num">({turns.length})</span>
      </summary>
      <div class="air-record" tabIndex={0} role="region" aria-label={t.record}>
        <table class="num">
          <thead>
            <tr>
              <th>{t.from}</th>
              <th>{t.until}</th>
              <th>{t.whose}</th>
              <th>{t.why}</th>
            </tr>
          </thead>
          <tbody>
            {[...turns].reverse().map((turn) => (
              <tr key={turn.from_ms + turn.seat}>
                <td>{timeOfDay(turn.from_ms, true)}</td>
                <td>{turn.until_ms === null ? t.now : timeOfDay(turn.until_ms, true)}</td>
                <td>{seatName(turn.seat)}</td>
                <td>
                  {worded(whys, turn.why)}
                  {turn.by && ` (${t.ordered(turn.by)})`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
