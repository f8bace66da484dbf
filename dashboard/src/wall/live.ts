import { batch, computed, signal } from "@preact/signals";
import { api, Refusal } from "../shared/api";
import { centreNow, type FeedMessage, type Picture, step } from "../shared/feed";
import { toLogin } from "../shared/signed";
import { keepLine, type Line } from "../shared/socket";
import { floorMarks } from "../floor/marks";
import { fill, keepOnly } from "./cells";
import { type Memory, nobody, remembered, type Standing, standing } from "./order";

/** The centre speaks at least every 2 s; three missed beats mean that the line is dead. */
const SILENCE_MS = 6_500;

export const picture = signal<Picture | null>(null);
export const lineUp = signal(false);
/** Monotonic milliseconds of this computer, moved once a second. */
export const nowMs = signal(performance.now());
export const memory = signal<Memory>(new Map());
export const places = signal<Standing>(nobody);

export const centreMs = computed(() => (picture.value ? centreNow(picture.value, nowMs.value) : null));

/** Whole seconds since the figures on the wall were true. */
export const ageS = computed(() =>
  picture.value ? Math.max(0, Math.round((nowMs.value - picture.value.heardMs) / 1000)) : 0,
);

/** Whether a site is in trouble, or has just recovered and keeps its place for a while. */
export function troubled(id: string): boolean {
  return memory.value.has(id);
}

const claims = computed(() => picture.value?.claims);
const matters = computed(() => picture.value?.matters);

/** Who is calling each site, and what calls have left open there; the same map while nobody calls or hangs up. */
export const callerAt = computed(() => new Map(claims.value?.map((claim) => [claim.site, claim.name])));
export const matterAt = computed(() => new Map(matters.value?.map((matter) => [matter.site, matter])));

const floors = computed(() => picture.value?.floors);

/** Rooms that speak, that have their hand up (by their place in the queue), or that somebody has aside. */
export const floorAt = computed(() => floorMarks(floors.value ?? []));

export const inTrouble = computed(() => memory.value.size);

export interface Following {
  /** Called with every picture, and whether it is a whole one. */
  onPicture?: (now: Picture, whole: boolean) => void;
  /** The sign-in is over; by itself the page leaves for the sign-in. */
  onSignedOut?: () => void;
}

/** Opens the feed and the second hand of the page; undone by the function it returns. */
export function follow(following: Following = {}): () => void {
  const second = setInterval(tick, 1000);
  const leave = following.onSignedOut ?? toLogin;
  const line = keepLine("/wall/feed", {
    onMessage: (message, line) => take(message as FeedMessage, line, following),
    onDown: () => down(leave),
    onSignedOut: leave,
    silenceMs: SILENCE_MS,
  });
  return () => {
    clearInterval(second);
    line.close();
  };
}

function tick(): void {
  batch(() => {
    nowMs.value = performance.now();
    if (picture.value && lineUp.value) settle(picture.value);
  });
}

function take(message: FeedMessage, line: Line, following: Following): void {
  const { picture: next, gap } = step(picture.value, message, performance.now());
  if (gap) {
    line.send({ type: "snapshot" });
    return;
  }
  batch(() => {
    nowMs.value = performance.now();
    lineUp.value = true;
    picture.value = next;
    if (next) {
      const changed = message.sites ?? [];
      fill(changed);
      keepOnly(next.sites);
      places.value = standing(places.value, next.sites, changed);
      settle(next);
    }
  });
  if (next) following.onPicture?.(next, message.type === "snapshot");
}

function settle(now: Picture): void {
  memory.value = remembered(memory.value, now.sites.values(), nowMs.value);
}

/** A line that is refused again and again may only mean that the sign-in is over. */
function down(leave: () => void): void {
  lineUp.value = false;
  api.me().catch((fault: unknown) => {
    if (fault instanceof Refusal && fault.status === 401) leave();
  });
}
