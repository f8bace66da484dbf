/** What this browser has said and the province has not confirmed yet. Pure: every change gives a new outbox. */

export type Mark = 0 | 1 | 2;

/** One message as it goes on the wire; it is never changed, so that whoever sends it again says the same. */
export interface Said {
  readonly type: "answer" | "hand_in";
  readonly session: string;
  readonly client_seq: number;
  readonly item?: string;
  readonly option?: string;
  readonly mac: string;
}

export interface Waiting {
  readonly said: Said;
  readonly saved: boolean;
}

export type Outbox = readonly Waiting[];

/** Takes the place of what was said of the same question and never had a ✓: the candidate has chosen anew. */
export function add(outbox: Outbox, said: Said): Outbox {
  return [...outbox.filter((old) => old.saved || old.said.item !== said.item), { said, saved: false }];
}

const same = (waiting: Waiting, session: string, seq: number): boolean =>
  waiting.said.session === session && waiting.said.client_seq === seq;

/** ✓: the school has it. It stays here until ✓✓, because a school's computer can be lost too. */
export function saved(outbox: Outbox, session: string, seq: number): Outbox {
  return outbox.map((waiting) => (same(waiting, session, seq) ? { ...waiting, saved: true } : waiting));
}

/** ✓✓: what was saved up to and including `through` may go. What never showed ✓ stays, whatever the number. */
export function received(outbox: Outbox, session: string, through: number): Outbox {
  return outbox.filter(
    ({ said, saved: isSaved }) => !(isSaved && said.session === session && said.client_seq <= through),
  );
}

/** A message that the desk will never take (it is not ours, or not of this paper): sending it again helps nobody. */
export function dropped(outbox: Outbox, session: string, seq: number): Outbox {
  return outbox.filter((waiting) => !same(waiting, session, seq));
}

/** Words of trouble after which sending the same message again is useless. */
export const isHopeless = (code: string): boolean => code === "mac_refused" || code === "unknown_item";

/** What a message said, if nothing newer of its kind waits: worth saying once more under another session. */
export function worthSaying(outbox: Outbox, session: string, seq: number): Said | null {
  const waiting = outbox.find((each) => same(each, session, seq));
  if (!waiting) return null;
  const { type, item } = waiting.said;
  const alike = outbox.filter(({ said }) => said.type === type && said.item === item);
  return alike[alike.length - 1] === waiting ? waiting.said : null;
}

/** All of it as it goes on the wire, in the order it was said within each session. */
export function toSend(outbox: Outbox): Said[] {
  return outbox.map((waiting) => waiting.said);
}

export function unsaved(outbox: Outbox): number {
  return outbox.filter((waiting) => !waiting.saved).length;
}

/** The newest waiting choice per item: it is what the candidate sees, over whatever the desk still has. */
export function choices(outbox: Outbox): Map<string, Waiting> {
  const newest = new Map<string, Waiting>();
  for (const waiting of outbox) {
    if (waiting.said.type === "answer" && waiting.said.item) newest.set(waiting.said.item, waiting);
  }
  return newest;
}

/** Takes in what another tab of this candidate left behind; what is known already stays as it is. */
export function adopted(outbox: Outbox, others: Outbox): Outbox {
  const known = (waiting: Waiting): boolean =>
    outbox.some((own) => same(own, waiting.said.session, waiting.said.client_seq));
  return [...others.filter((waiting) => !known(waiting)), ...outbox];
}

export function ofSession(outbox: Outbox, session: string): Outbox {
  return outbox.filter(({ said }) => said.session === session);
}

function isSaid(value: unknown): value is Said {
  const said = value as Partial<Said> | null;
  return (
    typeof said === "object" &&
    said !== null &&
    (said.type === "answer" || said.type === "hand_in") &&
    typeof said.session === "string" &&
    typeof said.client_seq === "number" &&
    typeof said.mac === "string"
  );
}

/** Reads what a browser has kept; anything else than an outbox is an empty one. */
export function read(text: string | null): Outbox {
  if (!text) return [];
  try {
    const kept: unknown = JSON.parse(text);
    if (!Array.isArray(kept)) return [];
    return (kept as Partial<Waiting>[])
      .filter((waiting) => isSaid(waiting?.said))
      .map((waiting) => ({ said: waiting.said as Said, saved: waiting.saved === true }));
  } catch {
    return [];
  }
}

export function write(outbox: Outbox): string {
  return JSON.stringify(outbox);
}
