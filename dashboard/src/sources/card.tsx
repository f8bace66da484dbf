import "./sources.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { useAsked, useDoing } from "../shared/asked";
import { worded } from "../shared/i18n";
import { Alert, Chip, Field, Modal } from "../shared/parts";
import { Adding } from "./adding";
import { FilmFacts, FilmsComing, SendFilm } from "./films";
import {
  type Board,
  type Clip,
  isPushed,
  place,
  remaining,
  type Source,
  srtAddress,
  standing,
  startable,
  toneOf,
} from "./model";
import { seats, states, t, ways, whys } from "./words";

/** Where a session's lecture may come from besides a browser: keys of encoders, cameras, films. */
export function LectureSources({ session, folded }: { session: string; folded?: boolean }): JSX.Element {
  const home = `/api/v1/sessions/${encodeURIComponent(session)}`;
  const path = `${home}/sources`;
  const [open, unfold] = useState(!folded);
  const board = useAsked<Board>(open ? path : null, 2000);
  const [adding, add] = useState(false);
  const [made, tell] = useState<Source | null>(null);
  return (
    <details class="card sources" open={open} onToggle={(event) => unfold(event.currentTarget.open)}>
      <summary>
        <h2>{t.title}</h2>
      </summary>
      <div class="stack">
        <p class="muted">{t.about}</p>
        {board.fault && <Alert tone="bad">{board.fault}</Alert>}
        {board.value?.rtmp_why && <Alert tone="bad">{t.doorShut}</Alert>}
        {board.value?.srt_why && (
          <Alert tone="bad">{board.value.srt_why === "missing_program" ? t.srtMissing : t.srtShut}</Alert>
        )}
        {board.value?.sources.length === 0 && <p class="muted">{t.none}</p>}
        {board.value?.sources.map((source) => (
          <One
            key={source.id}
            source={source}
            clip={board.value?.clips.find(({ id }) => id === source.clip)}
            path={`${path}/${source.id}`}
            again={board.again}
          />
        ))}
        {board.value && (
          <>
            <FilmsComing path={home} clips={board.value.clips} again={board.again} />
            <SendFilm path={home} session={session} largestMb={board.value.clip_mb} again={board.again} />
            <div>
              <button class="button" onClick={() => add(true)}>
                {t.add}
              </button>
            </div>
          </>
        )}
      </div>
      {adding && board.value && (
        <Adding
          path={path}
          network={board.value.network}
          onClose={() => add(false)}
          onMade={(source) => {
            add(false);
            board.again();
            if (source.key) tell(source);
          }}
        />
      )}
      {made && board.value && <Key source={made} board={board.value} onClose={() => tell(null)} />}
    </details>
  );
}

function One(props: {
  source: Source;
  clip: Clip | undefined;
  path: string;
  again: () => void;
}): JSX.Element {
  const { source, clip, path, again } = props;
  const { told } = source;
  const word = standing(source);
  return (
    <article class="source stack" aria-label={source.name}>
      <div class="row">
        <span class="grow">
          <b>{source.name}</b>
          <br />
          <span class="muted">
            {clip ? t.sentFilm : `${worded(ways, source.way)} · ${worded(seats, source.seat)}`}
            {source.shown && source.shown !== source.name ? ` · ${source.shown}` : ""}
          </span>
        </span>
        <Chip tone={toneOf(word)}>{worded(states, word)}</Chip>
      </div>
      {clip && <FilmFacts clip={clip} playing={word === "running" || word === "paused"} />}
      {told.state === "failed" && <Alert tone="bad">{worded(whys, told.why)}</Alert>}
      {told.picture && word !== "stopped" && word !== "off" && <Flow source={source} />}
      {source.way === "file" && (word === "running" || word === "paused") && (
        <Place source={source} path={path} again={again} />
      )}
      {clip && startable(source) && <p class="muted">{t.playMeans}</p>}
      <Deeds source={source} path={path} again={again} />
    </article>
  );
}

