import { expect, test } from "vitest";
import type { Figures } from "./figures";
import { numberOf, type Seen, sceneOf } from "./scene";
import type { LocalState } from "./state";

const figures: Figures = {
  type: "figures",
  rung: "picture",
  rung_why: "",
  state: "playing",
  frames_decoded: 100,
  fps: 15,
  width: 1280,
  height: 720,
  audio_dbfs: -20,
  packets_lost: 0,
  jitter_ms: 1,
  path: "udp",
};

const lecture = {
  session: "s",
  stream: "s-lecture",
  whep_url: "/",
  token: "t",
  title: "Bài",
  lecturer: "Cô",
};

function seen(state: Partial<LocalState> = {}, rest: Partial<Seen> = {}): Seen {
  const whole = {
    type: "state",
    link: "up",
    clock: { state: "synced", bound_ms: 1 },
    lecture,
    notices: [],
    roll_call: null,
    exam: null,
    rules: null,
    ...state,
  };
  return {
    state: whole as unknown as LocalState,
    agent: true,
    figures,
    soundBlocked: false,
    nowMs: 100_000,
    ...rest,
  };
}

test("a lecture that plays has the screen to itself", () => {
  expect(sceneOf(seen())).toEqual({
    middle: "playing",
    banners: [],
    notices: [],
    exam: null,
    inaudible: false,
    telephone: null,
    told: null,
    slides: null,
  });
});

test("slides stand beside the lecturer, or alone when that was wished or when no picture comes", () => {
  const slides = { layout: "both", page: 3, pages: 12, picture: "/local/slides/ab", near: [] };
  expect(sceneOf(seen({ slides })).slides).toBe("beside");
  expect(sceneOf(seen({ slides: { ...slides, layout: "slides" } })).slides).toBe("alone");
  const dark = sceneOf(seen({ slides }, { figures: { ...figures, state: "dark" } }));
  expect([dark.slides, dark.banners]).toEqual(["alone", ["no_picture"]]);
});

test("a room that gets the sound alone reads the slides in full size", () => {
  const slides = { layout: "both", page: 3, pages: 12, picture: "/local/slides/ab", near: [] };
  const sound = sceneOf(seen({ slides }, { figures: { ...figures, state: "dark", rung: "sound" } }));
  expect([sound.slides, sound.banners]).toEqual(["alone", ["sound_only"]]);
});

test("a page that has not come yet leaves the screen to the lecturer, and no lecture has no slides", () => {
  const slides = { layout: "both", page: 3, pages: 12, picture: "", near: [] };
  expect(sceneOf(seen({ slides })).slides).toBeNull();
  expect(sceneOf(seen({ slides: { ...slides, picture: "/x" }, lecture: null })).slides).toBeNull();
});

test("the people in the room are told at the start, at each roll call and while they wait", () => {
  const rules = { policy: "blurred", keep_days: 30, seen_by: "Sở" };
  const roll_call = { at_ms: 100_000 };
  expect(sceneOf(seen({ rules }, { lectureSinceMs: 95_000 })).told).toBe("strip");
  expect(sceneOf(seen({ rules }, { lectureSinceMs: 30_000 })).told).toBe(null);
  expect(sceneOf(seen({ rules, roll_call }, { lectureSinceMs: 30_000 })).told).toBe("strip");
  expect(sceneOf(seen({ rules, lecture: null })).told).toBe("waiting");
});

test("a room of which no rule is known is told at its roll calls alone", () => {
  expect(sceneOf(seen({ rules: null, roll_call: { at_ms: 100_000 } })).told).toBe("strip");
  expect(sceneOf(seen({ rules: null, lecture: null })).told).toBe(null);
});

test("without a lecture the room waits", () => {
  expect(sceneOf(seen({ lecture: null }, { figures: { ...figures, state: "idle" } })).middle).toBe("waiting");
});

test("before the first picture the lecture is being opened, and a dark screen says dark", () => {
  const none = { ...figures, frames_decoded: 0, fps: 0, width: 0, height: 0 };
  expect(sceneOf(seen({}, { figures: { ...none, state: "playing" } })).middle).toBe("starting");
  expect(sceneOf(seen({}, { figures: { ...none, state: "stalled" } })).middle).toBe("starting");
  expect(sceneOf(seen({}, { figures: { ...none, state: "dark" } })).middle).toBe("dark");
});

