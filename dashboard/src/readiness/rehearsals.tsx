import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAsked } from "../shared/asked";
import { dayAndTime } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert, Chip, type Tone } from "../shared/parts";
import { can } from "../shared/signed";
import { Plan } from "./plan";
import { RehearsalLive } from "./rehearsal";
import type { Rehearsal } from "./rehearsing";
import { kinds, stages, tr } from "./rehearsalwords";

const TONES: Record<string, Tone> = { planned: "minor", under_way: "good", over: "idle", off: "warn" };

/** Rehearsals of the province: plan one, follow one, print one. */
export function Rehearsals(): JSX.Element {
  const told = useAsked<Rehearsal[]>("/api/v1/readiness/rehearsals", 5000);
  const [chosen, choose] = useState("");
  const [planning, plan] = useState(false);
  const running = told.value?.find((each) => each.stage === "under_way");
  const shown = chosen || running?.id || told.value?.[0]?.id || "";
  const done = (id: string): void => {
    plan(false);
    choose(id);
    told.again();
  };
  return (
    <main class="ready-rehearsals">
      <section>
        <div class="row">
          <h2 class="grow">{tr.title}</h2>
          {can("readiness.rehearse") && (
            <button class="button primary" onClick={() => plan(true)}>
              {tr.plan}
            </button>
          )}
        </div>
        {told.fault && <Alert tone="bad">{told.fault}</Alert>}
        {told.value?.length === 0 && <p>{tr.none}</p>}
        <ul class="ready-list">
          {told.value?.map((each) => (
            <li key={each.id}>
              <button aria-pressed={each.id === shown} onClick={() => choose(each.id)}>
                <b>{each.title}</b>
                <span class="num">
                  {tr.t0} {dayAndTime(each.t0_ms)} · {tr.sitesOf(each.sites)}
                </span>
                <span>
                  <Chip tone={TONES[each.stage] ?? "idle"}>{worded(stages, each.stage)}</Chip>{" "}
                  {worded(kinds, each.kind)}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </section>
      {shown && <RehearsalLive key={shown} id={shown} onMoved={done} />}
      {planning && <Plan onClose={() => plan(false)} onDone={done} />}
    </main>
  );
}
