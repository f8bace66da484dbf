/** One site's history as `/api/v1/sites/{site}/history` tells it, and how its stretches are worded and coloured. */

import type { Claim, Entry, Matter } from "../shared/duty";
import type { Tile, WallEvent } from "../shared/feed";
import { dictionary, type Phrase, worded } from "../shared/i18n";
import type { Tone } from "../shared/parts";
import { rungText } from "../wall/rungwords";
import { cameraStates, clockStates, examStates, streamStates, t as wall } from "../wall/words";

export interface Now {
  centre_ms: number;
  tile: Tile;
  claim: Claim | null;
  matter: Matter | null;
}

export type Source = "seen" | "afterwards" | "unsure" | "nobody";

export interface Stretch {
  from_ms: number;
  until_ms: number;
  state: string;
  source: Source;
}

export interface Lane {
  facet: string;
  stretches: Stretch[];
}

export interface History {
  from_ms: number;
  until_ms: number;
  lanes: Lane[];
  events: Pick<WallEvent, "id" | "at_ms" | "kind" | "severity" | "params">[];
  book: Entry[];
}

export const facets = dictionary({
  presence: { vi: "Có mặt", en: "Presence" },
  rung: { vi: "Nhận bài giảng", en: "Lecture got" },
  screen: { vi: "Màn hình", en: "Screen" },
  sound: { vi: "Tiếng", en: "Sound" },
  camera: { vi: "Camera", en: "Camera" },
  clock: { vi: "Đồng hồ", en: "Clock" },
  exam: { vi: "Bài thi", en: "Exam" },
  disk: { vi: "Ổ đĩa", en: "Disk" },
});

const presences = dictionary({
  online: { vi: "Trực tuyến", en: "Online" },
  late: { vi: "Chậm tin", en: "Late" },
  silent: { vi: "Mất tin", en: "Silent" },
  unknown: { vi: "Không rõ", en: "Unknown" },
  never: { vi: "Chưa nối", en: "Never seen" },
  revoked: { vi: "Thu hồi", en: "Revoked" },
  cut_off: { vi: "Mất đường truyền, máy vẫn chạy", en: "No line, computer running" },
  off: { vi: "Máy tắt", en: "Computer off" },
  unwatched: { vi: "Trung tâm không theo dõi", en: "The centre did not watch" },
});

const sounds = dictionary({
  heard: { vi: "Có tiếng", en: "Heard" },
  silent: { vi: "Không có tiếng", en: "No sound" },
  none: { vi: "Không chiếu", en: "Nothing on" },
});

const disks = dictionary({
  enough: { vi: "Còn chỗ", en: "Enough room" },
  low: { vi: "Sắp hết chỗ", en: "Nearly full" },
});

export const sources = dictionary({
  seen: { vi: "trung tâm thấy", en: "seen by the centre" },
  afterwards: { vi: "điểm cầu kể lại sau", en: "told by the site afterwards" },
  unsure: { vi: "điểm cầu kể lại, giờ chưa chắc", en: "told by the site, by an unset clock" },
  nobody: { vi: "không ai thấy", en: "seen by nobody" },
});

const none = { none: wall.noExam };
const WORDS: Record<string, Record<string, Phrase>> = {
  presence: presences,
  screen: streamStates,
  sound: sounds,
  camera: cameraStates,
  clock: clockStates,
  exam: examStates,
  disk: disks,
};

const TONES: Record<string, Record<string, Tone>> = {
  presence: {
    online: "good",
    late: "warn",
    silent: "bad",
    never: "idle",
    cut_off: "warn",
    off: "bad",
    unwatched: "idle",
  },
  rung: { full: "good", low: "warn", sound: "warn", phone: "bad" },
  screen: { playing: "good", stalled: "warn", dark: "bad", idle: "idle" },
  sound: { heard: "good", silent: "warn", none: "idle" },
  camera: { working: "good", covered: "warn", frozen: "warn", failed: "bad", absent: "idle" },
  clock: { synced: "good", loose: "warn", blind: "bad" },
  exam: { open: "good", ready: "minor", sign_in: "minor", released: "minor", missing: "warn" },
  disk: { enough: "good", low: "warn" },
};

/** What a stretch says: `unknown` and `off` mean the same in every lane. */
export function stateWord(facet: string, state: string): string {
  if (state === "unknown" || state === "off") return worded(presences, state);
  if (facet === "exam" && state === "none") return none.none;
  if (facet === "rung") return state === "none" ? sounds.none : rungText(state);
  return worded(WORDS[facet] ?? {}, state);
}

export function stateTone(facet: string, state: string): Tone {
  if (state === "unknown") return "lost";
  return TONES[facet]?.[state.split(".")[0] ?? ""] ?? (state === "off" ? "bad" : "idle");
}

/** The stretches of the session that is on: all since nothing was, but for moments that nobody saw. */
export function sinceItBegan(lane: Lane): Stretch[] {
  const before = lane.stretches.map(({ state }) => state).lastIndexOf("none");
  return lane.stretches.slice(before + 1).filter(({ source }) => source !== "nobody");
}

/** The share of the window that a lane spent in each state, the longest first. */
export function shares(lane: Lane): [string, number][] {
  const spent = new Map<string, number>();
  let total = 0;
  for (const { state, from_ms, until_ms } of lane.stretches) {
    spent.set(state, (spent.get(state) ?? 0) + until_ms - from_ms);
    total += until_ms - from_ms;
  }
  return [...spent]
    .map(([state, ms]): [string, number] => [state, total ? ms / total : 0])
    .sort((a, b) => b[1] - a[1]);
}

/** Stretches too short to be drawn by themselves give way to the longest of their neighbourhood. */
export function drawable(lane: Lane, fromMs: number, untilMs: number, most: number): Stretch[] {
  const step = (untilMs - fromMs) / most;
  if (lane.stretches.length <= most) return lane.stretches;
  const made: Stretch[] = [];
  let at = 0;
  for (let slot = 0; slot < most; slot++) {
    const since = fromMs + slot * step;
    const until = since + step;
    let best: Stretch | undefined;
    let longest = -1;
    while (at < lane.stretches.length) {
      const each = lane.stretches[at] as Stretch;
      const within = Math.min(each.until_ms, until) - Math.max(each.from_ms, since);
      if (within > longest) [best, longest] = [each, within];
      if (each.until_ms > until) break;
      at++;
    }
    if (!best) continue;
    const last = made.at(-1);
    if (last && last.state === best.state && last.source === best.source) last.until_ms = until;
    else made.push({ ...best, from_ms: since, until_ms: until });
  }
  return made;
}
