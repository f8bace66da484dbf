/** Which sites stand on the wall and in what order: what the wish takes in, from the feed's picture. */
import { computed, signal } from "@preact/signals";
import { memory, picture, places, troubled } from "./live";
import { ordered } from "./order";
import {
  admits,
  admitsPlace,
  everything,
  type Grouping,
  isEverything,
  isInTrouble,
  readWish,
  tally,
  type Wish,
  writeWish,
} from "./wish";

/** From this many sites on they stand in bands that do not move, and trouble has a place of its own above them. */
export const MANY = 60;

export const wish = signal<Wish>(readWish(location.search));

/** Changes the wish and the address; `back` leaves the address before for the browser's back button. */
export function want(change: Partial<Wish>, back = true): void {
  wish.value = { ...wish.value, ...change };
  const url = location.pathname + writeWish(wish.value, location.search);
  if (back) history.pushState(null, "", url);
  else history.replaceState(null, "", url);
}

addEventListener("popstate", () => {
  wish.value = readWish(location.search);
});

export function wantEverything(): void {
  const { by, pictures } = wish.value;
  want({ ...everything, by, pictures });
}

/** What the wish takes in, in standing order; the same array while nobody came or went. */
const admitted = kept(() => {
  const sites = picture.value?.sites;
  const asked = wish.value;
  const all = places.value.ids;
  if (isEverything(asked)) return all;
  return all.filter((id) => {
    const tile = sites?.get(id);
    return tile !== undefined && admits(asked, tile, troubled(id));
  });
});

/** All sites on the wall: a few with trouble first, many where they always stand. */
export const shown = kept(() =>
  admitted.value.length > MANY ? admitted.value : ordered(admitted.value, memory.value),
);

/** Of these, the ones in trouble, the worst first; those that have just recovered come last, as long as they settle. */
export const loud = kept(() => {
  const sites = picture.value?.sites;
  const now = (id: string): number => sites?.get(id)?.trouble ?? 0;
  const here = shown.value.filter(troubled);
  return [3, 2, 1, 0].flatMap((rank) => here.filter((id) => now(id) === rank));
});

/** How many of these are in trouble at this moment. */
export const loudNow = computed(
  () => loud.value.filter((id) => isInTrouble(picture.value?.sites.get(id))).length,
);

export const grouping = computed<Exclude<Grouping, "auto">>(() => {
  const by = wish.value.by;
  if (by !== "auto") return by;
  return shown.value.length > MANY ? "district" : "none";
});

export interface Group {
  key: string;
  ids: readonly string[];
}

const STATE_ORDER = ["silent", "unknown", "late", "online", "never", "revoked"];
const LEVEL_ORDER = ["mam_non", "tieu_hoc", "thcs", "thpt_gdtx"];

/** The sites as they were when one last came, went or moved: their district and level change with nothing else. */
const placed = computed(() => (places.value, picture.peek()?.sites));

/** The sites in groups, each in its standing order: a tile's place does not depend on its trouble. */
export const groups = computed<readonly Group[]>(() => {
  const by = grouping.value;
  const sites = by === "state" ? picture.value?.sites : placed.value;
  const found = new Map<string, string[]>();
  for (const id of admitted.value) {
    const tile = sites?.get(id);
    if (!tile) continue;
    const key =
      by === "district" ? tile.district : by === "level" ? tile.level : by === "state" ? tile.state : "";
    const group = found.get(key);
    if (group) group.push(id);
    else found.set(key, [id]);
  }
  const order = by === "state" ? STATE_ORDER : by === "level" ? LEVEL_ORDER : [];
  const made = [...found].map(([key, ids]) => ({ key, ids }));
  if (order.length) made.sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
  return sameGroups(lastGroups, made) ? lastGroups : (lastGroups = made);
});
let lastGroups: readonly Group[] = [];

function sameGroups(a: readonly Group[], b: readonly Group[]): boolean {
  return (
    a.length === b.length && a.every((group, at) => group.key === b[at]?.key && same(group.ids, b[at].ids))
  );
}

/** Sites in trouble that the wish leaves out: nobody must miss them. */
export const missed = computed(() => {
  const sites = picture.value?.sites;
  const here = new Set(shown.value);
  return [...memory.value.keys()].filter((id) => isInTrouble(sites?.get(id)) && !here.has(id)).length;
});

export const counts = computed(() => tally(wish.value, picture.value?.sites.values() ?? []));

/** Districts and levels there are, each with its sites and how many are in trouble, within the rest of the wish. */
export const choices = computed(() => {
  const districts = new Map<string, number>();
  const levels = new Map<string, number>();
  const { text, level, district } = wish.value;
  const beside = { ...everything, text, level };
  const above = { ...everything, text, district };
  for (const tile of placed.value?.values() ?? []) {
    if (admitsPlace(beside, tile)) add(districts, tile.district);
    if (admitsPlace(above, tile)) add(levels, tile.level);
  }
  return { districts, levels };
});

function add(into: Map<string, number>, key: string): void {
  into.set(key, (into.get(key) ?? 0) + 1);
}

function kept(look: () => readonly string[]): ReturnType<typeof computed<readonly string[]>> {
  let last: readonly string[] = [];
  return computed(() => {
    const next = look();
    return same(last, next) ? last : (last = next);
  });
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((each, at) => each === b[at]));
}
