/** A WHIP session (RFC 9725): the offer goes out, the answer comes back. One to listen is ended in the same way. */

export interface Door {
  url: string;
  token: string;
  /** What the picture is to take at most, of a session to view. */
  mostKbps?: number;
}

export interface Held {
  /** Where the session is ended; null when the other end named no place. */
  resource: string | null;
  token: string;
}

const ANSWER_MS = 8000;
const FAREWELL_MS = 2000;

export interface Answer extends Held {
  sdp: string;
  /** Its Link headers: ICE servers. */
  links: string | null;
}

/** Raises with the status and what the other end said. */
export async function offerTo(door: Door, sdp: string): Promise<Answer> {
  const response = await fetch(door.url, {
    method: "POST",
    headers: { "Content-Type": "application/sdp", Authorization: `Bearer ${door.token}` },
    body: sdp,
    credentials: "omit",
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const text = await response.text();
  if (response.status !== 201) throw new Error(`${response.status} ${text.slice(0, 200)}`);
  const location = response.headers.get("Location");
  const resource = location ? new URL(location, new URL(door.url, window.location.href)).toString() : null;
  return { sdp: text, links: response.headers.get("Link"), resource, token: door.token };
}

/** Ends a session; one that is gone needs no farewell. */
export async function farewell(held: Held | null): Promise<void> {
  if (!held?.resource) return;
  await fetch(held.resource, {
    method: "DELETE",
    headers: { Authorization: `Bearer ${held.token}` },
    credentials: "omit",
    keepalive: true,
    signal: AbortSignal.timeout(FAREWELL_MS),
  }).catch(() => undefined);
}
