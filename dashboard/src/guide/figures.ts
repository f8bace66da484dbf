import type { Check } from "../shared/checks";
import { decimal } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { loudness } from "../shared/loudness";

const w = dictionary({
  people: { vi: (n: string) => `thấy ${n} người`, en: (n: string) => `${n} people seen` },
  speed: {
    vi: (down: string, up: string) => `xuống ${down} · lên ${up} Mbit/s`,
    en: (down: string, up: string) => `down ${down} · up ${up} Mbit/s`,
  },
  wall: {
    vi: (s: string) => `đồng hồ máy lệch ${s} giây`,
    en: (s: string) => `this computer's clock is off by ${s} s`,
  },
  free: { vi: (gb: string) => `còn trống ${gb} GB`, en: (gb: string) => `${gb} GB free` },
  match: { vi: (n: string) => `nghe rõ ${n} %`, en: (n: string) => `${n} % clear` },
  level: { vi: (level: string) => `mức: ${level}`, en: (level: string) => `level: ${level}` },
  fps: { vi: (n: string) => `${n} hình/giây`, en: (n: string) => `${n} frames/s` },
  flush: { vi: (ms: string) => `mỗi lần ghi ${ms} ms`, en: (ms: string) => `${ms} ms a write` },
  battery: { vi: (n: string) => `pin ${n} %`, en: (n: string) => `battery ${n} %` },
  opens: {
    vi: (lo: string, hi: string) => `mở lệch ${lo} đến ${hi} ms`,
    en: (lo: string, hi: string) => `opens ${lo} to ${hi} ms off`,
  },
});

/** A microphone that is on hears its own noise; what lies below is none. */
const MUTED_DBFS = -90;

type Say = (figures: Record<string, number>) => string | null;

function one(name: string, say: (value: number) => string): Say {
  return (figures) => {
    const value = figures[name];
    return value === undefined ? null : say(value);
  };
}

function two(a: string, b: string, say: (first: number, second: number) => string): Say {
  return (figures) => {
    const [first, second] = [figures[a], figures[b]];
    return first === undefined || second === undefined ? null : say(first, second);
  };
}

const SAYINGS: Record<string, Say> = {
  counting: one("people", (n) => w.people(decimal(n, 0))),
  bandwidth: two("down_kbps", "up_kbps", (down, up) => w.speed(mbit(down), mbit(up))),
  clock: one("wall_off_ms", (ms) => w.wall(decimal(Math.abs(ms) / 1000))),
  disk: one("free_mb", (mb) => w.free(decimal(mb / 1024))),
  speaker: one("match", (share) => w.match(decimal(share * 100, 0))),
  microphone: one("level_dbfs", (level) => w.level(loudness(level, { digits: 0, from: MUTED_DBFS }))),
  screen: one("fps", (fps) => w.fps(decimal(fps, 0))),
  flush: one("p50_ms", (ms) => w.flush(decimal(ms, 2))),
  power: one("battery_percent", (percent) => w.battery(decimal(percent, 0))),
  rehearsal: two("lo_ms", "hi_ms", (lo, hi) => w.opens(decimal(lo, 0), decimal(hi, 0))),
};
/** What is more than enough is not told to the digit. */
function mbit(kbps: number): string {
  const most = 100;
  return kbps > most * 1000 ? `> ${most}` : decimal(kbps / 1000);
}

const NOTED = new Set(["address", "phone", "paper", "camera", "paired", "versions", "rehearsal"]);

/** What was measured, and the name of what it was measured on, in a few words; empty when there is nothing to say. */
export function measured(check: Check): string {
  const said = SAYINGS[check.name]?.(check.figures) ?? "";
  const noted = NOTED.has(check.name) && check.note !== "none" ? check.note : "";
  return [said, noted].filter(Boolean).join(" · ");
}