test("a stopped program outweighs the state of the line", () => {
  expect(sceneOf(seen({ link: "down" })).banners).toEqual(["link_down"]);
  expect(sceneOf(seen({ link: "down" }, { agent: false })).banners).toEqual(["agent_gone"]);
  expect(sceneOf(seen({}, { state: null, agent: false })).banners).toEqual(["link_never"]);
});

test("blocked sound is told under the line's state and over the roll call", () => {
  const all = sceneOf(seen({ link: "down", roll_call: { at_ms: 100_500 } }, { soundBlocked: true }));
  expect(all.banners).toEqual(["link_down", "sound_blocked", "roll_call"]);
});

test("a roll call that nobody took away disappears by itself", () => {
  expect(sceneOf(seen({ roll_call: { at_ms: 90_000 } })).banners).toEqual(["roll_call"]);
  expect(sceneOf(seen({ roll_call: { at_ms: 70_000 } })).banners).toEqual([]);
});

test("a notice is shown until its time, the two newest at once", () => {
  const notice = (id: string, until_ms: number) => ({ id, text_vi: id, text_en: "", until_ms });
  const notices = [notice("a", 200_000), notice("b", 200_000), notice("c", 200_000), notice("d", 100_000)];
  expect(sceneOf(seen({ notices })).notices.map(({ id }) => id)).toEqual(["b", "c"]);
});

test("a computer that does not know the time counts down to no exam", () => {
  const exam = (state: string, clock: "blind" | "loose") =>
    sceneOf(seen({ clock: { state: clock, bound_ms: null }, exam: { title: "", state, t0_ms: 0, url: "" } }))
      .exam;
  expect(["ready", "sign_in", "released"].map((state) => exam(state, "blind"))).toEqual(
    Array(3).fill("untimed"),
  );
  expect([exam("open", "blind"), exam("closed", "blind"), exam("ready", "loose")]).toEqual([
    "open",
    "closed",
    "before",
  ]);
});

test("an exam shows from the moment its paper is here", () => {
  const exam = (state: string) => sceneOf(seen({ exam: { title: "", state, t0_ms: 0, url: "" } })).exam;
  expect(["missing", "ready", "sign_in", "released", "open", "closed", "cancelled"].map(exam)).toEqual([
    null,
    "before",
    "before",
    "before",
    "open",
    "closed",
    null,
  ]);
});

test("a picture without sound is told", () => {
  for (const audio_dbfs of [null, -90])
    expect(sceneOf(seen({}, { figures: { ...figures, audio_dbfs } })).inaudible).toBe(true);
  const blocked = { figures: { ...figures, audio_dbfs: null }, soundBlocked: true };
  expect(sceneOf(seen({}, blocked)).inaudible).toBe(false);
});

test("sound without its picture is said in the place of the picture", () => {
  const alone = { ...figures, state: "dark" as const, rung: "sound" as const };
  expect(sceneOf(seen({}, { figures: alone })).middle).toBe("sound");
});

test("when nothing comes for long, the number to call is shown", () => {
  const nothing = { ...figures, state: "dark" as const, rung: "phone" as const };
  expect(sceneOf(seen({ contact: { hotline: "0909 111 222" } }, { figures: nothing })).telephone).toBe(
    "0909 111 222",
  );
  expect(sceneOf(seen({ contact: { hotline: "" } }, { figures: nothing })).telephone).toBeNull();
  expect(sceneOf(seen({ contact: { hotline: "0909 111 222" } })).telephone).toBeNull();
});

test("by order the room telephones: its own number, or that of the centre, and the slides stay", () => {
  const ordered = { ...lecture, rung: "phone", hotline: "1900 1234" };
  const idle = { ...figures, state: "idle" as const, rung: "phone" as const, rung_why: "ordered" };
  const scene = sceneOf(seen({ lecture: ordered }, { figures: idle, soundBlocked: true }));
  expect([scene.middle, scene.telephone, scene.banners]).toEqual(["phone", null, []]);
  const slides = { layout: "both", page: 3, pages: 12, picture: "/local/slides/ab", near: [] };
  expect(sceneOf(seen({ lecture: ordered, slides }, { figures: idle })).slides).toBe("beside");
  expect(numberOf(seen({ lecture: ordered, contact: { hotline: "" } }).state)).toBe("1900 1234");
  expect(numberOf(seen({ lecture: ordered, contact: { hotline: "0214 385" } }).state)).toBe("0214 385");
  expect(numberOf(null)).toBe("");
});
