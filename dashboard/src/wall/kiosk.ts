/** A television on the wall: which part of the province it shows, by the clock of the centre alone. Pure. */
import { everything, type Wish } from "./wish";

const USUAL_S = 20;
const LEAST_S = 5;
const MOST_S = 600;
/** Trouble comes up again after so many districts, however many there are. */
const DISTRICTS_BETWEEN = 5;

export interface Scene {
  kind: "all" | "district" | "trouble";
  district: string;
}

/** Seconds a scene stays, from an address with `kiosk` or `kiosk=20`; null for a page with hands. */
export function kioskSeconds(search: string): number | null {
  const said = new URLSearchParams(search).get("kiosk");
  if (said === null) return null;
  const seconds = Math.round(Number(said));
  return said && Number.isFinite(seconds) ? Math.min(MOST_S, Math.max(LEAST_S, seconds)) : USUAL_S;
}

/** The whole province, then its districts in turn; after every few of them, and at the end, whatever is in trouble. */
export function scenesOf(districts: readonly string[], inTrouble: boolean): Scene[] {
  const scenes: Scene[] = [{ kind: "all", district: "" }];
  const trouble: Scene[] = inTrouble ? [{ kind: "trouble", district: "" }] : [];
  if (districts.length < 2) return [...scenes, ...trouble];
  districts.forEach((district, at) => {
    scenes.push({ kind: "district", district });
    const last = at === districts.length - 1;
    if (last || (at + 1) % DISTRICTS_BETWEEN === 0) scenes.push(...trouble);
  });
  return scenes;
}

/** Which scene it is: the same on every television, and the same after a restart. */
export function sceneAt(scenes: readonly Scene[], seconds: number, centreMs: number): Scene {
  const turn = Math.floor(centreMs / 1000 / seconds) % scenes.length;
  return scenes[turn] ?? { kind: "all", district: "" };
}

/** How much of its time a scene has stood, 0 to 1. */
export function passed(seconds: number, centreMs: number): number {
  return ((centreMs / 1000) % seconds) / seconds;
}

export function wishOf(scene: Scene): Wish {
  if (scene.kind === "trouble") return { ...everything, kinds: ["trouble"], by: "none" };
  return { ...everything, district: scene.district };
}
