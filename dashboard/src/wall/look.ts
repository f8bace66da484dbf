import type { SiteState, Tile } from "../shared/feed";
import { worded } from "../shared/i18n";
import type { IconName } from "../shared/icons";
import { isAudible } from "../shared/loudness";
import type { Tone } from "../shared/parts";
import { countReasons, t } from "./words";

export interface Look {
  tone: Tone;
  icon: IconName;
}

const STATES: Record<SiteState, Look> = {
  online: { tone: "good", icon: "check" },
  late: { tone: "warn", icon: "clock" },
  silent: { tone: "bad", icon: "cross" },
  unknown: { tone: "lost", icon: "question" },
  never: { tone: "idle", icon: "plug" },
  revoked: { tone: "idle", icon: "ban" },
};

export function stateLook(state: SiteState): Look {
  return STATES[state] ?? STATES.unknown;
}

/** The colour of the whole tile: its state while that is the news, else its worst trouble. */
export function tileTone(tile: Tile): Tone {
  if (tile.state !== "online") return stateLook(tile.state).tone;
  if (tile.trouble >= 3) return "bad";
  if (tile.trouble === 2) return "warn";
  return "good";
}

export function tileIcon(tile: Tile): IconName {
  if (tile.state !== "online") return stateLook(tile.state).icon;
  if (tile.trouble >= 3) return "alarm";
  return tile.trouble === 2 ? "warning" : "check";
}

/** "38", or a dash while no camera has given a number. */
export function heads(tile: Tile): string {
  return tile.count === null ? "–" : String(tile.count);
}

/** What stands under the number: being counted, no answer, why there is none, what the room itself declared. */
export function headsNote(tile: Tile): string {
  const declared = tile.declared === null ? "" : t.declaredN(tile.declared);
  if (tile.roll_call === "asked") return t.counting;
  if (tile.roll_call === "silent") return t.notAnswered;
  if (tile.count !== null) return declared;
  const why = tile.count_reason ? worded(countReasons, tile.count_reason) : t.notCounted;
  return declared ? `${why} · ${declared}` : why;
}

export function streamLook(tile: Tile): Look {
  const { state, audio_dbfs, rung } = tile.stream;
  if (rung === "sound" && isAudible(audio_dbfs)) return { tone: "warn", icon: "sound" };
  if (state === "dark") return { tone: "bad", icon: "dark" };
  if (state === "stalled") return { tone: "warn", icon: "pause" };
  if (state !== "playing") return { tone: "idle", icon: "screen" };
  return isAudible(audio_dbfs) ? { tone: "good", icon: "play" } : { tone: "warn", icon: "mute" };
}

export function clockLook(tile: Tile): Look {
  const tone = tile.clock.state === "synced" ? "good" : tile.clock.state === "loose" ? "warn" : "bad";
  return { tone, icon: "clock" };
}
