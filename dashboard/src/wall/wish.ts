import type { SiteState, Tile } from "../shared/feed";
import { holds, plain } from "./plain";

/** What a person wants to see of the wall. It stands in the page's address, so that it can be kept and sent. */
export interface Wish {
  text: string;
  district: string;
  level: string;
  /** Any of these; none means all. */
  kinds: readonly Kind[];
  /** How tiles stand together; "auto" is by district once there are many. */
  by: Grouping;
  /** Pictures of the rooms instead of figures. */
  pictures: boolean;
}

export const KINDS = ["online", "late", "silent", "unknown", "never", "trouble"] as const;
/** A state, or what needs somebody's hand whatever its state. */
export type Kind = (typeof KINDS)[number];

export const GROUPINGS = ["auto", "district", "level", "state", "none"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const everything: Wish = {
  text: "",
  district: "",
  level: "",
  kinds: [],
  by: "auto",
  pictures: false,
};

const KEYS = ["q", "district", "level", "show", "by", "view"];

/** The wish that an address says; words that are none of ours count as not said. */
export function readWish(search: string): Wish {
  const said = new URLSearchParams(search);
  const shown = (said.get("show") ?? "").split(",");
  return {
    text: said.get("q") ?? "",
    district: said.get("district") ?? "",
    level: said.get("level") ?? "",
    kinds: KINDS.filter((kind) => shown.includes(kind)),
    by: GROUPINGS.find((each) => each === said.get("by")) ?? "auto",
    pictures: said.get("view") === "pictures",
  };
}

/** The address of a wish; what else stands in `search`, such as kiosk mode, stays. */
export function writeWish(wish: Wish, search = ""): string {
  const said = new URLSearchParams(search);
  for (const key of KEYS) said.delete(key);
  if (wish.text) said.set("q", wish.text);
  if (wish.district) said.set("district", wish.district);
  if (wish.level) said.set("level", wish.level);
  if (wish.kinds.length) said.set("show", wish.kinds.join(","));
  if (wish.by !== "auto") said.set("by", wish.by);
  if (wish.pictures) said.set("view", "pictures");
  const text = said.toString();
  return text && `?${text}`;
}

export function isEverything(wish: Wish): boolean {
  return !wish.text.trim() && !wish.district && !wish.level && !wish.kinds.length;
}

/** Amber or red: somebody has to do something. */
export function isInTrouble(tile: Tile | undefined): boolean {
  return tile !== undefined && tile.trouble >= 2;
}

/** Whether a wish, its kinds left aside, takes in a site. */
export function admitsPlace(wish: Wish, tile: Tile): boolean {
  if (wish.district && tile.district !== wish.district) return false;
  if (wish.level && tile.level !== wish.level) return false;
  return !wish.text || holds(searched(tile), plain(wish.text));
}

/** Whether a wish takes in a site. Whoever is `troubled` appears although only others were asked for by state; so does
 * one that has just recovered, for as long as it keeps its place. */
export function admits(wish: Wish, tile: Tile, troubled: boolean): boolean {
  if (!admitsPlace(wish, tile)) return false;
  return !wish.kinds.length || troubled || wish.kinds.some((kind) => tile.state === (kind as SiteState));
}

const texts = new Map<string, { of: string; plain: string }>();

/** Name, code and place of a site without marks, kept from one look to the next. */
function searched(tile: Tile): string {
  const of = `${tile.code} ${tile.name} ${tile.path.join(" ")} ${tile.contact}`;
  const known = texts.get(tile.id);
  if (known?.of === of) return known.plain;
  const made = plain(of);
  texts.set(tile.id, { of, plain: made });
  return made;
}

/** How many sites each kind has among those that the rest of the wish takes in. */
export function tally(wish: Wish, tiles: Iterable<Tile>): Record<Kind, number> & { all: number } {
  const counts = { all: 0, online: 0, late: 0, silent: 0, unknown: 0, never: 0, trouble: 0 };
  for (const tile of tiles) {
    if (!admitsPlace(wish, tile)) continue;
    counts.all++;
    if (isInTrouble(tile)) counts.trouble++;
    if (tile.state !== "revoked") counts[tile.state]++;
  }
  return counts;
}
