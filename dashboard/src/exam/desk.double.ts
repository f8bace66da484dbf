import { vi } from "vitest";

/** What a test says of the desk: `refuses` is the word of trouble for whatever would have to be written. */
export class Desk {
  refuses: string | null = null;
  /** Messages are lost without a word. */
  silent = false;
  readonly heard: Record<string, unknown>[] = [];
  private sessions = 0;

  of(type: string): Record<string, unknown>[] {
    return this.heard.filter((message) => message["type"] === type);
  }

  answer(message: Record<string, unknown>): object[] {
    this.heard.push(message);
    const { type, client_seq = 0 } = message;
    // Only what goes into the journal under a page's own number is named in a trouble.
    const session = client_seq ? message["session"] : "";
    if (type === "hello") return [{ type: "welcome", site: "TH", nonce: "n", now_ms: 0, exams: [CARD] }];
    if (type === "ping") return [{ type: "pong", now_ms: 0 }];
    if (this.silent) return [];
    if (this.refuses)
      return [
        {
          type: "trouble",
          code: this.refuses,
          message_vi: "",
          message_en: "",
          session,
          client_seq,
          wait_s: 0,
        },
      ];
    if (type === "sign_in" || type === "resume") return this.seat(message);
    return [{ type: "saved", session, client_seq, note: "" }];
  }

  private seat(message: Record<string, unknown>): object[] {
    const resumed = message["type"] === "resume" ? message["session"] : null;
    const session = resumed && !message["takeover"] ? resumed : `s${++this.sessions}`;
    const candidate = { number: "SBD001", name: "Hoa", code: "101" };
    const key = resumed ? null : "ab".repeat(32);
    const seated = { type: "signed_in", exam: "e1", session, epoch: 1, assurance: "pin", candidate };
    return [
      { ...seated, answers: [], receipt: null, key, resumed },
      CARD,
      { type: "opened", exam: "e1", code: "101", items: ITEMS },
    ];
  }
}

export const ITEMS = ["i1", "i2"].map((id) => ({ id, text: "?", options: [{ id: "a", text: "A" }] }));

const CARD = {
  type: "exam",
  exam: "e1",
  title: "Bài",
  state: "open",
  t0_ms: 0,
  duration_s: 3600,
  now_ms: 0,
  sign_in: true,
  wants_code: false,
  closes_ms: 3_600_000,
};

/** The desk at the end of a WebSocket. */
function socketTo(desk: Desk): unknown {
  return class {
    static readonly OPEN = 1;
    readyState = 1;
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: string }) => void) | null = null;
    onclose: (() => void) | null = null;

    constructor() {
      setTimeout(() => this.onopen?.(), 1);
    }

    send(text: string): void {
      const frames = desk.answer(JSON.parse(text) as Record<string, unknown>);
      setTimeout(() => {
        for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
      }, 1);
    }

    close(): void {
      this.onclose?.();
    }
  };
}

/** The desk where requests are all that gets through. */
function requestsTo(desk: Desk): unknown {
  let frames: object[] = [];
  let first = 1;
  return async (_: string, sent: { body: string }) => {
    const { got, say } = JSON.parse(sent.body) as { got: number; say: Record<string, unknown>[] };
    for (; frames.length && first <= got; first++) frames.shift();
    for (const message of say) frames = frames.concat(desk.answer(message));
    if (!say.length && !frames.length) await new Promise((done) => setTimeout(done, 15_000));
    const told = { desk: "diemcau exam desk", line: "l1", first, frames, gone: false };
    return { type: "basic", text: () => Promise.resolve(JSON.stringify(told)) };
  };
}

export type Way = "WebSocket" | "requests";

/** As much of a browser as the page's session wants, with time that the test moves; `kept`: what it has in storage. */
export function browserAt(
  desk: Desk,
  way: Way,
  kept: Map<string, string>,
): { fire: (event: string) => void } {
  vi.useFakeTimers();
  const listeners: [string, () => void][] = [];
  const addEventListener = (event: string, listener: () => void): void =>
    void listeners.push([event, listener]);
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const offered = {
    addEventListener,
    navigator: {},
    document: { addEventListener, visibilityState: "visible" },
    location: { hash: "", pathname: "/exam/", href: "http://school/exam/", origin: "http://school" },
    history: { state: null, pushState: () => undefined, replaceState: () => undefined },
    localStorage: storage,
    WebSocket: way === "WebSocket" ? socketTo(desk) : undefined,
    fetch: requestsTo(desk),
  };
  Object.entries(offered).forEach(([name, value]) => vi.stubGlobal(name, value));
  return {
    fire: (event) => {
      listeners.filter(([name]) => name === event).forEach(([, listener]) => listener());
    },
  };
}
