import { expect, test } from "vitest";
import { place, remaining, size, type Source, srtAddress, standing, type Told } from "./model";
import { Pace } from "./sending";

const TOLD: Told = {
  state: "stopped",
  why: "",
  picture: "",
  sound: "",
  passes: false,
  converted: "",
  kbps: 0,
  pictures: 0,
  skipped: 0,
  published: false,
  at_s: 0,
  length_s: 0,
};

function source(way: Source["way"], wanted: boolean, told: Partial<Told> = {}): Source {
  const about = {
    seat: "lecturer",
    shown: "",
    repeat: false,
    made_by: "a",
    made_ms: 0,
    clip: "",
    key: "",
    secret: "",
  } as const;
  return { id: "source-a", name: "OBS", way, wanted, told: { ...TOLD, ...told }, ...about };
}

test("a key that nobody uses waits for its encoder, unless it is switched off", () => {
  expect(standing(source("rtmp", true))).toBe("awaited");
  expect(standing(source("rtmp", false))).toBe("off");
  expect(standing(source("srt_in", true))).toBe("awaited");
});

test("a source runs only once the relay takes its pictures", () => {
  expect(standing(source("rtsp", true, { state: "running" }))).toBe("connecting");
  expect(standing(source("rtsp", true, { state: "running", published: true }))).toBe("running");
  expect(standing(source("file", true))).toBe("connecting");
  expect(standing(source("file", false))).toBe("stopped");
});

test("places in a film and sizes are short", () => {
  expect([place(5), place(65.9), place(3725)]).toEqual(["0:05", "1:05", "1:02:05"]);
  expect([size(1_500_000), size(300 * 2 ** 20), size(1.5 * 2 ** 30)]).toEqual(["1.4 MB", "300 MB", "1.5 GB"]);
});

test("what is left of a film is never less than nothing", () => {
  expect(remaining({ ...TOLD, at_s: 10, length_s: 65 })).toBe(55);
  expect(remaining({ ...TOLD, at_s: 70, length_s: 65 })).toBe(0);
});

test("the time that is left follows the pace of the last while", () => {
  const pace = new Pace();
  expect(pace.leftS(0, 0)).toBeNull();
  expect(pace.leftS(0.1, 10_000)).toBe(90);
  // Nothing came for a long time, then twice as fast.
  expect(pace.leftS(0.1, 100_000)).toBeNull();
  expect(pace.leftS(0.3, 110_000)).toBeCloseTo(35, 0);
});

test("an SRT encoder gets its address in one line", () => {
  const made = { ...source("srt_in", true), key: "dc-12", secret: "abc" };
  expect(srtAddress("srt://tt.vn:8890", made)).toBe(
    "srt://tt.vn:8890?mode=caller&streamid=dc-12&passphrase=abc",
  );
});
