/** How large tiles may be so that all of them fit without scrolling. */

export type Density = "xl" | "l" | "m" | "s" | "xs" | "dot" | "pip";

export interface Grid {
  columns: number;
  rows: number;
  density: Density;
  /** Of a tile that takes two columns and two rows. */
  bigDensity: Density;
}

/** Tiles look best a little wider than high; a stretched one wastes more than it shows. */
const ASPECT = 1.75;
const MANY = 40;
const BIG_STEP = 6;
const BIG_LIMIT = 12;

/**
 * How many double-size cells to keep for sites in trouble. Among few sites none is needed; among many it grows in
 * steps, so that one more site in trouble does not draw the whole wall anew.
 */
export function bigTiles(count: number, inTrouble: number): number {
  if (count < MANY) return 0;
  return Math.min(BIG_LIMIT, Math.ceil(inTrouble / BIG_STEP) * BIG_STEP);
}

/**
 * The grid for `count` tiles, the first `big` of them double-size, in `width` x `height` CSS pixels: the number of
 * columns whose tiles hold the largest well-shaped rectangle.
 */
export function gridFor(count: number, big: number, width: number, height: number, gap: number): Grid {
  if (count <= 0 || width <= 0 || height <= 0)
    return { columns: 1, rows: 1, density: "xl", bigDensity: "xl" };
  let best = { columns: 1, rows: 1, size: -1, w: 0, h: 0 };
  for (let columns = big ? 2 : 1; columns <= count + 3 * big; columns++) {
    const rows = rowsFor(count, big, columns);
    const w = (width - gap * (columns - 1)) / columns;
    const h = (height - gap * (rows - 1)) / rows;
    const size = Math.min(w, h * ASPECT);
    if (size > best.size) best = { columns, rows, size, w, h };
  }
  return {
    columns: best.columns,
    rows: best.rows,
    density: densityOf(best.w, best.h),
    bigDensity: densityOf(best.w * 2 + gap, best.h * 2 + gap),
  };
}

function rowsFor(count: number, big: number, columns: number): number {
  const bigRows = 2 * Math.ceil(big / Math.floor(columns / 2) || 0);
  return Math.max(bigRows, Math.ceil((count + 3 * big) / columns));
}

export function densityOf(width: number, height: number): Density {
  if (width >= 340 && height >= 230) return "xl";
  if (width >= 250 && height >= 160) return "l";
  if (width >= 165 && height >= 96) return "m";
  if (width >= 92 && height >= 36) return "s";
  if (width >= 60 && height >= 32) return "xs";
  return width >= 46 ? "dot" : "pip";
}

/** On a telephone the page scrolls: one column of tiles that a thumb can hit. */
export function scrolls(width: number): boolean {
  return width < 700;
}
