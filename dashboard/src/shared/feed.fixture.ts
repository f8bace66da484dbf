import type { Counters, FeedMessage, Tile } from "./feed";

/** A site in good health, for tests. */
export function tile(id: string, change: Partial<Tile> = {}): Tile {
  return {
    id,
    code: id.toUpperCase(),
    name: `Trường Tiểu học ${id}`,
    path: ["Tỉnh", "Xã A"],
    district: "Xã A",
    level: "tieu_hoc",
    state: "online",
    reason: null,
    trouble: 0,
    since_ms: 0,
    expected: 40,
    count: 38,
    count_reason: null,
    declared: null,
    count_at_ms: 0,
    roll_call: null,
    stream: { state: "playing", fps: 25, width: 1280, height: 720, audio_dbfs: -20, lost: 0, jitter_ms: 3 },
    clock: { state: "synced", offset_ms: 1, bound_ms: 12 },
    exam: null,
    session: null,
    contact: "Nguyễn Thị Hoa",
    phone: "0912 345 678",
    agent: { version: "0.1.0", load: 0.2, disk_free_mb: 90_000, camera: "ok", outbox: 0 },
    ...change,
  };
}

export const noCounters: Counters = {
  total: 0,
  online: 0,
  late: 0,
  silent: 0,
  unknown: 0,
  never: 0,
  trouble: 0,
  expected: 0,
  counted: 0,
  declared: 0,
  signed_in: 0,
  handed_in: 0,
  by_district: [],
};

export function snapshot(sites: Tile[], n = 0): FeedMessage {
  return {
    type: "snapshot",
    n,
    centre_ms: 1_000_000,
    sites,
    sessions: [],
    exams: [],
    counters: noCounters,
    events: [],
  };
}
