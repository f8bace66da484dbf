/** The portal as `/api/v1/portal` tells it. */

export interface PortalExam {
  exam: string;
  title: string;
  starts_ms: number;
  over: boolean;
  /** Number of the publication, 0 before the first. */
  published: number;
  again: boolean;
  provisional: boolean;
  received: number | null;
  expected: number | null;
  /** The number to call when something is wrong, empty for none. */
  hotline: string;
}

export interface PortalAnswer {
  exam: PortalExam;
  number: string;
  name: string;
  site: string;
  receipt: string;
  state: string;
  answers: number;
  late: number;
  ended_ms: number | null;
  mark: number | null;
  correct: number | null;
  maximum: number | null;
  band: string | null;
  differs: boolean;
}

/** "ABCDEFGH23" as it is read aloud: in two halves. */
export function spaced(receipt: string): string {
  return receipt.replace(/^(.{5})(.+)$/, "$1 $2");
}

/** The exam in the address of the page, if there is one. */
export function examOf(path: string): string | null {
  const found = /^\/portal\/([^/]+)/.exec(path)?.[1];
  return found === undefined ? null : decodeURIComponent(found);
}
