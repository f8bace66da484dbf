import * as drawer from "./drawer";
import type { SignedIn } from "./messages";
import type { Seat } from "./model";
import type * as rescuing from "./offer";
import type { Root } from "./rescue";

export type Rescuing = typeof rescuing;

/** What desk and page each threw in when the session began with a voucher. */
interface Nonces {
  desk: string;
  page: string;
}

let memoryRoots: Root[] = [];
let rescueCode: Promise<Rescuing> | null = null;

/** How the centre can work out this session's key (`wire/rescue.py`); nothing secret unless it began with a PIN. */
export function noteRoot(seat: Seat, message: SignedIn, before: Seat | null, nonces: Nonces): void {
  const roots = drawer.recallRoots(seat).concat(memoryRoots.filter((each) => each.session !== seat.session));
  const known = roots.filter(
    (each, place) => roots.findIndex(({ session }) => session === each.session) === place,
  );
  const from = (root: Root): boolean =>
    before !== null && (root.session === before.session || root.next.includes(before.session));
  if (seat.assurance === "voucher" && message.resumed)
    memoryRoots = known.map((root) => (from(root) ? { ...root, next: [...root.next, seat.session] } : root));
  else {
    const begun = { session: seat.session, next: [] };
    const fresh =
      seat.assurance === "voucher"
        ? { ...begun, desk: nonces.desk, page: nonces.page, key: "" }
        : { ...begun, desk: "", page: "", key: seat.key };
    memoryRoots = [...known, fresh];
  }
  drawer.keepRoots(seat, memoryRoots);
}

/** Fetched while all is well, because it is needed when nothing answers. */
export function fetchRescue(): Promise<Rescuing> {
  rescueCode ??= import("./offer").catch((fault: unknown) => {
    rescueCode = null;
    throw fault;
  });
  return rescueCode;
}

/** Where this candidate's sessions began: from memory, or as the drawer has it after the page was loaded anew. */
export function rootsOf(seat: Seat): Root[] {
  return memoryRoots.length ? memoryRoots : drawer.recallRoots(seat);
}

/** Somebody else sits here now. */
export function forgetRoots(): void {
  memoryRoots = [];
}
