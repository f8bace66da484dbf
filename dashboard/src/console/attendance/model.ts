/** Roll calls as the centre tells them, and what an operator does with a list of 164 rooms. */

import type { Counted } from "../countnotes";

export interface Declared {
  number: number;
  at_ms: number;
  by: string;
  signed_by: string;
  word: string;
  /** How many signed the room's list, where that was said. */
  listed: number | null;
}

export interface Correction {
  number: number;
  before: number | null;
  why: string;
  at_ms: number;
  who: string;
}

export type RoomState = "waiting" | "silent" | "agreed" | "asked" | "explained" | "corrected";

/** Where the number of people who signed in comes from. */
export type SignedInFrom = "roster" | "list" | "exam";

export interface Room extends Counted {
  site: string;
  code: string;
  name: string;
  district: string;
  level: string;
  contact: string;
  phone: string;
  expected: number;
  camera: number | null;
  reason: string;
  verified: boolean;
  moment_ms: number | null;
  received_ms: number | null;
  late: boolean;
  /** The declared number that holds: the newest signed one, else the newest. */
  said: Declared | null;
  declared: Declared[];
  signed_in: number | null;
  signed_in_from: "" | SignedInFrom;
  /** When the room told it of its list. */
  signed_in_told_ms: number | null;
  corrections: Correction[];
  difference: number;
  state: RoomState;
  number: number | null;
  picture: boolean;
}

export interface Sums {
  name: string;
  sites: number;
  answered: number;
  open: number;
  expected: number;
  camera: number;
  declared: number;
  signed_in: number;
  number: number;
}

export interface Roll {
  id: string;
  session: string;
  at_ms: number;
  kind: string;
  policy: string;
  keep_until_ms: number;
  tolerance: number;
  total: Sums;
  districts: Sums[];
  rooms: Room[];
}

export interface RollLine {
  id: string;
  at_ms: number;
  kind: string;
  policy: string;
  pictures: number;
  total: Sums;
}

export type Order = "difference" | "code" | "district";
export type Show = "all" | "open" | "unanswered" | "late" | "corrected";

export interface Wish {
  order: Order;
  show: Show;
  district: string;
  search: string;
}

const collator = new Intl.Collator("vi", { numeric: true });

const SHOWS: Record<Show, (room: Room) => boolean> = {
  all: () => true,
  open: ({ state }) => state === "asked" || state === "explained",
  unanswered: ({ state }) => state === "waiting" || state === "silent",
  late: ({ late }) => late,
  corrected: ({ state }) => state === "corrected",
};

/** Without tones and case, so that "hoa sen" finds "Hoa Sên". */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
}

/** The rooms that are asked for, in the order that is asked for; rooms that differ most, and are open, come first. */
export function listed(rooms: readonly Room[], wish: Wish): Room[] {
  const words = plain(wish.search).split(/\s+/).filter(Boolean);
  const found = rooms.filter(
    (room) =>
      SHOWS[wish.show](room) &&
      (!wish.district || room.district === wish.district) &&
      words.every((word) => plain(`${room.code} ${room.name} ${room.contact}`).includes(word)),
  );
  return found.sort((a, b) => by(wish.order, a, b) || collator.compare(a.code, b.code));
}

function by(order: Order, a: Room, b: Room): number {
  if (order === "difference")
    return Number(SHOWS.open(b)) - Number(SHOWS.open(a)) || b.difference - a.difference;
  return order === "district" ? collator.compare(a.district, b.district) : 0;
}

/** A number that was declared without a signature after the one that holds; it stands beside that. */
export function besideSaid({ said, declared }: Room): Declared | null {
  const last = declared.at(-1);
  if (!said || !last) return null;
  return last.at_ms === said.at_ms && last.number === said.number ? null : last;
}

/** The pictures to go through: rooms that differ most first. */
export function withPictures(rooms: readonly Room[]): Room[] {
  return rooms
    .filter(({ picture }) => picture)
    .sort((a, b) => by("difference", a, b) || collator.compare(a.code, b.code));
}

/** Where to go from `at` when one was judged: the next that nobody judged yet, after it or from the start. */
export function nextOpen(count: number, at: number, judged: (place: number) => boolean): number {
  for (let step = 1; step <= count; step++) {
    const place = (at + step) % count;
    if (!judged(place)) return place;
  }
  return Math.min(at + 1, count - 1);
}
