export interface Whep {
  url: string;
  token: string;
  /** What the picture is to take at most; an endpoint that has smaller sizes sends one of them. */
  mostKbps?: number;
}

const ASK_MS = 8000;

/**
 * Connects a peer by WHEP (draft-ietf-wish-whep-04): offers to view and takes the answer, or takes the endpoint's own
 * offer (406 with a description, "counter-offer") and answers that by PATCH. Gives the address of the session; `heard`
 * is told the Link headers.
 */
export async function connectWhep(
  peer: RTCPeerConnection,
  { url, token, mostKbps }: Whep,
  heard: (links: string | null) => void = () => undefined,
): Promise<string | null> {
  await peer.setLocalDescription();
  const offer = peer.localDescription?.sdp ?? "";
  const response = await send("POST", url, token, mostKbps ? atMost(offer, mostKbps) : offer);
  const sdp = await response.text();
  heard(response.headers.get("Link"));
  const location = response.headers.get("Location");
  const resource = location ? new URL(location, url).toString() : null;
  if (response.status === 201) {
    await peer.setRemoteDescription({ type: "answer", sdp });
  } else if (counterOffered(response.status, response.headers.get("Content-Type")) && resource) {
    // The browser takes its own offer back by itself.
    await peer.setRemoteDescription({ type: "offer", sdp });
    await peer.setLocalDescription();
    const taken = await send("PATCH", resource, token, peer.localDescription?.sdp ?? "");
    if (!taken.ok) throw new Error(`${taken.status} ${(await taken.text()).slice(0, 200)}`);
  } else {
    throw new Error(`${response.status} ${sdp.slice(0, 200)}`);
  }
  return resource;
}

/** The offer, with what its picture is to take at most (RFC 8866 §5.8; `b=` follows `c=`). */
export function atMost(sdp: string, kbps: number): string {
  return sdp.replace(/(\r\nm=video [^]*?\r\nc=[^\r\n]*)/, `$1\r\nb=AS:${kbps}`);
}

/** Whether a refusal brings an offer to answer instead. */
export function counterOffered(status: number, contentType: string | null): boolean {
  return status === 406 && contentType?.split(";")[0]?.trim() === "application/sdp";
}

function send(method: string, url: string, token: string, sdp: string): Promise<Response> {
  return fetch(url, {
    method,
    body: sdp,
    headers: { "Content-Type": "application/sdp", Authorization: `Bearer ${token}` },
    credentials: "omit",
    signal: AbortSignal.timeout(ASK_MS),
  });
}
