import { afterEach, expect, test, vi } from "vitest";
import { keepAwake, staysAwake } from "./device";
import { START, type State } from "./model";

const OPEN: State = { ...START, items: [] };

afterEach(() => {
  vi.unstubAllGlobals();
});

function browser(offers: object): void {
  vi.stubGlobal("navigator", offers);
}

test("the screen is kept on while the paper is open, and only then", () => {
  const asked: string[] = [];
  const request = (kind: string): Promise<unknown> => Promise.resolve(asked.push(kind));
  browser({ wakeLock: { request } });
  [START, { ...OPEN, closed: true }, OPEN].forEach(keepAwake);
  expect([asked, staysAwake()]).toEqual([["screen"], true]);
});

test("a battery that is low, or plain HTTP, changes nothing else", async () => {
  browser({ wakeLock: { request: () => Promise.reject(new Error("battery")) } });
  keepAwake(OPEN);
  await Promise.resolve();
  browser({});
  keepAwake(OPEN);
  expect(staysAwake()).toBe(false);
});
