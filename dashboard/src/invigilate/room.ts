import { signal } from "@preact/signals";
import { ask, Refused } from "./api";
import type { Desk, Door } from "./model";

const EVERY_MS = 2000;

/** The page's one live thing: what the school's computer last told, and how long ago by a monotonic clock. */
export const door = signal<Door | null>(null);
export const desk = signal<Desk | null>(null);
export const heardAt = signal(0);
export const away = signal(false);
export const tick = signal(0);

export async function knock(who: string, pin: string): Promise<void> {
  await ask("door", { who, pin });
  await look();
}

export async function leave(): Promise<void> {
  await ask("out", {}).catch(() => null);
  desk.value = null;
  await meet();
}

/** An act of the invigilator; the reply is the new picture. Throws a `Refused`. */
export async function act(path: string, body: object): Promise<void> {
  take(await ask<Desk>(path, body));
}

export function follow(): () => void {
  void meet().then(look);
  const looking = setInterval(() => void look(), EVERY_MS);
  const ticking = setInterval(() => (tick.value += 1), 500);
  const wake = (): void => void look();
  document.addEventListener("visibilitychange", wake);
  return () => {
    clearInterval(looking);
    clearInterval(ticking);
    document.removeEventListener("visibilitychange", wake);
  };
}

function take(told: Desk): void {
  desk.value = told;
  heardAt.value = performance.now();
  away.value = false;
}

async function meet(): Promise<void> {
  try {
    door.value = await ask<Door>("door");
    away.value = false;
  } catch {
    away.value = true;
  }
}

async function look(): Promise<void> {
  if (!door.value) return meet();
  if (!door.value.who && !desk.value && !door.value.is_set) return meet();
  try {
    take(await ask<Desk>("state"));
  } catch (fault) {
    if (fault instanceof Refused && fault.status === 401) desk.value = null;
    else away.value = true;
    if (!desk.value) await meet();
  }
}

/** Milliseconds since the picture was heard; reading it follows the tick. */
export function ageMs(): number {
  return tick.value >= 0 ? performance.now() - heardAt.value : 0;
}
