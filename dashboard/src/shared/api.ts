import { dictionary, language } from "./i18n";

const t = dictionary({
  unreachable: {
    vi: "Không liên lạc được với trung tâm. Kiểm tra đường mạng rồi thử lại.",
    en: "The centre cannot be reached. Check the line and try again.",
  },
  unreadable: {
    vi: "Trung tâm trả lời không đọc được.",
    en: "The centre's answer could not be read.",
  },
  status: {
    vi: (n: number) => `Trung tâm từ chối (mã ${n}).`,
    en: (n: number) => `The centre refused (code ${n}).`,
  },
});

export interface Person {
  id: string;
  username: string;
  name: string;
  role: string;
  /** The only session of somebody who came by a lecture link. */
  session?: string;
}

export interface Me {
  person: Person;
  csrf: string;
  actions: string[];
  must_change: boolean;
}

/** The centre said no: a stable `code`, a sentence for people, and whatever fields came with them. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly fields: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "Refusal";
  }
}

/** A line that swallows everything must not keep a page waiting for ever. */
const GET_MS = 30_000;

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** The centre's HTTP interface with the cookie of this browser; every fault is a `Refusal` with a sentence. */
export class Api {
  csrf = "";

  constructor(private readonly fetcher: Fetch = (path, init) => fetch(path, init)) {}

  get<T>(path: string, limitMs = GET_MS): Promise<T> {
    return this.ask<T>("GET", path, undefined, undefined, AbortSignal.timeout(limitMs));
  }

  /** Waits for as long as the centre works, unless a limit is given. */
  post<T>(path: string, value?: unknown, limitMs?: number): Promise<T> {
    const body = value === undefined ? undefined : JSON.stringify(value);
    const signal = limitMs === undefined ? undefined : AbortSignal.timeout(limitMs);
    return this.ask<T>("POST", path, body, "application/json", signal);
  }

  put<T>(path: string, value: unknown): Promise<T> {
    return this.ask<T>("PUT", path, JSON.stringify(value), "application/json");
  }

  /** A file as it is: the server reads the name from the address. */
  delete<T>(path: string): Promise<T> {
    return this.ask<T>("DELETE", path);
  }

  /** A file that the server makes, and may make only once. */
  async made(path: string): Promise<Blob> {
    const response = await this.reach(path, {
      method: "POST",
      headers: { "X-CSRF-Token": this.csrf, "Content-Type": "application/json" },
      credentials: "same-origin",
      body: "{}",
    });
    if (!response.ok) await answer(response);
    return response.blob();
  }

  upload<T>(path: string, file: Blob): Promise<T> {
    return this.ask<T>("POST", path, file, "application/octet-stream");
  }

  async signIn(username: string, password: string): Promise<Me> {
    return this.keep(await this.post<Me>("/api/v1/login", { username, password }));
  }

  async me(): Promise<Me> {
    return this.keep(await this.get<Me>("/api/v1/me"));
  }

  /** One language of a sentence in two. */
  said(message: string): string {
    return inLanguage(message);
  }

  private keep(me: Me): Me {
    this.csrf = me.csrf;
    return me;
  }

  private async ask<T>(
    method: string,
    path: string,
    body?: BodyInit,
    type?: string,
    signal?: AbortSignal,
  ): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined && type) headers["Content-Type"] = type;
    if (method !== "GET") headers["X-CSRF-Token"] = this.csrf;
    const response = await this.reach(path, {
      method,
      headers,
      credentials: "same-origin",
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
    return (await answer(response)) as T;
  }

  private async reach(path: string, init: RequestInit): Promise<Response> {
    try {
      return await this.fetcher(path, init);
    } catch {
      throw new Refusal("unreachable", t.unreachable, 0);
    }
  }
}

async function answer(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => {
    // The line broke, or the time was over, between the head of the answer and its end.
    throw new Refusal("unreachable", t.unreachable, 0);
  });
  let value: unknown = null;
  try {
    value = text ? JSON.parse(text) : null;
  } catch {
    if (response.ok) throw new Refusal("unreadable", t.unreadable, response.status);
  }
  if (response.ok) return value;
  throw refusal(response.status, value);
}

function refusal(status: number, value: unknown): Refusal {
  const fields = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const { code, message, ...rest } = fields;
  const sentence = typeof message === "string" && message ? inLanguage(message) : t.status(status);
  return new Refusal(typeof code === "string" ? code : "refused", sentence, status, rest);
}

/** The centre writes "Vietnamese. / English."; one of the two is enough for one reader. */
function inLanguage(message: string): string {
  const parts = message.split(" / ");
  return (parts.length === 2 && parts[language.value === "vi" ? 0 : 1]) || message;
}

/** Whether the same may go well a moment later: the centre was not reached, is busy, or does not run. */
export function passes(fault: unknown): boolean {
  return fault instanceof Refusal && (fault.status === 0 || fault.status === 429 || fault.status >= 500);
}

/** The sentence for a person, whatever was thrown. */
export function sentence(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}

export const api = new Api();
