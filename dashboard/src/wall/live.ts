import { batch, computed, signal } from "@preact/signals";
import { api } from "../shared/api";
import { centreNow, type FeedMessage, type Picture, step, type Tile } from "../shared/feed";
import { signedOut, toLogin } from "../shared/signed";
import { keepLine, type Line } from "../shared/socket";
import { type Memory, ordered, remembered } from "./order";

/** The centre speaks at least every 2 s; three missed beats mean that the line is dead. */
const SILENCE_MS = 6_500;

export const picture = signal<Picture | null>(null);
export const lineUp = signal(false);
/** Monotonic milliseconds of this computer, moved once a second. */
export const nowMs = signal(performance.now());
const memory = signal<Memory>(new Map());

export const centreMs = computed(() => (picture.value ? centreNow(picture.value, nowMs.value) : null));

/** Whole seconds since the figures on the wall were true. */
export const ageS = computed(() =>
  picture.value ? Math.max(0, Math.round((nowMs.value - picture.value.heardMs) / 1000)) : 0,
);

export const tiles = computed<Tile[]>(() =>
  picture.value ? ordered(picture.value.sites.values(), memory.value) : [],
);

/** Who is calling each site, and what calls have left open there. */
export const callerAt = computed(
  () => new Map(picture.value?.claims.map((claim) => [claim.site, claim.name])),
);
export const matterAt = computed(
  () => new Map(picture.value?.matters.map((matter) => [matter.site, matter])),
);

export const inTrouble = computed(() => tiles.value.filter((tile) => memory.value.has(tile.id)).length);

/** Opens the feed and the second hand of the page; undone by the function it returns. */
export function follow(): () => void {
  const second = setInterval(tick, 1000);
  const line = keepLine("/wall/feed", {
    onMessage: take,
    onDown: down,
    onSignedOut: toLogin,
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

function take(message: unknown, line: Line): void {
  const { picture: next, gap } = step(picture.value, message as FeedMessage, performance.now());
  if (gap) {
    line.send({ type: "snapshot" });
    return;
  }
  batch(() => {
    nowMs.value = performance.now();
    lineUp.value = true;
    picture.value = next;
    if (next) settle(next);
  });
}

function settle(now: Picture): void {
  memory.value = remembered(memory.value, now.sites.values(), nowMs.value);
}

/** A line that is refused again and again may only mean that the sign-in is over. */
function down(): void {
  lineUp.value = false;
  api.me().catch(signedOut);
}
