import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { RecordingMark } from "../recordings/mark";
import { withoutAgent } from "../floor/local";
import { FloorPanel, HandButton } from "../floor/onscreen";
import { timeOfDay } from "../shared/format";
import { language } from "../shared/i18n";
import { keepLine } from "../shared/socket";
import { Microphones } from "./microphone";
import { Banner, Dark, ExamPanel, NoticeStrip, SoundMark, ToldStrip, Waiting } from "./parts";
import { Player } from "./player";
import { numberOf, type Scene, type Seen, sceneOf } from "./scene";
import { SlidePicture } from "./slides";
import { CentreClock, isState, type LocalState, withoutVoices } from "./state";
import { ByPhone, SoundOnly, Telephone } from "./weakline";
import { t } from "./words";

const REPORT_MS = 1000;
const SILENCE_MS = 12_000;

/** Keeps the line to the agent, the player and the picture of both. */
function useScreen(video: { current: HTMLVideoElement | null }): Seen | null {
  const [seen, setSeen] = useState<Seen | null>(null);
  useEffect(() => {
    if (!video.current) return;
    const clock = new CentreClock();
    let state: LocalState | null = null;
    let agent = false;
    let downMs = 0;
    let since: { session: string; ms: number } | null = null;
    const player = new Player(video.current, tell);
    const microphones = new Microphones();

    function tell(): void {
      const nowMs = clock.now(performance.now());
      const session = state?.lecture?.session;
      if (session !== since?.session) since = session ? { session, ms: nowMs } : null;
      const lectureSinceMs = since?.ms ?? null;
      const { figures, soundBlocked } = player;
      const floor =
        state?.floor && (agent ? state.floor : withoutAgent(state.floor, performance.now() - downMs));
      setSeen({
        state: state && { ...state, floor: floor ?? null },
        agent,
        figures,
        soundBlocked,
        nowMs,
        lectureSinceMs,
      });
    }

    const line = keepLine("/screen/feed", {
      silenceMs: SILENCE_MS,
      onMessage(message) {
        if (!isState(message)) return;
        agent = true;
        state = message;
        // Not remembered: other pages of this computer have switches of their own.
        if (message.language) language.value = message.language;
        clock.set(message.now_ms, performance.now());
        player.show(message.lecture);
        tell();
      },
      onDown() {
        if (agent) downMs = performance.now();
        agent = false;
        tell();
      },
    });
    const report = setInterval(
      () =>
        line.send({ ...player.figures, microphone: microphones.found, sound_blocked: player.soundBlocked }),
      REPORT_MS,
    );
    return () => {
      clearInterval(report);
      microphones.close();
      line.close();
    };
  }, []);
  return seen;
}

export function ScreenPage(): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const seen = useScreen(video);
  const scene = seen ? sceneOf(seen) : null;
  const exam = seen?.state?.exam;
  return (
    <main class={`screen at-${scene?.middle ?? "waiting"}`}>
      <div class="strips">
        {scene?.telephone && <Telephone number={scene.telephone} />}
        {scene?.banners.map((name) => (
          <Banner key={name} name={name} />
        ))}
        {scene?.notices.map((notice) => (
          <NoticeStrip key={notice.id} notice={notice} />
        ))}
        {seen?.state && scene?.told === "strip" && <ToldStrip state={seen.state} />}
      </div>
      <div class={`stage ${scene?.slides ? `slides-${scene.slides}` : ""}`}>
        {scene?.slides && seen?.state?.slides && <SlidePicture slides={seen.state.slides} />}
        <div class="picture">
          <video ref={video} autoplay playsInline />
          {seen && scene && scene.slides !== "alone" && <Middle scene={scene} seen={seen} />}
        </div>
        {seen?.state && (
          <FloorPanel
            state={scene?.middle === "phone" ? withoutVoices(seen.state) : seen.state}
            nowMs={seen.nowMs}
            lecture={video}
          />
        )}
        {exam && scene?.exam && <ExamPanel exam={exam} phase={scene.exam} nowMs={seen.nowMs} />}
      </div>
      {seen?.state && scene && <Footer seen={seen} state={seen.state} scene={scene} />}
    </main>
  );
}

function Middle(props: { scene: Scene; seen: Seen }): JSX.Element | null {
  const { scene, seen } = props;
  if (scene.middle === "waiting")
    return <Waiting state={seen.state} nowMs={seen.nowMs} told={scene.told === "waiting"} />;
  if (scene.middle === "sound") return <SoundOnly />;
  if (scene.middle === "phone") return <ByPhone number={numberOf(seen.state)} />;
  if (scene.middle === "dark" && seen.state) return <Dark state={seen.state} />;
  if (scene.middle === "starting")
    return (
      <section class="waiting" data-middle="starting">
        <h1>{seen.state?.lecture?.title}</h1>
        <h2>{t.startingTitle}…</h2>
      </section>
    );
  return scene.middle === "stalled" ? (
    <p class="stalled" data-middle="stalled">
      {t.stalled}…
    </p>
  ) : null;
}

function Footer(props: { seen: Seen; state: LocalState; scene: Scene }): JSX.Element {
  const { state, seen, scene } = props;
  return (
    <footer>
      <span class="who">
        {state.site.code} · {state.site.name}
      </span>
      <span class="what">
        {state.lecture && (
          <span>
            {state.lecture.title}
            {state.lecture.lecturer && <small class="lecturer"> · {state.lecture.lecturer}</small>}
          </span>
        )}
      </span>
      {state.slides && scene.slides && state.slides.pages > 0 && (
        <span class="num">{t.page(state.slides.page, state.slides.pages)}</span>
      )}
      <RecordingMark on={state.recording} />
      <HandButton state={state} />
      {state.lecture && scene.inaudible && <span class="tone-warn">{t.noSound}</span>}
      {state.lecture && scene.middle !== "phone" && <SoundMark level={seen.figures.audio_dbfs} />}
      {state.contact.hotline && (
        <span class="num">
          {t.hotline} {state.contact.hotline}
        </span>
      )}
      {state.clock.state !== "blind" && <span class="num time">{timeOfDay(seen.nowMs)}</span>}
    </footer>
  );
}
