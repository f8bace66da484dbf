import { signal } from "@preact/signals";
import { api, sentence } from "../shared/api";
import { signedOut } from "../shared/signed";
import { type Answer, path, type Picture, step } from "./model";

const EVERY_MS = 2000;
const OLD_MS = 8000;

export const picture = signal<Picture | null>(null);
export const fault = signal("");
export const nowMs = signal(performance.now());
let askAgain: (() => void) | null = null;

/** Asks for the board of a scope again and again until the returned call; rests while nobody looks at the page. */
export function follow(scope: string): () => void {
  let over = false;
  picture.value = null;
  const ask = async (): Promise<void> => {
    while (!over) {
      try {
        if (!document.hidden || picture.value === null) {
          const answer = await api.get<Answer>(path(scope, picture.value));
          if (!over) picture.value = step(picture.value, answer, performance.now());
        }
        fault.value = "";
      } catch (caught) {
        if (signedOut(caught)) return;
        fault.value = sentence(caught);
      }
      await new Promise<void>((done) => {
        const timer = setTimeout(done, EVERY_MS);
        askAgain = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  };
  const seen = (): void => {
    if (!document.hidden) soon();
  };
  void ask();
  document.addEventListener("visibilitychange", seen);
  const ticking = setInterval(() => (nowMs.value = performance.now()), 1000);
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", seen);
    clearInterval(ticking);
  };
}

/** Asks at once: this page has just changed something. */
export function soon(): void {
  askAgain?.();
}

export function isOld(now: Picture): boolean {
  return nowMs.value - now.heardMs > OLD_MS;
}

/** Centre time, running on between two answers. */
export function centreMs(now: Picture): number {
  return now.head.centre_ms + (nowMs.value - now.heardMs);
}
