import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { memo } from "preact/compat";
import { FloorMarkOf } from "../floor/onwall";
import type { Tile, TileExam } from "../shared/feed";
import { whole } from "../shared/format";
import { worded } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { loudness } from "../shared/loudness";
import { cell } from "./cells";
import type { Density } from "./density";
import { callerAt, matterAt } from "./live";
import { clockLook, type Look, heads, headsNote, streamLook, tileIcon, tileTone } from "./look";
import { shortName } from "./shortname";
import { examStates, reasons, streamStates, t } from "./words";

interface TileProps {
  id: string;
  density: Density;
  onOpen: (id: string) => void;
}

/** One site. Drawn again only when its own face, the density or the language changes. */
export const SiteTile = memo(function SiteTile({ id, density, onOpen }: TileProps): JSX.Element | null {
  const tile = cell(id)?.value;
  if (!tile) return null;
  const loud = tile.trouble >= 2 || tile.state !== "online";
  const classes = ["tile", density, `face-${tileTone(tile)}`, loud ? "loud" : "", `trouble-${tile.trouble}`];
  const words = describe(tile);
  return (
    <button
      class={classes.join(" ")}
      data-site={id}
      onClick={() => onOpen(id)}
      title={words}
      aria-label={density === "pip" ? words : undefined}
    >
      {density === "pip" ? (
        <Pip tile={tile} />
      ) : density === "dot" ? (
        <Dot tile={tile} />
      ) : (
        <Face tile={tile} density={density} />
      )}
      <FloorMarkOf id={id} />
      <CallMark id={id} wide={density !== "dot" && density !== "pip"} />
    </button>
  );
});

/** Somebody is on the telephone with this site, or was and something is still open. Drawn again for itself alone. */
function CallMark({ id, wide }: { id: string; wide: boolean }): JSX.Element | null {
  const caller = useComputed(() => callerAt.value.get(id)).value;
  const open = useComputed(() => matterAt.value.has(id)).value;
  if (!caller && !open) return null;
  return (
    <span class={`tile-calling ${caller ? "now" : ""}`}>
      <Icon name="phone" />
      {caller && wide && <span>{caller}</span>}
    </span>
  );
}

/** Among a thousand: a mark for what is wrong alone; the ground has the colour, and a plain tile is a healthy one. */
function Pip({ tile }: { tile: Tile }): JSX.Element {
  return <span class="tile-mark">{tileTone(tile) !== "good" && <Icon name={tileIcon(tile)} />}</span>;
}

function describe(tile: Tile): string {
  const state = worded(t, tile.state);
  const reason = tile.reason && tile.reason !== tile.state ? ` – ${worded(reasons, tile.reason)}` : "";
  return `${tile.name} · ${state}${reason} · ${heads(tile)}/${tile.expected}`;
}

function Dot({ tile }: { tile: Tile }): JSX.Element {
  return (
    <span class="tile-mark">
      {tileTone(tile) !== "good" && <Icon name={tileIcon(tile)} />}
      <span class="tile-code">{tile.code.slice(-4)}</span>
    </span>
  );
}

function Face({ tile, density }: { tile: Tile; density: Density }): JSX.Element {
  if (density === "s" || density === "xs") return <SmallFace tile={tile} density={density} />;
  const roomy = density !== "m";
  return (
    <>
      <span class="tile-head">
        <span class="tile-mark">
          <Icon name={tileIcon(tile)} />
          <span class="tile-word">{headline(tile)}</span>
        </span>
        <span class="tile-name">{shortName(tile.name)}</span>
        {roomy && <span class="tile-place">{tile.district}</span>}
      </span>
      {tile.trouble === 1 && tile.reason && <span class="tile-reason">{worded(reasons, tile.reason)}</span>}
      <span class="tile-body">
        <Heads tile={tile} noted={roomy} />
        <Health tile={tile} full={roomy} />
      </span>
      {tile.exam && <ExamLine exam={tile.exam} full={roomy} />}
    </>
  );
}

