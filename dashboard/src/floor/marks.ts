import type { WallFloor } from "../shared/feed";

/** What a room's tile says of the floor: it speaks, it is aside, or its place in the queue. */
export type FloorMark = "speaks" | "aside" | number;

export function floorMarks(floors: readonly WallFloor[]): ReadonlyMap<string, FloorMark> {
  const marks = new Map<string, FloorMark>();
  for (const floor of floors) {
    floor.hands.forEach((site, at) => marks.set(site, at + 1));
    for (const site of floor.aside) marks.set(site, "aside");
    if (floor.speaker) marks.set(floor.speaker, "speaks");
  }
  return marks;
}
