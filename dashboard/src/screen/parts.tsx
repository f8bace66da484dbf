import type { ComponentChildren, JSX } from "preact";
import { countdown, timeOfDay } from "../shared/format";
import type { Language } from "../shared/i18n";
import { Icon, type IconName } from "../shared/icons";
import { roomNotice } from "../shared/roomnotice";
import type { Banner as BannerName, Scene } from "./scene";
import { lit } from "./sound";
import type { LocalExam, LocalState, Notice } from "./state";
import { weak } from "./weakline";
import { t } from "./words";

const MARKS = 6;

const BANNERS: Record<BannerName, { tone: string; icon: IconName; title: () => string; hint: () => string }> =
  {
    agent_gone: { tone: "bad", icon: "warning", title: () => t.agentGone, hint: () => t.agentGoneHint },
    link_down: { tone: "warn", icon: "plug", title: () => t.linkDown, hint: () => t.linkDownHint },
    link_never: { tone: "minor", icon: "plug", title: () => t.linkNever, hint: () => t.linkNeverHint },
    sound_blocked: { tone: "bad", icon: "mute", title: () => t.soundBlocked, hint: () => t.soundBlockedHint },
    sound_only: { tone: "warn", icon: "sound", title: () => weak.soundOnly, hint: () => weak.soundOnlyHint },
    no_picture: { tone: "warn", icon: "dark", title: () => t.noPicture, hint: () => t.noPictureHint },
    roll_call: { tone: "call", icon: "people", title: () => t.rollCall, hint: () => t.rollCallHint },
  };

function Strip(props: {
  tone: string;
  icon: IconName;
  name: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class={`strip ${props.tone}`} role="status" data-banner={props.name}>
      <Icon name={props.icon} />
      <div class="grow">{props.children}</div>
    </div>
  );
}

export function Banner(props: { name: BannerName }): JSX.Element {
  const { tone, icon, title, hint } = BANNERS[props.name];
  return (
    <Strip tone={tone} icon={icon} name={props.name}>
      <strong>{title()}</strong>
      <span class="hint">{hint()}</span>
    </Strip>
  );
}

/** What is counted and kept, and who sees it; beside the lecture, never over it. */
export function ToldStrip(props: { state: LocalState }): JSX.Element {
  return (
    <Strip tone="told" icon="people" name="told">
      <span class="hint">{roomNotice(props.state.rules).join(" ")}</span>
    </Strip>
  );
}

/** The room holds readers of both languages: whichever texts were given, the Vietnamese one first. */
function saidIn({ text_vi, text_en }: Notice): { language: Language; text: string }[] {
  const vi = { language: "vi" as const, text: text_vi.trim() };
  const en = { language: "en" as const, text: text_en.trim() };
  return [vi, en].filter(({ text }, at) => text && !(at && text === vi.text));
}

export function NoticeStrip(props: { notice: Notice }): JSX.Element {
  const [first, second] = saidIn(props.notice);
  return (
    <Strip tone="notice" icon="sound" name="notice">
      {first && (
        <strong class="said" lang={first.language}>
          {first.text}
        </strong>
      )}
      {second && (
        <span class="said other" lang={second.language}>
          {second.text}
        </span>
      )}
    </Strip>
  );
}

/** The exam's address, large enough to be copied from the last row, and as a code to be scanned. */
export function ExamPanel(props: {
  exam: LocalExam;
  phase: NonNullable<Scene["exam"]>;
  nowMs: number;
}): JSX.Element {
  const { exam, phase, nowMs } = props;
  return (
    <aside class="exam" data-exam={phase}>
      <p class="kicker">{t.exam}</p>
      <h2>{exam.title}</h2>
      <p class="when num">{whenOf(exam, phase, nowMs)}</p>
      {phase !== "closed" && (
        <>
          <img class="code" src={`/local/qr.svg?of=${encodeURIComponent(exam.url)}`} alt={t.examScan} />
          <p class="hint">{t.examAddress}</p>
          <p class="address num">{exam.url.replace(/^https?:\/\//, "").replace(/\/$/, "")}</p>
        </>
      )}
    </aside>
  );
}

function whenOf(exam: LocalExam, phase: NonNullable<Scene["exam"]>, nowMs: number): JSX.Element {
  if (phase === "untimed")
    return (
      <>
        <span>
          {t.examOpens} <strong>{timeOfDay(exam.t0_ms)}</strong>
        </span>
        <span class="untimed">{t.examUntimed}</span>
      </>
    );
  if (phase !== "before") return <strong>{phase === "open" ? t.examOpen : t.examClosed}</strong>;
  return (
    <>
      <span>
        {t.examOpens} <strong>{timeOfDay(exam.t0_ms)}</strong>
      </span>
      <span class="left">
        {t.examIn} <strong>{countdown(exam.t0_ms, nowMs)}</strong>
      </span>
    </>
  );
}

export function Waiting(props: { state: LocalState | null; nowMs: number; told: boolean }): JSX.Element {
  const { state } = props;
  return (
    <section class="waiting" data-middle="waiting">
      <p class="kicker">{state?.site.code}</p>
      <h1>{state?.site.name}</h1>
      <p class="time num">{state ? timeOfDay(props.nowMs) : ""}</p>
      {state?.clock.state === "blind" && <p class="hint own-time">{t.ownTime}</p>}
      <h2>{t.waitingTitle}</h2>
      <p class="hint">{t.waitingHint}</p>
      {state && props.told && <p class="told">{roomNotice(state.rules).join(" ")}</p>}
    </section>
  );
}

/** What to do, in the order in which to do it. */
export function Dark(props: { state: LocalState }): JSX.Element {
  const { link, contact } = props.state;
  const steps = [
    link === "up" ? t.darkCentre : t.darkLine,
    t.darkWait,
    t.darkRestart,
    contact.hotline ? t.darkCall(contact.hotline) : t.darkCallNobody,
  ];
  return (
    <section class="dark" data-middle="dark" role="alert">
      <h1>
        <Icon name="dark" /> {t.darkTitle}
      </h1>
      <ol>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </section>
  );
}

export function SoundMark(props: { level: number | null }): JSX.Element {
  const on = lit(props.level, MARKS);
  return (
    <span class="level" role="img" aria-label={t.sound} data-lit={on}>
      <Icon name={on ? "sound" : "mute"} />
      {Array.from({ length: MARKS }, (_, mark) => (
        <i key={mark} class={mark < on ? "on" : ""} />
      ))}
    </span>
  );
}
