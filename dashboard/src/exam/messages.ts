/** What the desk says; see `site_agent/exam/protocol.py`. */

export interface Card {
  type: "exam";
  exam: string;
  title: string;
  state: "waiting" | "sealed" | "armed" | "open" | "closed" | "cancelled" | "missed";
  t0_ms: number;
  duration_s: number;
  now_ms: number;
  sign_in: boolean;
  wants_code: boolean;
  closes_ms: number | null;
  /** The clock of the whole site stands and no paper may be seen. */
  stopped?: boolean;
  /** The reserve paper took the place of the paper. */
  reserve?: boolean;
}

export interface Option {
  id: string;
  text: string;
}

export interface Item {
  id: string;
  text: string;
  options: Option[];
  images?: string[];
}

/** Fetched from `/exam/picture/{id}`; size in pixels. */
export interface Image {
  id: string;
  width: number;
  height: number;
}

export interface Kept {
  item: string;
  option: string;
  mark: 1 | 2;
}

export interface SignedIn {
  type: "signed_in";
  exam: string;
  session: string;
  epoch: number;
  assurance: "voucher" | "pin";
  candidate: { number: string; name: string; code: string };
  answers: Kept[];
  receipt: string | null;
  key: string | null;
  resumed: string | null;
  rescue_to?: string;
  rescue_at?: string;
}

export interface Trouble {
  type: "trouble";
  code: string;
  message_vi: string;
  message_en: string;
  session: string;
  client_seq: number;
  wait_s: number;
}

export type Down =
  | Card
  | SignedIn
  | Trouble
  | { type: "welcome"; site: string; nonce: string; now_ms: number; exams: Card[] }
  | { type: "answers"; answers: Kept[] }
  | { type: "opened"; exam: string; code: string; items: Item[]; images?: Image[] }
  | { type: "saved"; session: string; client_seq: number; note: string }
  | { type: "received"; session: string; through: number }
  | { type: "receipt"; code: string; answered: number }
  | { type: "closed"; exam: string; receipt: string | null; answered: number }
  | { type: "moved"; session: string }
  | { type: "pong"; now_ms: number };
