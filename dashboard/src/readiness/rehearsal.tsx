import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { useAsked, useDoing } from "../shared/asked";
import { findingWords, gathered, postponedWords } from "../shared/checks";
import { countdown, dayAndTime, fieldTime, timeOfDay, whole } from "../shared/format";
import { worded } from "../shared/i18n";
import { Icon, type IconName } from "../shared/icons";
import { Alert, Field, Modal } from "../shared/parts";
import { can } from "../shared/signed";
import { Call } from "./call";
import { MARKS } from "./marks";
import { byNeed, progress, type Rehearsal, type SiteInRehearsal, type Step, type Told } from "./rehearsing";
import { kinds, stages, steps, tr } from "./rehearsalwords";
import { verdicts } from "./words";

const EVERY_MS = 2000;
const FIRST = 80;

/** One rehearsal as it goes. */
export function RehearsalLive(props: { id: string; onMoved: (id: string) => void }): JSX.Element {
  const path = `/api/v1/readiness/rehearsals/${encodeURIComponent(props.id)}`;
  const told = useAsked<Told>(path, EVERY_MS);
  const [most, setMost] = useState(FIRST);
  if (!told.value) return <section>{told.fault && <Alert tone="bad">{told.fault}</Alert>}</section>;
  const { rehearsal, centre_ms } = told.value;
  const sites = byNeed(told.value.sites);
  return (
    <section class="ready-live">
      <div class="row">
        <h2 class="grow">
          {rehearsal.title} <small class="muted">{worded(kinds, rehearsal.kind)}</small>
        </h2>
        <a class="button small" href={`${path}/summary.pdf`}>
          {tr.print}
        </a>
        <a class="button small" href={`${path}/summary.xlsx`}>
          {tr.sheet}
        </a>
        <Deeds rehearsal={rehearsal} onDone={told.again} onMoved={props.onMoved} />
      </div>
      <p class="num">
        <b>{worded(stages, rehearsal.stage)}</b> · {tr.t0} {dayAndTime(rehearsal.t0_ms, true)}
        {rehearsal.stage === "planned" && ` · ${tr.orderAt(dayAndTime(rehearsal.from_ms))}`}
        {rehearsal.before_ms !== null && ` · ${tr.before(dayAndTime(rehearsal.before_ms))}`}
      </p>
      <Figures rehearsal={rehearsal} centreMs={centre_ms} sites={sites} />
      {told.fault && <Alert tone="bad">{told.fault}</Alert>}
      <ul class="ready-steps">
        {sites.slice(0, most).map((each) => (
          <SiteRow key={each.site} site={each} />
        ))}
      </ul>
      {sites.length > most && (
        <button class="button" onClick={() => setMost(most + FIRST)}>
          {tr.more(sites.length - most)}
        </button>
      )}
    </section>
  );
}

function Figures(props: { rehearsal: Rehearsal; centreMs: number; sites: SiteInRehearsal[] }): JSX.Element {
  const { rehearsal, centreMs } = props;
  const now = progress(props.sites);
  const waits = rehearsal.stage === "under_way" || rehearsal.stage === "planned";
  return (
    <dl class="ready-figures">
      {waits && centreMs < rehearsal.t0_ms && (
        <div>
          <dd class="num">{countdown(rehearsal.t0_ms, centreMs)}</dd>
          <dt>{tr.toT0}</dt>
        </div>
      )}
      {(["told", "looked", "opened"] as const).map((name) => (
        <div key={name}>
          <dd class="num">
            {whole(now[name])}
            <small>/{whole(now.sites)}</small>
          </dd>
          <dt>{worded(steps, name)}</dt>
        </div>
      ))}
      <div class={now.failed ? "v-no_go failed" : ""}>
        <dd class="num">{whole(now.failed)}</dd>
        <dt>{tr.failed}</dt>
      </div>
    </dl>
  );
}

const STEP_MARKS: Record<Step, { mark: IconName; tone: string }> = {
  away: { mark: "plug", tone: "v-unknown" },
  sent: { mark: "clock", tone: "v-care" },
  told: { mark: "clock", tone: "v-care" },
  looked: { mark: "play", tone: "v-care" },
  silent: { mark: "question", tone: "v-unknown" },
  missed: { mark: "cross", tone: "v-no_go" },
  opened: { mark: "check", tone: "v-go" },
};

function SiteRow(props: { site: SiteInRehearsal }): JSX.Element {
  const { site } = props;
  const { mark, tone } = STEP_MARKS[site.step];
  return (
    <li class={site.step === "opened" ? `v-${site.verdict}` : tone}>
      <span class="step">
        <Icon name={mark} /> <b>{worded(steps, site.step)}</b>
        {site.lo_ms !== null && site.hi_ms !== null && (
          <span class="num"> {tr.within(whole(site.lo_ms), whole(site.hi_ms))}</span>
        )}
      </span>
      <span>
        <b class="num">{site.code}</b> {site.name} <span class="muted">{site.district}</span>
      </span>
      <span class={`v-${site.verdict} result`}>
        {site.looked_ms !== null && (
          <>
            <Icon name={MARKS[site.verdict]} /> {worded(verdicts, site.verdict)}{" "}
            <span class="muted num">{timeOfDay(site.looked_ms, true)}</span>
          </>
        )}
        <span class="muted">
          {gathered(site.findings)
            .slice(0, 3)
            .map((each) =>
              "postponed" in each
                ? postponedWords(each.postponed.map(({ check }) => check))
                : findingWords(each.single.check, each.single.reason),
            )
            .join(" · ")}
        </span>
      </span>
      {site.step !== "opened" && <Call line={site} />}
    </li>
  );
}

function Deeds(props: {
  rehearsal: Rehearsal;
  onDone: () => void;
  onMoved: (id: string) => void;
}): JSX.Element | null {
  const { rehearsal } = props;
  const [moving, move] = useState(false);
  const running = rehearsal.stage === "planned" || rehearsal.stage === "under_way";
  if (!running || !can("readiness.rehearse")) return null;
  const path = `/api/v1/readiness/rehearsals/${encodeURIComponent(rehearsal.id)}`;
  return (
    <>
      <button class="button small" onClick={() => move(true)}>
        {tr.move}
      </button>
      <Confirmed
        word={tr.off}
        title={tr.off}
        class="small danger"
        deed={async () => {
          await api.post(`${path}/off`);
          props.onDone();
        }}
      >
        {tr.offWhat(rehearsal.title)}
      </Confirmed>
      {moving && <Move rehearsal={rehearsal} onClose={() => move(false)} onMoved={props.onMoved} />}
    </>
  );
}

function Move(props: {
  rehearsal: Rehearsal;
  onClose: () => void;
  onMoved: (id: string) => void;
}): JSX.Element {
  const [at, setAt] = useState(fieldTime(Math.max(props.rehearsal.t0_ms, Date.now()) + 600_000));
  const { busy, fault, run } = useDoing();
  const go = (): void => {
    const path = `/api/v1/readiness/rehearsals/${encodeURIComponent(props.rehearsal.id)}/move`;
    void run(async () => {
      const moved = await api.post<Rehearsal>(path, { t0_ms: new Date(at).getTime() });
      props.onClose();
      props.onMoved(moved.id);
    });
  };
  return (
    <Modal title={tr.move} onClose={props.onClose}>
      <Field label={tr.newT0}>
        <input type="datetime-local" value={at} onInput={(event) => setAt(event.currentTarget.value)} />
      </Field>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <button class="button primary" disabled={busy || !at} onClick={go}>
        {tr.move}
      </button>
    </Modal>
  );
}
