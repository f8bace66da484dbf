/** Many sites as bands: each group a label and its tiles, always at the same place, in as many columns as fit best. */
import { type Density, densityOf } from "./density";

export interface Room {
  width: number;
  height: number;
  gap: number;
  label: number;
}

export interface Plan {
  /** Bands side by side. */
  columns: number;
  perRow: number;
  width: number;
  height: number;
  density: Density;
  /** In which column each band stands. */
  at: readonly number[];
  /** Too many for the room: the page scrolls. */
  scrolls: boolean;
}

const BETWEEN = 4;
const GUTTER = 14;
const ASPECT = 1.8;
/** A tile that has room for its school's name is worth more than a somewhat larger one that has not. */
const NAMED: readonly Density[] = ["xl", "l", "m", "s"];
const NAME_WORTH = 1.3;
const MOST_COLUMNS = 4;
const HIGHEST = 240;
/** A label's one line; a band is never lower. */
export const LABEL_LINE = 22;
const SMALLEST = { width: 18, height: 14 };
const THUMB = 44;

/** The plan with the largest tiles for groups of these sizes. */
export function bandsFor(sizes: readonly number[], room: Room): Plan {
  let best: Plan | null = null;
  let size = 0;
  for (let columns = 1; columns <= Math.min(MOST_COLUMNS, Math.max(1, sizes.length)); columns++) {
    const wide = (room.width - GUTTER * (columns - 1)) / columns - room.label;
    const most = Math.min(Math.max(1, ...sizes), Math.floor(wide / SMALLEST.width));
    for (let perRow = 1; perRow <= most; perRow++) {
      const plan = planned(sizes, room, columns, perRow, wide);
      const next =
        Math.min(plan.width, plan.height * ASPECT) * (NAMED.includes(plan.density) ? NAME_WORTH : 1);
      if (!plan.scrolls && next > size) [best, size] = [plan, next];
    }
  }
  return best ?? scrolling(sizes, room);
}

function planned(sizes: readonly number[], room: Room, columns: number, perRow: number, wide: number): Plan {
  const rows = sizes.map((size) => Math.max(1, Math.ceil(size / perRow)));
  const at = spread(rows, columns);
  const width = wide / perRow - room.gap;
  let height = HIGHEST;
  for (let column = 0; column < columns; column++) {
    const mine = rows.filter((_, band) => at[band] === column);
    const all = mine.reduce((sum, each) => sum + each, 0);
    const spare = room.height - BETWEEN * Math.max(0, mine.length - 1);
    if (all) height = Math.min(height, spare / all - room.gap);
  }
  const low = rows.some((each) => each === 1) && height + room.gap < LABEL_LINE;
  const scrolls = width < SMALLEST.width || height < SMALLEST.height || low;
  return { columns, perRow, width, height, density: densityOf(width, height), at, scrolls };
}

/** Bands in their order over columns, so that the highest column is as low as can be. */
function spread(rows: readonly number[], columns: number): number[] {
  let low = Math.max(0, ...rows);
  let high = rows.reduce((sum, each) => sum + each, 0);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (Math.max(-1, ...filled(rows, middle)) < columns) high = middle;
    else low = middle + 1;
  }
  return filled(rows, high);
}

function filled(rows: readonly number[], limit: number): number[] {
  let column = 0;
  let used = 0;
  return rows.map((each) => {
    if (used && used + each > limit) [column, used] = [column + 1, 0];
    used += each;
    return column;
  });
}

/** On a telephone, or when nothing fits: tiles that a thumb can hit, labels above them. */
export function scrolling(sizes: readonly number[], room: Room): Plan {
  const perRow = Math.max(1, Math.floor((room.width + room.gap) / (THUMB + room.gap)));
  const width = (room.width - room.gap * (perRow - 1)) / perRow;
  return {
    columns: 1,
    perRow,
    width,
    height: THUMB,
    density: densityOf(width, THUMB),
    at: sizes.map(() => 0),
    scrolls: true,
  };
}
