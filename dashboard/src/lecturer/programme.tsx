import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { seatName } from "../air/card";
import { whys } from "../air/words";
import { Listener } from "../floor/listening";
import { api } from "../shared/api";
import { worded } from "../shared/i18n";
import { Icon } from "../shared/icons";
import type { Session } from "../shared/session";
import { can } from "../shared/signed";
import { t } from "./words";

/** A picture of this size on a page tells all that it is for, and takes nothing that the lecture needs. */
const MOST_KBPS = 250;

/**
 * What the rooms see. `own`: the picture that this page sends, which stands on it already; then it is fetched back only
 * when somebody asks.
 */
export function Programme({ of, own }: { of: Session; own: boolean }): JSX.Element | null {
  const [asked, ask] = useState(false);
  const air = of.air;
  if (!air?.why || !can("lecture.view")) return null;
  return (
    <section class="card stack programme" aria-label={t.programme}>
      <p class="programme-head">
        <Icon name="screen" /> {t.programme}: <b>{own ? t.yourPicture : seatName(air.air)}</b>
        {!own && <span class="muted"> ({worded(whys, air.why)})</span>}
      </p>
      {air.air !== "" && (!own || asked) && <ProgrammePicture session={of.id} />}
      {own && (
        <button class="button small" aria-expanded={asked} onClick={() => ask(!asked)}>
          {asked ? t.hidePicture : t.showPicture}
        </button>
      )}
    </section>
  );
}

/** The rooms' picture, fetched as a room fetches it; without sound, which would go back into the microphone. */
function ProgrammePicture({ session }: { session: string }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (!video.current) return undefined;
    const path = `/api/v1/sessions/${encodeURIComponent(session)}/view`;
    const door = async (): Promise<{ url: string; token: string; mostKbps: number }> => {
      const { whep_url, token } = await api.get<{ whep_url: string; token: string }>(path);
      return { url: whep_url, token, mostKbps: MOST_KBPS };
    };
    const listener = new Listener(video.current, door, ["video"]);
    return () => listener.close();
  }, [session]);
  return <video ref={video} class="programme-picture" aria-label={t.programme} autoPlay playsInline muted />;
}
