import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { decimal, timeOfDay } from "../shared/format";
import { worded } from "../shared/i18n";
import { Icon, type IconName } from "../shared/icons";
import { loudness } from "../shared/loudness";
import { Alert, LanguageSwitch, type Tone } from "../shared/parts";
import { keepLine } from "../shared/socket";
import { isState, type LocalState } from "../screen/state";
import { FloorDesk } from "../floor/desk";
import { Chat } from "./chat";
import { Journal } from "./journal";
import { ScreenLanguage } from "./language";
import { RoomCard } from "./room";
import { Declare, Questions, RoomNotice } from "./sign";
import { clocks, exams, links, pictures, t } from "./words";

const SILENCE_MS = 12_000;

interface Told {
  state: LocalState | null;
  agent: boolean;
}

function useLocal(): Told {
  const [told, setTold] = useState<Told>({ state: null, agent: true });
  useEffect(() => {
    const line = keepLine("/screen/feed", {
      silenceMs: SILENCE_MS,
      onMessage: (message) => isState(message) && setTold({ state: message, agent: true }),
      onDown: () => setTold(({ state }) => ({ state, agent: false })),
    });
    return () => line.close();
  }, []);
  return told;
}

export function DeskPage(): JSX.Element {
  const { state, agent } = useLocal();
  return (
    <main class="desk">
      <header class="row">
        <div class="grow">
          <h1>{state?.site.name ?? t.title}</h1>
          <p class="muted">{[t.title, state?.site.code].filter(Boolean).join(" · ")}</p>
        </div>
        <LanguageSwitch />
      </header>
      {!agent && <Alert tone="bad">{t.agentGone}</Alert>}
      {state && <Cards state={state} />}
      {state && <FloorDesk state={state} />}
      {state && <Questions state={state} />}
      {state && <Declare state={state} />}
      {state?.chat && <Chat mark={state.chat} />}
      <RoomCard />
      {state?.language && <ScreenLanguage chosen={state.language} />}
      {state && <RoomNotice state={state} />}
      <Journal />
      <footer class="row">
        <a class="button" href="/screen" target="_blank" rel="noreferrer">
          {t.openScreen}
        </a>
        <a class="button" href="/guide">
          {t.guide}
        </a>
        <a class="button" href="/invigilate/">
          {t.invigilate}
        </a>
        {state?.contact.hotline && (
          <span class="num">
            {t.hotline}: <strong>{state.contact.hotline}</strong>
          </span>
        )}
      </footer>
    </main>
  );
}

function Card(props: {
  icon: IconName;
  tone: Tone;
  title: string;
  state: string;
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <section class={`card state ${props.tone}`}>
      <h2>{props.title}</h2>
      <p class={`word tone-${props.tone}`}>
        <Icon name={props.icon} /> {props.state}
      </p>
      <p class="muted">{props.children}</p>
    </section>
  );
}

const LINK_TONES: Record<LocalState["link"], Tone> = { up: "good", down: "bad", never: "warn" };
const CLOCK_TONES: Record<LocalState["clock"]["state"], Tone> = {
  synced: "good",
  loose: "warn",
  blind: "bad",
};
const PICTURE_TONES: Record<LocalState["screen"]["state"], Tone> = {
  playing: "good",
  stalled: "warn",
  dark: "bad",
  idle: "idle",
};

function Cards(props: { state: LocalState }): JSX.Element {
  const { link, clock, exam } = props.state;
  return (
    <div class="cards">
      <Card icon="plug" tone={LINK_TONES[link]} title={t.line} state={worded(links, link)} />
      <Card icon="clock" tone={CLOCK_TONES[clock.state]} title={t.clock} state={worded(clocks, clock.state)}>
        {clock.bound_ms !== null && t.bound(decimal(clock.bound_ms, 0))}
      </Card>
      <LectureCard state={props.state} />
      <Card
        icon="paper"
        tone={exam ? (exam.state === "missing" ? "warn" : "good") : "idle"}
        title={t.exam}
        state={exam ? worded(exams, exam.state) : t.noExam}
      >
        {exam && `${exam.title} · ${t.startsAt(timeOfDay(exam.t0_ms))}. ${t.address}: ${exam.url}`}
      </Card>
    </div>
  );
}

function LectureCard(props: { state: LocalState }): JSX.Element {
  const { lecture, screen } = props.state;
  if (!lecture) return <Card icon="screen" tone="idle" title={t.lecture} state={t.noLecture} />;
  const level = screen.audio_dbfs;
  const sound = level === null ? t.noLevel : t.level(loudness(level, { digits: 0, unit: "dB" }));
  const picture = t.picture(decimal(screen.fps, 0), `${screen.width}×${screen.height}`);
  return (
    <Card
      icon={screen.state === "playing" ? "play" : "dark"}
      tone={PICTURE_TONES[screen.state]}
      title={t.lecture}
      state={worded(pictures, screen.state)}
    >
      {lecture.title}
      {screen.state === "playing" && ` · ${picture} · ${sound}`}
    </Card>
  );
}
