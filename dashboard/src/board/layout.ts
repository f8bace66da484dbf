/** Where each site's tile stands on the board. Pure. */

import { CALM, type Line } from "./model";

export interface Place {
  line: Line;
  dense: boolean;
  x: number;
  y: number;
  width: number;
  height: number;
}

const GAP = 8;
const LARGE = { width: 292, height: 118 };
const SMALL = { width: 228, height: 54 };

/** Tiles for `lines` in their order on a field `width` px wide: large ones as long as somebody must look, then small. */
export function laidOut(lines: readonly Line[], width: number): { places: Place[]; height: number } {
  const places: Place[] = [];
  let top = 0;
  for (const dense of [false, true]) {
    const group = lines.filter((line) => line.rank >= CALM === dense);
    const least = dense ? SMALL : LARGE;
    const across = Math.max(1, Math.floor((width + GAP) / (least.width + GAP)));
    const each = (width - GAP * (across - 1)) / across;
    group.forEach((line, at) => {
      const row = Math.floor(at / across);
      const x = (at % across) * (each + GAP);
      places.push({ line, dense, x, y: top + row * (least.height + GAP), width: each, height: least.height });
    });
    top += Math.ceil(group.length / across) * (least.height + GAP);
  }
  return { places, height: top };
}
