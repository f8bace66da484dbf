import { signal } from "@preact/signals";
import { api } from "../shared/api";
import { signedOut } from "../shared/signed";
import { type Answer, path, type Picture, step } from "./model";

const EVERY_MS = 2000;
const OLD_MS = 7000;

export const picture = signal<Picture | null>(null);
export const fault = signal("");
export const nowMs = signal(performance.now());

/** Asks for the board of an exam again and again until the returned call. */
export function follow(exam: string): () => void {
  let over = false;
  picture.value = null;
  const ask = async (): Promise<void> => {
    while (!over) {
      try {
        const answer = await api.get<Answer>(path(exam, picture.value));
        if (!over) picture.value = step(picture.value, answer, performance.now());
        fault.value = "";
      } catch (caught) {
        if (signedOut(caught)) return;
        fault.value = caught instanceof Error ? caught.message : "";
      }
      await new Promise((done) => setTimeout(done, EVERY_MS));
    }
  };
  void ask();
  const ticking = setInterval(() => (nowMs.value = performance.now()), 500);
  return () => {
    over = true;
    clearInterval(ticking);
  };
}

export function isOld(now: Picture): boolean {
  return nowMs.value - now.heardMs > OLD_MS;
}

/** Centre time, running on between two answers. */
export function centreMs(now: Picture): number {
  return now.head.centre_ms + (nowMs.value - now.heardMs);
}
