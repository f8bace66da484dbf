/** Officers as `/api/v1/officers` tells them; times in milliseconds, null: not yet. */

export interface Officer {
  place: number;
  name: string;
  phone: string;
  printed_ms: number | null;
  slip_waits: boolean;
  release_ms: number | null;
  reserve_ms: number | null;
}

export interface Officers {
  exam: string;
  title: string;
  state: string;
  starts_ms: number;
  from_ms: number;
  needed: number;
  has_reserve: boolean;
  release_here: boolean;
  reserve_here: boolean;
  officers: Officer[];
}

export interface Entered {
  officer: string;
  kind: "release" | "reserve";
  complete: boolean;
  state: Officers;
}
