import "./light.css";
import type { JSX } from "preact";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { useAsked } from "../shared/asked";
import { timeOfDay } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert } from "../shared/parts";
import { isOver, type Session } from "../shared/session";
import { can } from "../shared/signed";
import type { Standing } from "./model";
import { light as t, troubles, w } from "./words";

const LOOK_MS = 3000;

function state(of: Session, standing: Standing): string {
  if (standing.running) return t.running;
  if (!standing.on) return t.off;
  if (of.state === "break") return t.inBreak;
  return of.state === "live" ? t.starting : t.willRecord;
}

/** Whether a session is being recorded, who said so, and the switch. */
export function RecordingLight({ of }: { of: Session }): JSX.Element | null {
  const path = `/api/v1/sessions/${encodeURIComponent(of.id)}/recording`;
  const asked = useAsked<Standing>(path, isOver(of.state) ? 0 : LOOK_MS);
  const standing = asked.value;
  if (!standing) return asked.fault ? <Alert tone="bad">{asked.fault}</Alert> : null;
  const said = standing.switched;
  const flip = (on: boolean) => () => api.post(path, { on }).then(asked.again);
  return (
    <section class={`card stack recording-light ${standing.running ? "on" : ""}`} aria-label={t.heading}>
      <p class="row" role="status">
        <span class="recording-lamp" aria-hidden="true" />
        <b class="grow">{isOver(of.state) && !standing.running ? t.heading : state(of, standing)}</b>
      </p>
      {said && (
        <p class="muted num">{(said.on ? t.startedBy : t.stoppedBy)(said.who, timeOfDay(said.at_ms))}</p>
      )}
      {standing.trouble && <Alert tone="bad">{worded(troubles, standing.trouble)}</Alert>}
      <div class="row">
        {can("sessions.conduct") &&
          !isOver(of.state) &&
          (standing.on ? (
            <Confirmed word={t.stop} title={t.stopSure} class="danger" deed={flip(false)}>
              {t.stopHelp}
            </Confirmed>
          ) : (
            <Confirmed word={t.start} title={t.startSure} class="primary" deed={flip(true)}>
              {t.startHelp}
            </Confirmed>
          ))}
        {can("recordings.see") && (
          <a class="button" href={`/recordings/${encodeURIComponent(of.id)}`}>
            {w.open}
          </a>
        )}
      </div>
    </section>
  );
}
