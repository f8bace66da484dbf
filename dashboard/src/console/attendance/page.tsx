import "./attendance.css";
import type { JSX } from "preact";
import { api } from "../../shared/api";
import { Confirmed } from "../../shared/ask";
import { useAsked } from "../../shared/asked";
import { dayAndTime, timeOfDay } from "../../shared/format";
import { useFragment } from "../../shared/fragment";
import { worded } from "../../shared/i18n";
import { Alert, Chip } from "../../shared/parts";
import { isOver, type Session } from "../../shared/session";
import { can } from "../../shared/signed";
import { sessionStates } from "../../wall/words";
import { t } from "../words";
import type { RollLine } from "./model";
import { FourNumbers } from "./numbers";
import { Pictures } from "./pictures";
import { Plan } from "./plan";
import { Presence } from "./presence";
import { Proof } from "./proof";
import { kinds, w } from "./words";

const VIEWS = ["numbers", "plan", "pictures", "presence", "proof"] as const;
type View = (typeof VIEWS)[number];

/** `#attendance/SESSION/VIEW/ROLLCALL` */
function placeOf(fragment: string): { session: string; view: View; call: string } {
  const [, session = "", view = "", call = ""] = fragment.split("/");
  return { session, view: VIEWS.find((each) => each === view) ?? "numbers", call };
}

export function Attendance(): JSX.Element {
  const at = placeOf(useFragment());
  return <div class="attendance">{at.session ? <OfSession key={at.session} {...at} /> : <Choose />}</div>;
}

function Choose(): JSX.Element {
  const list = useAsked<Session[]>("/api/v1/sessions", 10_000);
  const sorted = [...(list.value ?? [])].sort(
    (a, b) => Number(isOver(a.state)) - Number(isOver(b.state)) || b.starts_ms - a.starts_ms,
  );
  return (
    <div class="stack choose">
      <h1>{w.title}</h1>
      <p class="muted">{list.value?.length === 0 ? w.none : w.choose}</p>
      {list.fault && <Alert tone="bad">{list.fault}</Alert>}
      {sorted.map((session) => (
        <a key={session.id} class="card line plain" href={`#attendance/${session.id}`}>
          <span class="grow">
            <h2>{session.topic}</h2>
            <span class="muted num">
              {dayAndTime(session.starts_ms)}–{timeOfDay(session.ends_ms)} · {t.rows(session.sites.length)}
            </span>
          </span>
          <Chip tone={isOver(session.state) ? "idle" : session.state === "planned" ? "minor" : "good"}>
            {worded(sessionStates, session.state)}
          </Chip>
        </a>
      ))}
    </div>
  );
}

function OfSession(props: { session: string; view: View; call: string }): JSX.Element {
  const { session: id, view } = props;
  const session = useAsked<Session>(`/api/v1/sessions/${id}`, 5000);
  const rolls = useAsked<RollLine[]>(`/api/v1/sessions/${id}/rolls`, 15_000);
  const call = rolls.value?.find((each) => each.id === props.call) ?? rolls.value?.[0];
  const found = session.value;
  const running = found !== null && ["lobby", "live", "break"].includes(found.state);
  const order = (): Promise<void> =>
    api.post(`/api/v1/sessions/${id}/roll-calls`, {}).then(() => {
      location.hash = `attendance/${id}/numbers`;
      rolls.again();
    });
  const views = VIEWS.filter((each) => each !== "pictures" || can("rollcall.pictures"));
  return (
    <div class="stack">
      <div class="row noprint">
        <a class="button small" href="#attendance">
          {w.back}
        </a>
        <h1 class="grow">{found?.topic}</h1>
        {can("rollcall.order") && running && (
          <Confirmed word={w.now} title={w.now} class="primary" deed={order}>
            {w.nowMeans(found.sites.length)}
          </Confirmed>
        )}
      </div>
      {(session.fault || rolls.fault) && <Alert tone="bad">{session.fault || rolls.fault}</Alert>}
      <div class="row noprint">
        <nav class="tabs grow">
          {views.map((each) => (
            <a
              key={each}
              href={`#attendance/${id}/${each}/${call?.id ?? ""}`}
              aria-current={each === view ? "page" : undefined}
            >
              {w[each]}
            </a>
          ))}
        </nav>
        <a class="button small" href={`/api/v1/sessions/${id}/attendance.xlsx`} download>
          {w.workbook}
        </a>
      </div>
      {view === "plan" && <Plan session={id} over={found !== null && isOver(found.state)} />}
      {view === "presence" && <Presence session={id} />}
      {view === "proof" && <Proof session={id} call={call} onErased={rolls.again} />}
      {(view === "numbers" || view === "pictures") && rolls.value !== null && (
        <>
          {call ? (
            <Rolls rolls={rolls.value} call={call} session={id} view={view} />
          ) : (
            <p class="muted">{w.noRoll}</p>
          )}
          {call && view === "numbers" && <FourNumbers key={call.id} call={call.id} session={id} />}
          {call && view === "pictures" && <Pictures key={call.id} call={call.id} />}
        </>
      )}
    </div>
  );
}

function Rolls(props: { rolls: RollLine[]; call: RollLine; session: string; view: View }): JSX.Element {
  return (
    <label class="row noprint">
      <select
        class="rolls num"
        aria-label={w.title}
        value={props.call.id}
        onChange={(e) => {
          location.hash = `attendance/${props.session}/${props.view}/${e.currentTarget.value}`;
        }}
      >
        {props.rolls.map((roll) => (
          <option key={roll.id} value={roll.id}>
            {dayAndTime(roll.at_ms, true)} · {worded(kinds, roll.kind)}
          </option>
        ))}
      </select>
      <span class="muted num">{w.answered(props.call.total.answered, props.call.total.sites)}</span>
    </label>
  );
}
