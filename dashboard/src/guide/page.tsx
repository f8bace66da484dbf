import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { timeOfDay } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert, LanguageSwitch } from "../shared/parts";
import { useReady } from "./live";
import { checksOf, firstStep, minutesTo, type Ready, type Step, STEPS, stateOf } from "./model";
import { Pairing } from "./pairing";
import { Again, Finding, Postponed, StateIcon, TONES } from "./parts";
import { Drawing } from "./pictures";
import { steps, t, tasks } from "./words";

const PICTURE_EVERY_MS = 1500;

export function GuidePage(): JSX.Element {
  const { ready, gone } = useReady();
  const [at, go] = useState<number | null>(null);
  const place = ready && !ready.paired ? 0 : at;
  useEffect(() => {
    if (ready?.paired && at === null && ready.checks.length > 0) go(firstStep(ready));
  }, [ready, at]);
  useEffect(() => {
    const turn = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLInputElement;
      const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (by === 0 || typing || event.altKey || event.ctrlKey || event.metaKey) return;
      go((now) => Math.min(STEPS.length - 1, Math.max(0, (now ?? 0) + by)));
    };
    addEventListener("keydown", turn);
    return () => removeEventListener("keydown", turn);
  }, []);
  const step = place === null ? undefined : STEPS[place];
  return (
    <main class="guide">
      <header class="row">
        <div class="grow">
          <h1>{t.title}</h1>
          <p class="muted">{ready?.paired && [ready.code, ready.name].join(" · ")}</p>
        </div>
        {ready?.paired && (
          <a class="button small" href="/desk">
            {t.desk}
          </a>
        )}
        <LanguageSwitch />
      </header>
      {gone && <Alert tone="bad">{t.gone}</Alert>}
      {ready && <Banners ready={ready} />}
      {ready?.paired && place !== null && <Places ready={ready} at={place} go={go} />}
      {ready && step && place !== null && <OneStep ready={ready} step={step} at={place} go={go} />}
    </main>
  );
}

function Banners(props: { ready: Ready }): JSX.Element {
  const { rehearsal, now_ms, busy } = props.ready;
  return (
    <>
      {rehearsal && (
        <Alert tone="minor">
          <b>{t.rehearsal(rehearsal.title, timeOfDay(rehearsal.t0_ms))}</b>{" "}
          {now_ms >= rehearsal.practice_ms &&
            now_ms < rehearsal.t0_ms &&
            t.practice(minutesTo(rehearsal.t0_ms, now_ms))}
        </Alert>
      )}
      {busy && <Alert tone="warn">{t.busy}</Alert>}
    </>
  );
}

/** All steps in a row with their states; each can be gone to at once. */
function Places(props: { ready: Ready; at: number; go: (to: number) => void }): JSX.Element {
  return (
    <nav class="places" aria-label={t.steps}>
      {STEPS.map((step, place) => (
        <button
          key={step.name}
          class="place"
          aria-current={place === props.at ? "step" : undefined}
          onClick={() => props.go(place)}
        >
          <StateIcon state={stateOf(step, props.ready)} /> {worded(steps, step.name)}
        </button>
      ))}
    </nav>
  );
}

interface Standing {
  ready: Ready;
  step: Step;
  at: number;
  go: (to: number) => void;
}

function OneStep(props: Standing): JSX.Element {
  const { ready, step, at } = props;
  const found = checksOf(step, ready);
  const state = stateOf(step, ready);
  return (
    <section class={`card step ${ready.paired ? TONES[state] : "idle"}`} aria-live="polite">
      <div class="show">
        <Show step={step} state={state} ready={ready} />
      </div>
      <div class="tell stack">
        {ready.paired && <p class="muted">{t.step(at + 1, STEPS.length)}</p>}
        <h2>{worded(steps, step.name)}</h2>
        <p class="task">{worded(tasks, step.name)}</p>
        {!ready.paired && <Pairing />}
        {step.name === "done" && <Verdict ready={ready} />}
        {ready.paired && <Postponed checks={found} />}
        <ul class={`plain findings ${step.name === "done" ? "many" : ""}`}>
          {ready.paired &&
            found.map((check) => (
              <Finding
                key={check.name}
                check={check}
                looking={ready.looking.includes(check.name)}
                small={step.name === "done"}
              />
            ))}
        </ul>
        {ready.paired && <Deeds {...props} />}
      </div>
      {ready.paired && <Turns {...props} />}
      {ready.hotline && (
        <p class="hotline num">
          {t.hotline}: <b>{ready.hotline}</b>
        </p>
      )}
    </section>
  );
}

/** The drawing of a step, or what the camera sees, or the code for the phone. */
function Show(props: { step: Step; state: string; ready: Ready }): JSX.Element {
  const { step, ready } = props;
  if (
    step.name === "camera" &&
    ready.checks.some((each) => each.name === "camera" && each.reason !== "no_camera")
  )
    return <Live />;
  const phone = ready.checks.find((each) => each.name === "phone");
  if (
    step.name === "phone" &&
    ready.paired &&
    phone &&
    phone.reason !== "no_network" &&
    phone.state !== "good"
  )
    return (
      <figure class="qr">
        <img src="/local/readiness/phone.svg" alt={t.qr} />
        <figcaption>{t.scan}</figcaption>
      </figure>
    );
  return <Drawing step={step.name} />;
}

/** What the camera sees now, for whoever aims it; with the drawing while it gives nothing. */
function Live(): JSX.Element {
  const [number, next] = useState(0);
  const [works, turn] = useState(true);
  useEffect(() => {
    const timer = setInterval(() => next((now) => now + 1), PICTURE_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <>
      <img
        class={works ? "live" : "visually-hidden"}
        src={`/local/room/picture.jpg?${number}`}
        alt={t.picture}
        onLoad={() => turn(true)}
        onError={() => turn(false)}
      />
      {!works && <Drawing step="camera" />}
    </>
  );
}

function Deeds(props: Standing): JSX.Element {
  const { step, ready } = props;
  if (step.name === "sound")
    return (
      <div class="stack deeds">
        <Alert tone="warn">{t.loud}</Alert>
        <div class="row">
          <Again names={step.checks} loud primary disabled={ready.busy}>
            {t.try}
          </Again>
        </div>
      </div>
    );
  return (
    <div class="row deeds">
      <Again names={step.checks}>{step.name === "done" ? t.all : t.again}</Again>
      {step.name === "screen" && (
        <a class="button large" href="/screen" target="_blank" rel="noreferrer">
          {t.openScreen}
        </a>
      )}
      {step.name === "camera" && (
        <a class="button large" href="/desk">
          {t.seats}
        </a>
      )}
    </div>
  );
}

function Turns(props: Standing): JSX.Element {
  const { at, go } = props;
  return (
    <div class="row turns">
      <button class="button large" disabled={at === 0} onClick={() => go(at - 1)}>
        ← {t.back}
      </button>
      <span class="muted grow">{t.keys}</span>
      <button class="button large primary" disabled={at === STEPS.length - 1} onClick={() => go(at + 1)}>
        {t.next} →
      </button>
    </div>
  );
}

function Verdict(props: { ready: Ready }): JSX.Element {
  const wrong = props.ready.checks.filter((each) => each.state === "bad" || each.state === "weak").length;
  const open = props.ready.checks.some((each) => each.state === "waiting");
  return (
    <div class="stack">
      <Alert tone={wrong ? "warn" : "good"}>
        <b>{wrong ? t.notGood(wrong) : open ? t.rest : t.allGood}</b>
      </Alert>
      <p class="muted">{t.told}</p>
    </div>
  );
}
