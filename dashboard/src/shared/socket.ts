import { backoff } from "./backoff";

/** Close code of a feed whose reader has signed out or may no longer read it. */
const SIGNED_OUT = 4401;

export interface Line {
  send(message: unknown): void;
  close(): void;
}

export interface LineEvents {
  onOpen?: (line: Line) => void;
  onMessage: (message: unknown, line: Line) => void;
  onDown?: () => void;
  /** The other end says that the sign-in is over; the line does not call again. */
  onSignedOut?: () => void;
  /** Nothing for this long on an open line means that it is dead although nobody said so. */
  silenceMs?: number;
}

/** `path` on the page's own host, as a WebSocket address. */
export function socketUrl(path: string): string {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.toString();
}

/** A JSON WebSocket that comes back by itself until `close()`; a message to send while it is down is dropped. */
export function keepLine(path: string, events: LineEvents): Line {
  let socket: WebSocket | null = null;
  let attempt = 0;
  let closed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  const line: Line = {
    send(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    close() {
      closed = true;
      clearTimeout(retry);
      clearTimeout(silence);
      socket?.close();
    },
  };

  function heard(): void {
    clearTimeout(silence);
    if (events.silenceMs) silence = setTimeout(lost, events.silenceMs);
  }

  function lost(): void {
    clearTimeout(silence);
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
      socket = null;
    }
    if (closed) return;
    events.onDown?.();
    clearTimeout(retry);
    retry = setTimeout(dial, backoff(attempt++, Math.random()));
  }

  function dial(): void {
    socket = new WebSocket(socketUrl(path));
    heard();
    socket.onopen = () => {
      heard();
      events.onOpen?.(line);
    };
    socket.onmessage = (event) => {
      heard();
      attempt = 0;
      if (typeof event.data === "string") events.onMessage(JSON.parse(event.data), line);
    };
    socket.onclose = (event) => {
      if (event.code === SIGNED_OUT && events.onSignedOut) {
        line.close();
        events.onSignedOut();
      } else lost();
    };
  }

  dial();
  return line;
}
