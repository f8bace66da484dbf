/** The wall's feed: its words, and the pure step from one picture to the next. */

import type { Claim, Handover, Matter } from "./duty";

export type SiteState = "online" | "late" | "silent" | "unknown" | "never" | "revoked";
export type StreamState = "playing" | "stalled" | "dark" | "idle" | "none";
export type ClockState = "synced" | "loose" | "blind";

export interface Tile {
  id: string;
  code: string;
  name: string;
  path: string[];
  district: string;
  level: string;
  state: SiteState;
  reason: string | null;
  trouble: number;
  since_ms: number;
  expected: number;
  count: number | null;
  count_reason: string | null;
  declared: number | null;
  count_at_ms: number | null;
  /** `silent`: the room neither answered the roll call in time nor told its number. */
  roll_call: "asked" | "silent" | "received" | null;
  stream: StreamFigures;
  clock: { state: ClockState; offset_ms: number | null; bound_ms: number | null };
  exam: TileExam | null;
  session: string | null;
  contact: string;
  phone: string;
  agent: AgentFigures;
}

export interface StreamFigures {
  state: StreamState;
  fps: number;
  width: number;
  height: number;
  audio_dbfs: number | null;
  lost: number;
  jitter_ms: number;
  /** How much of the lecture the room gets, why, and what an operator ordered; absent in older pictures. */
  rung?: Rung | "";
  rung_why?: string;
  rung_ordered?: Rung | "";
  /** Who ordered it, and when. */
  rung_by?: string;
  rung_at_ms?: number;
  /** By which way the packets come: `udp`, or a detour over `tcp`, `tls` or UDP (`turn`). */
  path?: string;
}

export type Rung = "full" | "low" | "sound" | "phone";

export interface AgentFigures {
  version: string;
  load: number;
  disk_free_mb: number;
  camera: string;
  outbox: number;
}

export interface TileExam {
  exam: string;
  state: string;
  registered: number;
  signed_in: number;
  started: number;
  answered: number;
  handed_in: number;
  opened_ms: number | null;
  late_ms: number | null;
}

export interface DistrictCount {
  district: string;
  total: number;
  online: number;
  trouble: number;
  expected: number;
  counted: number;
}

export interface Counters {
  total: number;
  online: number;
  late: number;
  silent: number;
  unknown: number;
  never: number;
  trouble: number;
  expected: number;
  counted: number;
  declared: number;
  signed_in: number;
  handed_in: number;
  by_district: DistrictCount[];
}

export interface WallSession {
  id: string;
  topic: string;
  lecturer_name: string;
  state: string;
  starts_ms: number;
  ends_ms: number;
  /** Rooms invited, showing moving pictures, and hearing sound. */
  sites: number;
  on_air: boolean;
  /** Which seat holds the stream and why, since when; what is amiss with it. */
  air?: string;
  air_why?: string;
  air_since_ms?: number;
  finding?: string;
  trouble?: number;
  /** Where the lecture comes from, and which source is in trouble. */
  source?: SourceOnAir;
  watching: number;
  hearing: number;
}

/** `way`: `browser`, or a source's; empty while no person's picture is on air. `left_s` of a film. */
export interface SourceOnAir {
  way: string;
  name: string;
  left_s: number | null;
  trouble: string;
  troubled: string;
}

/** A session's floor: who speaks, whose hands are up in their order, who has a private word (site ids). */
export interface WallFloor {
  session: string;
  speaker: string | null;
  until_ms: number;
  muted: boolean;
  hands: string[];
  aside: string[];
}

export interface WallExam {
  id: string;
  title: string;
  state: string;
  starts_ms: number;
  duration_s: number;
  sites: number;
  opened: number;
  registered: number;
  signed_in: number;
  handed_in: number;
}

/** An alarm that stands; `name` is of its cause, or the id of the one site. */
export interface WallAlarm {
  id: string;
  trouble: string;
  scope: string;
  name: string;
  severity: number;
  since_ms: number;
  sites: string[];
  most: number;
  /** How many sites the cause reaches. */
  of: number;
  level: number;
  /** Nobody took it in time. */
  loud: boolean;
  taken: {
    by: string;
    name: string;
    at_ms: number;
    until_ms: number | null;
    sticky: boolean;
    word: string;
  } | null;
}

/** Planned work, with the sites whose alarms it holds back now. */
export interface WallWork {
  id: string;
  scope: string;
  name: string;
  from_ms: number;
  until_ms: number;
  by: string;
  why: string;
  held: string[];
}

export interface WallEvent {
  id: number;
  at_ms: number;
  kind: string;
  site: string | null;
  site_name: string;
  severity: number;
  params: Record<string, unknown>;
}

/** An open conversation with a site's desk: `place` moves with each line; `waits`: the last word is the site's. */
export interface TalkMark {
  site: string;
  place: number;
  waits: boolean;
  delivered: boolean;
  at_ms: number;
}