/** Among a hundred others: the name, the head count, and a mark only for what is wrong. */
function SmallFace({ tile, density }: { tile: Tile; density: "s" | "xs" }): JSX.Element {
  return (
    <>
      <span class="tile-name">{density === "s" ? <SmallName name={shortName(tile.name)} /> : tile.code}</span>
      <span class="tile-body">
        <span class="tile-mark">
          <Icon name={tileIcon(tile)} />
        </span>
        <Heads tile={tile} noted={false} />
        <Health tile={tile} full={false} />
      </span>
      {tile.exam && <ExamLine exam={tile.exam} full={false} />}
    </>
  );
}

/** "TH Kim Đồng – An Mỹ": what follows the dash has a line of its own, so that it is not what is cut. */
function SmallName({ name }: { name: string }): JSX.Element {
  const [school = name, commune] = name.split(" – ", 2);
  if (!commune) return <>{name}</>;
  return (
    <>
      <span class="tile-school">{school}</span> <span class="tile-commune">{commune}</span>
    </>
  );
}

/** The first words of a tile: its state, or what is wrong in a room that is online. */
function headline(tile: Tile): string {
  const wrong = tile.state === "online" && tile.trouble >= 2 && tile.reason;
  return wrong ? worded(reasons, tile.reason) : worded(t, tile.state);
}

function Heads({ tile, noted }: { tile: Tile; noted: boolean }): JSX.Element {
  return (
    <span class="tile-heads">
      <span class="num">
        <b class={tile.count === null ? "none" : undefined}>{heads(tile)}</b>
        <span class="of">/{tile.expected}</span>
      </span>
      {noted && <span class="tile-note">{headsNote(tile)}</span>}
    </span>
  );
}

/** Stream and clock: always on a large tile, only when something is wrong on a small one. */
function Health({ tile, full }: { tile: Tile; full: boolean }): JSX.Element {
  const stream = streamLook(tile);
  const clock = clockLook(tile);
  const heard = tile.state === "online" || tile.state === "late";
  if (!full) {
    return (
      <span class="tile-health">
        {tile.roll_call === "asked" && <Icon name="people" />}
        {heard && stream.tone !== "good" && stream.tone !== "idle" && <Toned look={stream} />}
        {heard && tile.exam && clock.tone !== "good" && <Toned look={clock} />}
      </span>
    );
  }
  return (
    <span class={`tile-health ${heard ? "" : "stale"}`}>
      <span class={`tone-${stream.tone}`}>
        <Icon name={stream.icon} /> {streamFigure(tile)}
      </span>
      <span class={`tone-${clock.tone}`}>
        <Icon name="clock" /> {tile.clock.bound_ms === null ? "–" : `±${whole(tile.clock.bound_ms)} ms`}
      </span>
    </span>
  );
}

function Toned({ look }: { look: Look }): JSX.Element {
  return (
    <span class={`tone-${look.tone}`}>
      <Icon name={look.icon} />
    </span>
  );
}

function streamFigure(tile: Tile): string {
  const { state, height, fps, audio_dbfs } = tile.stream;
  if (tile.stream.rung === "sound" && audio_dbfs !== null) return t.soundAlone;
  if (state !== "playing") return worded(streamStates, state);
  const sound = loudness(audio_dbfs, { digits: 0, unit: "dB" });
  const low = tile.stream.rung === "low" ? "▾" : "";
  return `${low}${height}p${Math.round(fps)} ${sound}`;
}

function ExamLine({ exam, full }: { exam: TileExam; full: boolean }): JSX.Element {
  const of = Math.max(1, exam.registered);
  const signed = Math.min(100, (exam.signed_in / of) * 100);
  const handed = Math.min(100, (exam.handed_in / of) * 100);
  return (
    <span class="tile-exam">
      {full && (
        <span class="tile-exam-words num">
          <span>
            <Icon name="paper" /> {worded(examStates, exam.state)}
          </span>
          <span>
            {exam.handed_in}/{exam.signed_in}/{exam.registered}
          </span>
        </span>
      )}
      <span class="progress">
        <span class="signed" style={{ width: `${signed}%` }} />
        <span class="handed" style={{ width: `${handed}%` }} />
      </span>
    </span>
  );
}
