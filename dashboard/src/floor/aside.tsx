import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api, sentence } from "../shared/api";
import { countdown } from "../shared/format";
import { Alert } from "../shared/parts";
import { muteHints, t } from "./handwords";
import { Listener } from "./listening";
import { type Aside, type AsideTicket, floorPath, isMute, nameOf } from "./model";
import { type MicrophoneFault, Speaker } from "./speaking";

/** The centre ends a private word whose page has said nothing for twenty seconds. */
const KEEP_MS = 4000;

/** One's own private word with a room: it is heard and seen here, and hears this computer's microphone. */
export function OwnAside(props: {
  session: string;
  aside: Aside;
  nowMs: number;
  onEnd: () => void;
}): JSX.Element {
  const { session, aside, nowMs, onEnd } = props;
  const video = useRef<HTMLVideoElement>(null);
  const [microphone, hear] = useState<MicrophoneFault>(null);
  const [fault, tell] = useState("");
  useEffect(() => {
    if (!video.current) return undefined;
    const keep = (): Promise<AsideTicket> =>
      api.post<AsideTicket>(`${floorPath(session)}/asides/${aside.id}/keep`);
    const listener = new Listener(video.current, async () => {
      const ticket = await keep();
      return { url: ticket.whep_url, token: ticket.whep_token };
    });
    const speaker = new Speaker(
      null,
      async () => {
        const ticket = await keep();
        return { url: ticket.whip_url, token: ticket.whip_token };
      },
      { onState: () => undefined, onMicrophone: hear },
    );
    const timer = setInterval(() => {
      keep().then(
        () => tell(""),
        (caught: unknown) => tell(sentence(caught)),
      );
    }, KEEP_MS);
    return () => {
      clearInterval(timer);
      listener.close();
      void speaker.close();
    };
  }, [session, aside.id]);
  return (
    <section class="speaks" aria-label={t.asideWith}>
      <p class="speaks-now">
        <span class="lamp" /> {t.asideWith}
      </p>
      <p class="who">{nameOf(aside.room)}</p>
      <p class="muted">{t.asideHint}</p>
      <video ref={video} class="room-voice" autoplay playsInline />
      {isMute(aside.voice) && <Alert tone="bad">{muteHints[aside.voice]}</Alert>}
      {microphone && <Alert tone="bad">{t.asideNoSound}</Alert>}
      {fault && <Alert tone="warn">{fault}</Alert>}
      <p class="num">
        {t.left} <b>{countdown(aside.until_ms, nowMs)}</b>
      </p>
      <button class="button primary" onClick={onEnd}>
        {t.asideEnd}
      </button>
    </section>
  );
}
