import type { Tile } from "../shared/feed";

/** A tile that recovered keeps its place at the top this long, so that a site that flaps does not jump about. */
export const SETTLE_MS = 10_000;

/** When each site was last in trouble (monotonic ms), and how much. */
export type Memory = ReadonlyMap<string, { trouble: number; atMs: number }>;

/** The memory after this look at the sites: a rise counts at once, a fall only after `SETTLE_MS`. */
export function remembered(before: Memory, sites: Iterable<Tile>, nowMs: number): Memory {
  const after = new Map<string, { trouble: number; atMs: number }>();
  for (const site of sites) {
    const rank = loud(site.trouble);
    const last = before.get(site.id);
    if (last && last.trouble > rank && nowMs - last.atMs < SETTLE_MS) after.set(site.id, last);
    else if (rank > 0) after.set(site.id, { trouble: rank, atMs: nowMs });
  }
  return after;
}

/** Where each site stands when nothing is wrong: by place, then by code. Made anew only when a site moves or comes. */
export interface Standing {
  keys: ReadonlyMap<string, string>;
  ids: readonly string[];
}

export const nobody: Standing = { keys: new Map(), ids: [] };

/** The standing after `changed` sites; the same object while nobody has moved, come or gone. */
export function standing(
  before: Standing,
  sites: ReadonlyMap<string, Tile>,
  changed: Iterable<Tile>,
): Standing {
  let moved = before.keys.size !== sites.size;
  for (const tile of changed) moved ||= before.keys.get(tile.id) !== placeKey(tile);
  if (!moved) return before;
  const keys = [...sites.values()].map((tile) => [tile.id, placeKey(tile)] as const);
  keys.sort(([a, here], [b, there]) => collator.compare(here, there) || collator.compare(a, b));
  return { keys: new Map(keys), ids: keys.map(([id]) => id) };
}

/** Sites that stand in their places, with trouble first, the worst of it first. */
export function ordered(ids: readonly string[], memory: Memory): string[] {
  return [...ids].sort((a, b) => rankOf(b, memory) - rankOf(a, memory));
}

function rankOf(id: string, memory: Memory): number {
  return memory.get(id)?.trouble ?? 0;
}

/** Minor trouble (1) shows on the tile but does not move it. */
function loud(trouble: number): number {
  return trouble >= 2 ? trouble : 0;
}

function placeKey(site: Tile): string {
  return `${site.path.join(" / ")} / ${site.code}`;
}

const collator = new Intl.Collator("vi", { numeric: true });
