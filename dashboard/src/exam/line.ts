import { backoff } from "../shared/backoff";
import { socketUrl } from "../shared/socket";

/** Stands in every reply to a request; whatever else answers in the desk's place does not say it. */
const DESK = "diemcau exam desk";
const SILENCE_MS = 25_000;
const PROBE_MS = 4_000;
const OPEN_MS = 6_000;
const LONGEST_PAUSE_MS = 5_000;
const SAY_AT_ONCE = 40;

/** One way to the desk, used until it is lost. */
interface Carrier {
  send(text: string): void;
  close(): void;
}

interface CarrierEvents {
  opened(): void;
  heard(message: unknown): void;
  lost(): void;
  /** Something answered that is not the desk, e.g. the sign-in page of a Wi-Fi. */
  stranger(): void;
}

export interface DeskLine {
  /** What is said while the line is down is dropped: the page keeps it and says it again when it is up. */
  send(message: unknown): void;
  /** The phone has woken up, or the network has come back: look at once whether the line still lives. */
  nudge(): void;
  /** Hang up and call again: somebody else sits here now. */
  anew(): void;
}

export interface LineEvents {
  onOpen: () => void;
  onMessage: (message: unknown) => void;
  onDown: (stranger: boolean) => void;
}

function bySocket(events: CarrierEvents): Carrier {
  const socket = new WebSocket(socketUrl("/exam/ws"));
  let open = false;
  const slow = setTimeout(() => open || events.lost(), OPEN_MS);
  socket.onopen = () => {
    open = true;
    events.opened();
  };
  socket.onmessage = (event) => {
    if (typeof event.data === "string") events.heard(JSON.parse(event.data));
  };
  socket.onclose = () => events.lost();
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => {
      clearTimeout(slow);
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    },
  };
}

interface Told {
  desk: string;
  line: string;
  first: number;
  frames: unknown[];
  gone: boolean;
}

/** Thrown by `post` when something else than the desk has answered. */
class Stranger extends Error {}

async function post(body: object): Promise<Told> {
  const reply = await fetch("/exam/talk", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
    redirect: "manual",
  });
  if (reply.type === "opaqueredirect") throw new Stranger();
  const text = await reply.text();
  let told: Partial<Told> | null = null;
  try {
    told = JSON.parse(text) as Partial<Told> | null;
  } catch {
    throw new Stranger();
  }
  if (told === null || told.desk !== DESK || !Array.isArray(told.frames)) throw new Stranger();
  return told as Told;
}

/** The same conversation by requests: one waits for news, others carry what the page says. */
function byRequests(events: CarrierEvents): Carrier {
  let name = "";
  let got = 0;
  let alive = true;
  let saying = false;
  let toSay: string[] = [];

  function lose(fault: unknown): void {
    if (!alive) return;
    alive = false;
    if (fault instanceof Stranger) events.stranger();
    events.lost();
  }

  function take(told: Told): void {
    if (!alive) return;
    if (told.gone) {
      lose(null);
      return;
    }
    if (!name) {
      name = told.line;
      events.opened();
    }
    told.frames.forEach((frame, place) => {
      if (told.first + place <= got) return;
      got = told.first + place;
      events.heard(frame);
    });
  }

  async function wait(): Promise<void> {
    try {
      // The first request says something, so that it is answered at once and opens the line.
      take(await post({ line: "", got: 0, say: [{ type: "ping" }] }));
      while (alive) take(await post({ line: name, got, say: [] }));
    } catch (fault) {
      lose(fault);
    }
  }

  async function speak(): Promise<void> {
    saying = true;
    try {
      while (alive && toSay.length) {
        const say = toSay.slice(0, SAY_AT_ONCE);
        toSay = toSay.slice(SAY_AT_ONCE);
        take(await post({ line: name, got, say: say.map((text) => JSON.parse(text) as unknown) }));
      }
    } catch (fault) {
      lose(fault);
    }
    saying = false;
  }

  void wait();
  return {
    send: (text) => {
      if (!name) return;
      toSay = [...toSay, text];
      if (!saying) void speak();
    },
    close: () => {
      alive = false;
    },
  };
}

/**
 * A line to the desk that comes back by itself, at most five seconds apart: by WebSocket, and by plain requests where
 * none can be made (some proxies let them die).
 */
export function keepDeskLine(events: LineEvents): DeskLine {
  let carrier: Carrier | null = null;
  let round = 0;
  let attempt = 0;
  let up = false;
  let met = false;
  let requests = typeof WebSocket === "undefined";
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  const listen = (ms: number): void => {
    clearTimeout(silence);
    silence = setTimeout(lost, ms);
  };

  function lost(): void {
    clearTimeout(silence);
    clearTimeout(retry);
    if (carrier) carrier.close();
    carrier = null;
    // What never opened may not be possible here at all: try the other way next.
    if (!up && typeof WebSocket !== "undefined") requests = !requests;
    up = false;
    events.onDown(met);
    retry = setTimeout(dial, backoff(attempt++, Math.random(), 400, LONGEST_PAUSE_MS));
  }

  function dial(): void {
    clearTimeout(retry);
    round += 1;
    const mine = round;
    const ours = (call: () => void) => () => {
      if (mine === round) call();
    };
    const waysIn: CarrierEvents = {
      opened: ours(() => {
        up = true;
        met = false;
        listen(SILENCE_MS);
        events.onOpen();
      }),
      heard: (message) => {
        if (mine !== round) return;
        attempt = 0;
        listen(SILENCE_MS);
        events.onMessage(message);
      },
      lost: ours(lost),
      stranger: ours(() => (met = true)),
    };
    listen(SILENCE_MS);
    try {
      carrier = requests ? byRequests(waysIn) : bySocket(waysIn);
    } catch {
      lost();
    }
  }

  dial();
  return {
    send: (message) => {
      if (carrier) carrier.send(JSON.stringify(message));
    },
    nudge: () => {
      if (!carrier) {
        attempt = 0;
        dial();
      } else if (up) {
        carrier.send('{"type":"ping"}');
        listen(PROBE_MS);
      }
    },
    anew: () => {
      attempt = 0;
      lost();
    },
  };
}
