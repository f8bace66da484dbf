import type { JSX } from "preact";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import {
  adviceWords,
  type Check,
  checks,
  type CheckState,
  findingWords,
  foundWords,
  gathered,
} from "../shared/checks";
import { dayAndTime } from "../shared/format";
import { worded } from "../shared/i18n";
import { Icon, type IconName } from "../shared/icons";
import { Alert, Modal } from "../shared/parts";
import { can } from "../shared/signed";
import { Call } from "./call";
import { soon } from "./live";
import type { Line } from "./model";
import { t } from "./words";

interface Certificate {
  id: string;
  made_ms: number;
  rehearsal: string | null;
  agent_version: string;
  platform: string;
  checks: Check[];
}

interface Waiver {
  id: string;
  check: string;
  reason: string;
  why: string;
  by: string;
  at_ms: number;
  until_ms: number;
  withdrawn_by: string | null;
  withdrawn_ms: number | null;
}

interface Told {
  newest: Certificate | null;
  history: Certificate[];
  waivers: Waiver[];
}

const STATES: Record<CheckState, { mark: IconName; grade: string }> = {
  bad: { mark: "cross", grade: "no_go" },
  waiting: { mark: "question", grade: "unknown" },
  weak: { mark: "warning", grade: "care" },
  good: { mark: "check", grade: "go" },
};

/** Everything that is known of a site's readiness. */
export function History(props: { line: Line; onClose: () => void }): JSX.Element {
  const { line } = props;
  const told = useAsked<Told>(`/api/v1/sites/${encodeURIComponent(line.site)}/readiness`);
  const newest = told.value?.newest;
  return (
    <Modal title={t.historyOf(`${line.code} ${line.name}`)} wide onClose={props.onClose}>
      <div class="row">
        <Call line={line} />
      </div>
      {told.fault && <Alert tone="bad">{told.fault}</Alert>}
      {newest && (
        <>
          <h3>
            {t.newest}: {dayAndTime(newest.made_ms)}
          </h3>
          <p class="muted">
            {newest.platform} · {newest.agent_version}
          </p>
          <ul class="ready-checks">
            {gathered(newest.checks).map((each) =>
              "postponed" in each ? (
                <OneCheck key="postponed" checks={each.postponed} />
              ) : (
                <OneCheck key={each.single.name} checks={[each.single]} />
              ),
            )}
          </ul>
        </>
      )}
      {told.value && !newest && <p>{t.never}</p>}
      <h3>{t.waivers}</h3>
      {told.value?.waivers.length === 0 && <p class="muted">{t.noWaivers}</p>}
      {told.value?.waivers.map((waiver) => (
        <WaiverLine key={waiver.id} waiver={waiver} onDone={told.again} />
      ))}
      {told.value && told.value.history.length > 1 && (
        <>
          <h3>{t.earlier}</h3>
          <table class="ready-earlier">
            <tbody>
              {told.value.history.slice(1).map((each) => (
                <tr key={each.id}>
                  <td class="num">{dayAndTime(each.made_ms)}</td>
                  <td>{lacking(each.checks)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Modal>
  );
}

/** A check, or several that are put off together. */
function OneCheck(props: { checks: Check[] }): JSX.Element | null {
  const [check] = props.checks;
  if (!check) return null;
  const { state, name, reason, note } = check;
  return (
    <li class={`g-${STATES[state].grade}`}>
      <Icon name={STATES[state].mark} />
      <b>{props.checks.map((each) => worded(checks, each.name)).join(", ")}</b>
      <span>{state === "good" ? t.good : foundWords(name, reason)}</span>
      {note && <span class="muted">{note}</span>}
      {state !== "good" && <span class="do muted">{adviceWords(name, reason)}</span>}
    </li>
  );
}

function lacking(all: Check[]): string {
  const lacks = all.filter((check) => check.state === "bad" || check.state === "weak");
  if (lacks.length === 0) return t.allWell;
  return lacks.map((each) => findingWords(each.name, each.reason)).join(" · ");
}

function WaiverLine(props: { waiver: Waiver; onDone: () => void }): JSX.Element {
  const { waiver } = props;
  const { busy, fault, run } = useDoing();
  const ends = waiver.withdrawn_ms === null && waiver.until_ms > Date.now();
  const takeBack = async (): Promise<void> => {
    if (await run(() => api.post(`/api/v1/readiness/waivers/${encodeURIComponent(waiver.id)}/withdraw`))) {
      soon();
      props.onDone();
    }
  };
  return (
    <div class="ready-waiver">
      <b>{findingWords(waiver.check, waiver.reason)}</b>
      <span>
        {waiver.why} ({t.by(waiver.by)}, {dayAndTime(waiver.at_ms)} – {dayAndTime(waiver.until_ms)})
      </span>
      {waiver.withdrawn_by !== null && (
        <span class="muted">{t.withdrawn(waiver.withdrawn_by, dayAndTime(waiver.withdrawn_ms ?? 0))}</span>
      )}
      {fault && <Alert tone="bad">{fault}</Alert>}
      {ends && can("readiness.waive") && (
        <button class="button small" disabled={busy} onClick={takeBack}>
          {t.withdraw}
        </button>
      )}
    </div>
  );
}