/** What comes in, and what becomes of it. */
function Flow({ source: { told } }: { source: Source }): JSX.Element {
  return (
    <p class="num">
      {[
        told.picture,
        told.sound,
        told.kbps ? t.figures(told.kbps) : "",
        told.skipped ? t.skipped(told.skipped) : "",
      ]
        .filter(Boolean)
        .join(" · ")}
      <br />
      {told.passes ? (
        <span class="good">{t.passes}</span>
      ) : (
        <span>
          {t.converts}
          {worded(whys, told.converted)}
        </span>
      )}
    </p>
  );
}

function Deeds({ source, path, again }: { source: Source; path: string; again: () => void }): JSX.Element {
  const { busy, fault, run } = useDoing();
  const order = (deed: string): void =>
    void run(async () => {
      await api.post(`${path}/orders`, { deed });
      again();
    });
  const held = source.told.state === "paused";
  return (
    <>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <div class="row">
        {startable(source) ? (
          <button class="button primary" disabled={busy} onClick={() => order("start")}>
            {source.clip ? t.play : t.start}
          </button>
        ) : (
          <button class="button" disabled={busy} onClick={() => order("stop")}>
            {t.stop}
          </button>
        )}
        {source.way === "file" && (held || source.told.state === "running") && (
          <button class="button" disabled={busy} onClick={() => order(held ? "resume" : "pause")}>
            {held ? t.goOn : t.hold}
          </button>
        )}
        <span class="grow" />
        <Confirmed
          word={isPushed(source.way) ? t.revoke : t.remove}
          title={source.clip ? t.removeFilm(source.name) : t.removeAsk(source.name)}
          class="danger"
          deed={() => api.delete(path).then(again)}
        >
          {source.clip ? t.filmGone : t.removeMeans}
        </Confirmed>
      </div>
    </>
  );
}

/** A film's place: drawn with the hand, sent when it is let go. */
function Place({ source, path, again }: { source: Source; path: string; again: () => void }): JSX.Element {
  const { told } = source;
  const [drawn, draw] = useState<number | null>(null);
  const { run } = useDoing();
  const at = drawn ?? told.at_s;
  const left = remaining({ ...told, at_s: at });
  const seek = (to: number): void =>
    void run(async () => {
      await api.post(`${path}/orders`, { deed: "seek", at_s: to });
      again();
      draw(null);
    });
  return (
    <Field label={`${t.at}: ${place(at)} / ${place(told.length_s)} · ${t.remaining(place(left))}`}>
      <input
        type="range"
        min={0}
        max={Math.max(1, Math.floor(told.length_s))}
        value={Math.floor(at)}
        aria-valuetext={place(at)}
        onInput={(event) => draw(Number(event.currentTarget.value))}
        onChange={(event) => seek(Number(event.currentTarget.value))}
      />
    </Field>
  );
}

function Key({ source, board, onClose }: { source: Source; board: Board; onClose: () => void }): JSX.Element {
  const srt = source.way === "srt_in";
  return (
    <Modal title={srt ? t.srtTitle : t.keyTitle} onClose={onClose}>
      <Copied label={srt ? t.srtServer : t.server} text={srt ? board.srt_url : board.rtmp_url} />
      <Copied label={srt ? t.streamId : t.key} text={source.key} />
      {source.secret && <Copied label={t.passphrase} text={source.secret} />}
      {srt && <Copied label={t.oneLine} text={srtAddress(board.srt_url, source)} />}
      <Alert tone="warn">{t.keyOnce}</Alert>
      <p>{srt ? t.srtPushHint : t.obsHint}</p>
    </Modal>
  );
}

function Copied({ label, text }: { label: string; text: string }): JSX.Element {
  const [copied, tell] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text).then(
      () => tell(true),
      () => undefined,
    );
  };
  return (
    <div class="row copied">
      <Field label={label}>
        <input readOnly class="num" value={text} onFocus={(event) => event.currentTarget.select()} />
      </Field>
      <button class="button" aria-label={`${t.copy}: ${label}`} onClick={() => void copy()}>
        {copied ? t.copied : t.copy}
      </button>
    </div>
  );
}
