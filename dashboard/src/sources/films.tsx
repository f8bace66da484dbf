import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { whole } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert, Bar } from "../shared/parts";
import { type Clip, place, size } from "./model";
import { giveUp, refused, send, sending } from "./sending";
import { t, whys } from "./words";

/** Films that are not sources yet: on their way, looked at, refused. `path` is the session's. */
export function FilmsComing(props: { path: string; clips: readonly Clip[]; again: () => void }): JSX.Element {
  const { path, clips, again } = props;
  const now = sending.value;
  return (
    <>
      {clips
        .filter((clip) => clip.state !== "ready" && !(now && isOwn(clip)))
        .map((clip) => (
          <Coming key={clip.id} clip={clip} path={`${path}/clips/${clip.id}`} again={again} />
        ))}
    </>
  );
}

function isOwn(clip: Clip): boolean {
  const now = sending.value;
  return clip.state === "uploading" && clip.name === now?.name && clip.size === now.size;
}

/** Chooses a film and shows how far it is. */
export function SendFilm(props: {
  path: string;
  session: string;
  largestMb: number;
  again: () => void;
}): JSX.Element {
  const { path, session, largestMb, again } = props;
  const box = useRef<HTMLInputElement>(null);
  const now = sending.value;
  const take = (): void => {
    const file = box.current?.files?.[0];
    if (box.current) box.current.value = "";
    if (!file) return;
    if (file.size > largestMb * 2 ** 20) refused.value = t.tooLarge(size(largestMb * 2 ** 20));
    else send(`${path}/clips`, session, file);
  };
  if (now) return <OnItsWay again={again} />;
  return (
    <div class="stack">
      <div>
        <label class="button">
          {t.sendFilm}
          <input
            ref={box}
            class="visually-hidden"
            type="file"
            accept=".mp4,.m4v,.mov,.mkv,.webm"
            onChange={take}
          />
        </label>
      </div>
      <p class="muted">{t.sendHint(size(largestMb * 2 ** 20))}</p>
      {refused.value && <Alert tone="bad">{refused.value}</Alert>}
    </div>
  );
}

function OnItsWay({ again }: { again: () => void }): JSX.Element | null {
  const now = sending.value;
  if (!now) return null;
  const share = whole(Math.floor(now.share * 100));
  const minutes = now.leftS === null ? null : Math.max(1, Math.round(now.leftS / 60));
  return (
    <section class="stack source" aria-label={now.name}>
      <div class="row" role="status">
        <span class="grow num">
          <b>{now.name}</b>
          <br />
          {t.sent(share, size(now.size))}
          {minutes !== null && ` · ${t.minutesLeft(minutes)}`}
        </span>
        <button class="button" onClick={() => void giveUp().then(again)}>
          {t.giveUp}
        </button>
      </div>
      <Bar share={now.share} label={t.sent(share, size(now.size))} />
      <Alert tone={now.waiting ? "warn" : "minor"}>{now.waiting ? t.lineDown : t.keepOpen}</Alert>
    </section>
  );
}

function Coming({ clip, path, again }: { clip: Clip; path: string; again: () => void }): JSX.Element {
  const share = whole(Math.floor((100 * clip.arrived) / clip.size));
  return (
    <article class="source stack" aria-label={clip.name}>
      <b>{clip.name}</b>
      {clip.state === "checking" && <Alert tone="minor">{t.checking}</Alert>}
      {clip.state === "uploading" && <Alert tone="warn">{t.unfinished(share)}</Alert>}
      {clip.state === "refused" && (
        <Alert tone="bad">
          {clip.at_s > 0 && `${t.atPlace(place(clip.at_s))} `}
          {api.said(clip.reason)}
        </Alert>
      )}
      {clip.state !== "checking" && (
        <div class="row">
          <span class="grow" />
          <Confirmed
            word={t.remove}
            title={t.removeFilm(clip.name)}
            class="danger"
            deed={() => api.delete(path).then(again)}
          >
            {t.filmGone}
          </Confirmed>
        </div>
      )}
    </article>
  );
}

/** What is known of a film that was sent, before it is played. */
export function FilmFacts({ clip, playing }: { clip: Clip; playing: boolean }): JSX.Element {
  return (
    <>
      <p class="num">
        {[place(clip.length_s), size(clip.size), ...(playing ? [] : [clip.picture, clip.sound || t.noSound])]
          .filter(Boolean)
          .join(" · ")}
        {!playing && (
          <>
            <br />
            {clip.converted ? (
              <span>
                {t.willConvert}
                {worded(whys, clip.converted)}
              </span>
            ) : (
              <span class="good">{t.passes}</span>
            )}
          </>
        )}
      </p>
      {clip.turned && <Alert tone="warn">{t.turned}</Alert>}
    </>
  );
}
