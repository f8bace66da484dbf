import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Desk, type Way, browserAt } from "./desk.double";
import type * as page from "./session";

type Session = typeof page;

let desk: Desk;
let kept: Map<string, string>;

beforeEach(() => {
  desk = new Desk();
  kept = new Map();
});

afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.resetModules();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** A page that has just been loaded. */
async function loaded(): Promise<Session> {
  vi.resetModules();
  const session = await import("./session");
  session.start();
  await pass(500);
  return session;
}

async function seated(): Promise<Session> {
  const session = await loaded();
  session.signIn("e1", "SBD001", "123456");
  await pass(500);
  expect(session.view.value).toBe("paper");
  return session;
}

const unsaved = (session: Session): number => session.state.value.outbox.filter(({ saved }) => !saved).length;

describe.each<Way>(["WebSocket", "requests"])("by %s", (way) => {
  test("an answer that the disk refused gets its tick without a touch, and the sentence goes", async () => {
    browserAt(desk, way, kept);
    const session = await seated();
    desk.refuses = "disk_busy";
    session.choose("i1", "a");
    await pass(20_000);
    expect([unsaved(session), session.state.value.trouble?.code]).toEqual([1, "disk_busy"]);
    expect(desk.of("answer").length).toBeGreaterThan(2);
    expect(desk.of("answer").length).toBeLessThan(10);
    desk.refuses = null;
    await pass(10_500);
    expect([unsaved(session), session.state.value.trouble]).toEqual([0, null]);
  });

  test("an answer that nothing was said of is sent again on the same line", async () => {
    browserAt(desk, way, kept);
    const session = await seated();
    desk.silent = true;
    session.choose("i1", "a");
    await pass(1_000);
    desk.silent = false;
    await pass(12_000);
    expect([unsaved(session), desk.of("answer").length, desk.of("resume").length]).toEqual([0, 2, 0]);
  });

  test("a sign-in that the disk refused is asked for again", async () => {
    browserAt(desk, way, kept);
    const session = await loaded();
    desk.refuses = "disk_full";
    session.signIn("e1", "SBD001", "123456");
    await pass(7_000);
    expect([session.view.value, session.state.value.trouble?.code]).toEqual(["sign_in", "disk_full"]);
    desk.refuses = null;
    await pass(4_000);
    expect([session.view.value, session.state.value.trouble]).toEqual(["paper", null]);
  });

  test("a wrong PIN is not tried again", async () => {
    browserAt(desk, way, kept);
    const session = await loaded();
    desk.refuses = "wrong_pin";
    session.signIn("e1", "SBD001", "123456");
    await pass(20_000);
    expect(desk.of("sign_in")).toHaveLength(1);
  });

  test("a page loaded anew while the disk refuses gets its seat and brings its answer", async () => {
    browserAt(desk, way, kept);
    const before = await seated();
    desk.refuses = "read_only";
    before.choose("i1", "a");
    vi.clearAllTimers();
    const session = await loaded();
    await pass(7_000);
    expect([session.view.value, desk.of("resume").length > 1]).toEqual(["waiting", true]);
    desk.refuses = null;
    await pass(12_000);
    expect([session.view.value, unsaved(session)]).toEqual(["paper", 0]);
    expect(desk.of("resume").every((message) => message["takeover"])).toBe(true);
  });
});

test("the screen is kept on from the opening, and again when the page is looked at again", async () => {
  const page = browserAt(desk, "WebSocket", kept);
  const request = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { wakeLock: { request } });
  await seated();
  expect(request).toHaveBeenCalledTimes(1);
  page.fire("visibilitychange");
  expect(request).toHaveBeenCalledTimes(2);
});
