/** The colours of the wall, computed: read on their grounds, and told apart by eyes that lack a kind of cone. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Rgb = readonly [number, number, number];
type Matrix = readonly [Rgb, Rgb, Rgb];

/** Viénot, Brettel and Mollon (1999) and Machado et al. (2009), severity 1, on linear sRGB. */
const EYES: Record<string, Matrix> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const TONES = ["good", "warn", "bad", "lost", "idle"] as const;

function tokens(theme: "dark" | "light"): Map<string, string> {
  const css = readFileSync(new URL("../shared/tokens.css", import.meta.url), "utf8");
  const [dark = "", light = ""] = css.split('[data-theme="light"]');
  const found = [...(theme === "dark" ? dark : light).matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)];
  return new Map(found.map(([, name = "", value = ""]) => [name, value]));
}

function linear(hex: string): Rgb {
  const at = (from: number): number => {
    const part = parseInt(hex.slice(from, from + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return [at(1), at(3), at(5)];
}

function seen(colour: Rgb, eyes: Matrix): Rgb {
  const row = (by: Rgb): number =>
    Math.min(1, Math.max(0, by[0] * colour[0] + by[1] * colour[1] + by[2] * colour[2]));
  return [row(eyes[0]), row(eyes[1]), row(eyes[2])];
}

/** Relative luminance and contrast of WCAG 2.1. */
function contrast(a: string, b: string): number {
  const light = (hex: string): number => {
    const [r, g, blue] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Oklab (Ottosson 2020): equal distances look about equally different; 0.02 is about just noticeable. */
function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function apart(a: Rgb, b: Rgb): number {
  const [x, y] = [oklab(a), oklab(b)];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

for (const theme of ["dark", "light"] as const) {
  const colour = tokens(theme);
  const of = (name: string): string => {
    const value = colour.get(name);
    if (!value) throw new Error(`no colour ${name}`);
    return value;
  };

  test(`${theme}: every tone can be read on its own ground and on the page's surfaces`, () => {
    for (const tone of TONES) {
      for (const ground of [`${tone}-ground`, "surface", "ground"]) {
        expect(contrast(of(tone), of(ground)), `${tone} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(of("ground"), of("bad")), "the mark of a filled red tile").toBeGreaterThanOrEqual(4.5);
  });

  for (const [name, eyes] of Object.entries(EYES)) {
    test(`${theme}: the tones are told apart with ${name} eyes`, () => {
      const faults: string[] = [];
      for (const [at, one] of TONES.entries()) {
        for (const other of TONES.slice(at + 1)) {
          const by = apart(seen(linear(of(one)), eyes), seen(linear(of(other)), eyes));
          if (by < 0.06) faults.push(`${one} and ${other}: ${by.toFixed(3)}`);
        }
      }
      expect(faults).toEqual([]);
    });
  }
}
