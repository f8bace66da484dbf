import { Api } from "../shared/api";
import { recall, remember } from "../shared/keep";

const KEY = "diemcau.essay.pass";

export interface Version {
  id: string;
  place: number;
  form: string;
  name: string;
  size: number;
  sha256: string;
  receipt: string;
  received_ms: number;
  late: boolean;
  state: "checking" | "good" | "refused";
  reason: string;
  pages: number | null;
  words: number | null;
}

export interface Essay {
  id: string;
  title: string;
  question: string;
  deadline_ms: number;
  cap_ms: number;
  forms: string[];
  size_limit: number;
}

export interface Mine {
  essay: Essay;
  number: string;
  name: string;
  draft: string;
  revision: number;
  saved_ms: number | null;
  versions: Version[];
  now_ms: number;
}

export interface SitePerson {
  number: string;
  name: string;
  handed: string;
  versions: number;
  received_ms: number | null;
  receipt: string;
}

export interface SiteDesk {
  essay: Essay;
  site: string;
  code: string;
  name: string;
  people: SitePerson[];
}

/** What this browser signed in with: a participant's pass or a site's. */
export interface Pass {
  kind: "candidate" | "site";
  token: string;
}

export function keptPass(): Pass | null {
  try {
    const kept = JSON.parse(recall(KEY) ?? "null") as Pass | null;
    return kept?.token ? kept : null;
  } catch {
    return null;
  }
}

export function keepPass(pass: Pass | null): void {
  remember(KEY, JSON.stringify(pass));
}

export function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

/** The centre, asked in the name of a pass. */
export function centreOf(token: string): Api {
  return new Api((path, init) =>
    fetch(path, { ...init, headers: { ...(init.headers as Record<string, string>), ...bearer(token) } }),
  );
}

/** The version that counts: the last in time, else the last late one; refused ones never. */
export function counting(versions: readonly Version[]): Version | undefined {
  const kept = versions.filter(({ state }) => state !== "refused");
  return kept.filter(({ late }) => !late).at(-1) ?? kept.at(-1);
}
