/** The corners of the seats, as shares of the picture. Pure. */

export interface Corner {
  x: number;
  y: number;
}

export const FEWEST = 3;
export const MOST = 40;

/** A rectangle that a person can pull into shape: most of the picture below its upper third. */
export const START: readonly Corner[] = [
  { x: 0.1, y: 0.3 },
  { x: 0.9, y: 0.3 },
  { x: 0.95, y: 0.95 },
  { x: 0.05, y: 0.95 },
];

const within = (share: number): number => Math.min(1, Math.max(0, share));
const rounded = (share: number): number => Math.round(within(share) * 1000) / 1000;

/** A corner at this place, put into the edge that is nearest to it, and its number. */
export function inserted(corners: readonly Corner[], at: Corner): { corners: Corner[]; index: number } {
  const corner = { x: rounded(at.x), y: rounded(at.y) };
  const index = corners.length < FEWEST ? corners.length : nearestEdge(corners, corner) + 1;
  return { corners: [...corners.slice(0, index), corner, ...corners.slice(index)], index };
}

/** A corner in the middle of the edge that begins at `index`, and its number. */
export function split(corners: readonly Corner[], index: number): { corners: Corner[]; index: number } {
  const from = corners[index];
  const to = corners[(index + 1) % corners.length];
  if (!from || !to) return { corners: [...corners], index };
  const middle = { x: rounded((from.x + to.x) / 2), y: rounded((from.y + to.y) / 2) };
  return { corners: [...corners.slice(0, index + 1), middle, ...corners.slice(index + 1)], index: index + 1 };
}

export function moved(corners: readonly Corner[], index: number, to: Corner): Corner[] {
  return corners.map((corner, each) => (each === index ? { x: rounded(to.x), y: rounded(to.y) } : corner));
}

export function without(corners: readonly Corner[], index: number): Corner[] {
  return corners.filter((_, each) => each !== index);
}

/** The outline for an SVG whose sides are 100 long. */
export function outline(corners: readonly Corner[]): string {
  return corners.map(({ x, y }) => `${(x * 100).toFixed(2)},${(y * 100).toFixed(2)}`).join(" ");
}

/** All of the picture but the seats, to be darkened (even-odd rule). */
export function outside(corners: readonly Corner[]): string {
  return `M0 0H100V100H0Z M${outline(corners).replace(/ /g, "L")}Z`;
}

export function same(one: readonly Corner[], other: readonly Corner[]): boolean {
  return outline(one) === outline(other);
}

function nearestEdge(corners: readonly Corner[], at: Corner): number {
  let nearest = 0;
  let least = Infinity;
  corners.forEach((from, index) => {
    const distance = toEdge(at, from, corners[(index + 1) % corners.length] ?? from);
    if (distance < least) [least, nearest] = [distance, index];
  });
  return nearest;
}

function toEdge(at: Corner, from: Corner, to: Corner): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length ? within(((at.x - from.x) * dx + (at.y - from.y) * dy) / length) : 0;
  return Math.hypot(at.x - from.x - along * dx, at.y - from.y - along * dy);
}
