import { decimal } from "../shared/format";

/** "1,2 GB": a size as people read it, in powers of ten. */
export function bytes(size: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = size;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit < 2 ? Math.round(value) : decimal(value)} ${units[unit]}`;
}
