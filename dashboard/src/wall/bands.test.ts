import { expect, test } from "vitest";
import { bandsFor, type Plan, type Room } from "./bands";

const HD: Room = { width: 1590, height: 560, gap: 2, label: 170 };
const UHD: Room = { width: 2050, height: 900, gap: 2, label: 170 };

function fits(plan: Plan, sizes: readonly number[], room: Room): boolean {
  for (let column = 0; column < plan.columns; column++) {
    const rows = sizes
      .filter((_, band) => plan.at[band] === column)
      .reduce((sum, size) => sum + Math.max(1, Math.ceil(size / plan.perRow)), 0);
    if (rows * (plan.height + room.gap) > room.height) return false;
  }
  return plan.perRow * (plan.width + room.gap) <= room.width;
}

test("a thousand sites of ten districts all stand on a full-HD wall", () => {
  const sizes = Array.from({ length: 10 }, () => 100);
  const plan = bandsFor(sizes, HD);
  expect(plan.scrolls).toBe(false);
  expect(fits(plan, sizes, HD)).toBe(true);
  expect(plan.width).toBeGreaterThan(26);
});

test("and on a larger one they are larger", () => {
  const sizes = Array.from({ length: 10 }, () => 100);
  expect(bandsFor(sizes, UHD).width).toBeGreaterThan(bandsFor(sizes, HD).width * 1.3);
});

test("a hundred communes stand in several columns", () => {
  const sizes = Array.from({ length: 100 }, (_, at) => 5 + (at % 11));
  const plan = bandsFor(sizes, { ...UHD, height: 1100 });
  expect(plan.scrolls).toBe(false);
  expect(plan.columns).toBeGreaterThan(1);
  expect(plan.at.every((column, band) => band === 0 || column >= (plan.at[band - 1] ?? 0))).toBe(true);
});

test("164 sites have room for their names", () => {
  const plan = bandsFor([21, 18, 25, 20, 16, 24, 22, 18], { ...HD, height: 690 });
  expect(["s", "m"]).toContain(plan.density);
});

test("what does not fit scrolls, with tiles for a thumb", () => {
  const plan = bandsFor(
    Array.from({ length: 100 }, () => 10),
    { width: 370, height: 500, gap: 2, label: 0 },
  );
  expect(plan.scrolls).toBe(true);
  expect(plan.width).toBeGreaterThanOrEqual(44);
});

test("no group and an empty group are no fault", () => {
  expect(bandsFor([], HD).perRow).toBeGreaterThan(0);
  expect(bandsFor([0, 3], HD).scrolls).toBe(false);
});
