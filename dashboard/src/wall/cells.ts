/** One signal a site: whoever draws a tile follows that site alone, so that a change draws one tile and no other. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Tile } from "../shared/feed";

const cells = new Map<string, Signal<Tile>>();

/** The site as it was last drawn; undefined when there is no such site. */
export function cell(id: string): ReadonlySignal<Tile> | undefined {
  return cells.get(id);
}

/** Takes in what changed; a site whose face is the same keeps its object and is not drawn again. */
export function fill(changed: Iterable<Tile>): void {
  for (const tile of changed) {
    const known = cells.get(tile.id);
    if (!known) cells.set(tile.id, signal(tile));
    else if (!sameFace(known.peek(), tile)) known.value = tile;
  }
}

export function keepOnly(sites: ReadonlyMap<string, Tile>): void {
  if (cells.size === sites.size) return;
  for (const id of cells.keys()) if (!sites.has(id)) cells.delete(id);
}

/** Whether two tiles of a site look the same at every size. */
export function sameFace(a: Tile, b: Tile): boolean {
  return (
    a === b ||
    (a.state === b.state &&
      a.trouble === b.trouble &&
      a.reason === b.reason &&
      a.name === b.name &&
      a.code === b.code &&
      a.district === b.district &&
      a.level === b.level &&
      sameHeads(a, b) &&
      sameHealth(a, b) &&
      JSON.stringify(a.exam) === JSON.stringify(b.exam))
  );
}

function sameHeads(a: Tile, b: Tile): boolean {
  return (
    a.count === b.count &&
    a.count_reason === b.count_reason &&
    a.declared === b.declared &&
    a.expected === b.expected &&
    a.roll_call === b.roll_call
  );
}

function sameHealth(a: Tile, b: Tile): boolean {
  return (
    a.stream.state === b.stream.state &&
    a.stream.height === b.stream.height &&
    a.stream.rung === b.stream.rung &&
    Math.round(a.stream.fps) === Math.round(b.stream.fps) &&
    rounded(a.stream.audio_dbfs) === rounded(b.stream.audio_dbfs) &&
    a.clock.state === b.clock.state &&
    rounded(a.clock.bound_ms) === rounded(b.clock.bound_ms)
  );
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