interface Snapshot {
  type: "snapshot";
  n: number;
  centre_ms: number;
  sites: Tile[];
  sessions: WallSession[];
  exams: WallExam[];
  alarms?: WallAlarm[];
  works?: WallWork[];
  counters: Counters;
  claims?: Claim[];
  matters?: Matter[];
  offers?: Handover[];
  chats?: TalkMark[];
  floors?: WallFloor[];
  events: WallEvent[];
}

interface Delta {
  type: "delta";
  n: number;
  centre_ms: number;
  sites?: Tile[];
  gone?: string[];
  counters?: Counters;
  sessions?: WallSession[];
  exams?: WallExam[];
  claims?: Claim[];
  matters?: Matter[];
  offers?: Handover[];
  alarms?: WallAlarm[];
  works?: WallWork[];
  chats?: TalkMark[];
  floors?: WallFloor[];
  events?: WallEvent[];
}

export type FeedMessage = Snapshot | Delta;

/** What the page knows. A tile that did not change stays the same object, so that it need not be drawn again. */
export interface Picture {
  n: number;
  /** Centre time of the latest message, and this computer's monotonic time when it came (ms). */
  centreMs: number;
  heardMs: number;
  sites: ReadonlyMap<string, Tile>;
  sessions: readonly WallSession[];
  exams: readonly WallExam[];
  alarms: readonly WallAlarm[];
  works: readonly WallWork[];
  counters: Counters;
  /** Who is calling which site, and what calls have left open. */
  claims: readonly Claim[];
  matters: readonly Matter[];
  /** Shifts that are offered and that nobody has taken. */
  offers: readonly Handover[];
  chats: readonly TalkMark[];
  floors: readonly WallFloor[];
  /** Newest first, at most `EVENTS_KEPT`. */
  events: readonly WallEvent[];
}

export interface Step {
  picture: Picture | null;
  /** A number is missing: nothing that follows may be believed before a new snapshot. */
  gap: boolean;
}

const EVENTS_KEPT = 300;

/** The picture after `message`, heard at monotonic `nowMs`. After a gap the last good picture stays. */
export function step(before: Picture | null, message: FeedMessage, nowMs: number): Step {
  if (message.type === "snapshot") return { picture: fromSnapshot(message, nowMs), gap: false };
  if (!before || message.n !== before.n + 1) return { picture: before, gap: true };
  return { picture: withDelta(before, message, nowMs), gap: false };
}

function fromSnapshot(message: Snapshot, nowMs: number): Picture {
  return {
    n: message.n,
    centreMs: message.centre_ms,
    heardMs: nowMs,
    sites: new Map(message.sites.map((tile) => [tile.id, tile])),
    sessions: message.sessions,
    exams: message.exams,
    alarms: message.alarms ?? [],
    works: message.works ?? [],
    counters: message.counters,
    claims: message.claims ?? [],
    matters: message.matters ?? [],
    offers: message.offers ?? [],
    chats: message.chats ?? [],
    floors: message.floors ?? [],
    events: newestFirst([], message.events),
  };
}

function withDelta(before: Picture, message: Delta, nowMs: number): Picture {
  return {
    n: message.n,
    centreMs: message.centre_ms,
    heardMs: nowMs,
    sites: changedSites(before.sites, message.sites ?? [], message.gone ?? []),
    sessions: message.sessions ?? before.sessions,
    exams: message.exams ?? before.exams,
    alarms: message.alarms ?? before.alarms,
    works: message.works ?? before.works,
    counters: message.counters ?? before.counters,
    claims: message.claims ?? before.claims,
    matters: message.matters ?? before.matters,
    offers: message.offers ?? before.offers,
    chats: message.chats ?? before.chats,
    floors: message.floors ?? before.floors,
    events: message.events?.length ? newestFirst(before.events, message.events) : before.events,
  };
}

function changedSites(
  before: ReadonlyMap<string, Tile>,
  changed: Tile[],
  gone: string[],
): ReadonlyMap<string, Tile> {
  if (!changed.length && !gone.length) return before;
  const after = new Map(before);
  for (const tile of changed) after.set(tile.id, tile);
  for (const id of gone) after.delete(id);
  return after;
}

function newestFirst(before: readonly WallEvent[], added: readonly WallEvent[]): readonly WallEvent[] {
  const byId = new Map([...before, ...added].map((event) => [event.id, event]));
  return [...byId.values()].sort((a, b) => b.at_ms - a.at_ms).slice(0, EVENTS_KEPT);
}

/** Centre time at monotonic `nowMs`; it keeps running while the feed is down. */
export function centreNow(picture: Picture, nowMs: number): number {
  return picture.centreMs + (nowMs - picture.heardMs);
}
