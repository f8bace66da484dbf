import { api, Refusal } from "../shared/api";
import type { Seat } from "../air/model";
import { backoff } from "../shared/backoff";
import { detours, gathered } from "../shared/ice";
import { preferred } from "./codecs";
import { listenTo } from "./ear";
import { sizesFor } from "./encodings";

/** Publishing a lecture by WHIP (RFC 9725), again and again until it is stopped. */

export type AirState = "off" | "connecting" | "on" | "retrying";

export interface AirEvents {
  onState: (state: AirState, attempt: number) => void;
  onFault: (fault: unknown) => void;
  /** Whether somebody else sends from this seat now. */
  taken: () => Promise<boolean>;
  /** Another has taken the seat: this page sends no more. */
  onTaken: () => void;
}

interface Ticket {
  whip_url: string;
  token: string;
}

const AUDIO_BITS = 64_000;
/** ICE often recovers by itself from a short break; longer than this and a new connection is quicker. */
const MEND_MS = 5_000;
const CONNECT_MS = 15_000;
/** Where UDP is blocked nothing comes back; a detour is worth trying sooner than ICE gives up. */
const STRAIGHT_MS = 6_000;
const FAREWELL_MS = 2_000;
/** The centre and the relay have so long to answer; a dead line is noticed by it long before TCP gives up. */
const ANSWER_MS = 8_000;
const UNKNOWN = 404;
const GONE = 410;

export class Publisher {
  private peer: RTCPeerConnection | null = null;
  private resource: { url: string; token: string } | null = null;
  private video: MediaStreamTrack | null = null;
  private audio: MediaStreamTrack | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private deafen: () => void = () => undefined;
  private attempt = 0;
  private wanted = false;
  private stood = false;
  /** Whether this page was on air since somebody pressed the button: from then on it dials by itself alone. */
  private wasOn = false;
  private way: RTCConfiguration = {};
  /** Counts tries, so that the answer of an abandoned one is not taken. */
  private turn = 0;

  constructor(
    private readonly session: string,
    private readonly seat: Seat,
    private readonly events: AirEvents,
  ) {}

  start(): void {
    this.wanted = true;
    this.wasOn = false;
    this.attempt = 0;
    void this.dial();
  }

  async stop(): Promise<void> {
    this.wanted = false;
    clearTimeout(this.timer);
    this.events.onState("off", 0);
    await this.drop();
  }

  /** The connection's statistics; null while there is none. */
  async reports(): Promise<unknown[] | null> {
    const stats = await this.peer?.getStats();
    if (!stats) return null;
    const reports: unknown[] = [];
    stats.forEach((report) => reports.push(report));
    return reports;
  }

  /** The centre says that it gets nothing although this browser still thinks that it sends: connect anew. */
  unheard(): void {
    if (this.peer?.connectionState === "connected") this.again(this.turn);
  }

  /** What to send from now on; a change while on air needs no new connection. */
  async send(video: MediaStreamTrack | null, audio: MediaStreamTrack | null): Promise<void> {
    this.video = video;
    this.audio = audio;
    for (const transceiver of this.peer?.getTransceivers() ?? []) {
      const track = transceiver.receiver.track.kind === "video" ? video : audio;
      if (transceiver.sender.track !== track) await transceiver.sender.replaceTrack(track);
    }
  }

  private async dial(): Promise<void> {
    const turn = ++this.turn;
    this.events.onState(this.attempt ? "retrying" : "connecting", this.attempt);
    try {
      await this.drop();
      const ticket = await api.get<Ticket>(
        `/api/v1/sessions/${this.session}/publish?seat=${this.seat}`,
        ANSWER_MS,
      );
      const peer = this.newPeer(turn);
      await peer.setLocalDescription(await peer.createOffer());
      await gathered(peer);
      const answer = await this.offer(ticket, peer.localDescription?.sdp ?? "");
      if (turn !== this.turn || !this.wanted) return await this.drop();
      await peer.setRemoteDescription({ type: "answer", sdp: answer });
      await limitSound(peer);
      this.expectBy(turn, this.way.iceServers ? CONNECT_MS : STRAIGHT_MS);
    } catch (fault) {
      if (turn !== this.turn) return;
      this.events.onFault(fault);
      this.again(turn);
    }
  }

  private newPeer(turn: number): RTCPeerConnection {
    this.way = detours.configuration;
    const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle", ...this.way });
    this.stood = false;
    this.peer = peer;
    const sendEncodings = sizesFor(navigator.hardwareConcurrency, this.video?.getSettings().height ?? 0);
    const video = peer.addTransceiver(this.video ?? "video", { direction: "sendonly", sendEncodings });
    peer.addTransceiver(this.audio ?? "audio", { direction: "sendonly" });
    const codecs = RTCRtpSender.getCapabilities("video")?.codecs;
    if (codecs) video.setCodecPreferences(preferred(codecs));
    peer.onconnectionstatechange = () => this.follow(peer, turn);
    return peer;
  }

  private follow(peer: RTCPeerConnection, turn: number): void {
    if (turn !== this.turn || !this.wanted) return;
    if (peer.connectionState === "connected") {
      clearTimeout(this.timer);
      this.stood = this.wasOn = true;
      this.attempt = 0;
      this.events.onState("on", 0);
      this.deafen();
      this.deafen = listenTo(peer, () => this.lost(turn));
    } else if (peer.connectionState === "disconnected") {
      this.expectBy(turn, MEND_MS);
    } else if (peer.connectionState === "failed" || peer.connectionState === "closed") {
      this.again(turn);
    }
  }

  /** Gives the connection `ms` to stand; then another is tried. */
  private expectBy(turn: number, ms: number): void {
    if (this.peer?.connectionState === "connected") return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.again(turn), ms);
  }

  /** Nobody is at the other end: the first try is made at once. */
  private lost(turn: number): void {
    if (turn !== this.turn || !this.wanted) return;
    clearTimeout(this.timer);
    this.attempt = 1;
    void this.comeBack(turn);
  }

  private again(turn: number): void {
    if (turn !== this.turn || !this.wanted) return;
    clearTimeout(this.timer);
    if (this.resource && !this.stood) detours.failed(this.way);
    this.attempt++;
    this.events.onState("retrying", this.attempt);
    const pause = backoff(this.attempt - 1, Math.random(), 1000, 10_000);
    this.timer = setTimeout(() => void this.comeBack(turn), pause);
  }

  /** Dials again, unless the relay itself ended this connection because another took the seat: two that come back
   * again and again would put each other off the air for ever. */
  private async comeBack(turn: number): Promise<void> {
    const yields = this.stood ? await this.wasTaken() : this.wasOn && (await this.isTaken());
    if (turn !== this.turn || !this.wanted) return;
    if (!yields) return await this.dial();
    await this.stop();
    this.events.onTaken();
  }

  /** Ends what this page had at the relay, and tells whether another has its seat. Our relay says so itself; of a
   * server that only knows this connection no more, what the centre sees is asked, which is later on a slow line. */
  private async wasTaken(): Promise<boolean> {
    const resource = this.resource;
    this.resource = null;
    const status = resource && (await endResource(resource));
    return status === GONE || (status === UNKNOWN && (await this.events.taken()));
  }

  /** For a page that has tried to come back and does not stand yet: whoever sits there now came after it. */
  private async isTaken(): Promise<boolean> {
    const resource = this.resource;
    this.resource = null;
    if (resource) await endResource(resource);
    return await this.events.taken();
  }

  private async offer(ticket: Ticket, sdp: string): Promise<string> {
    const response = await fetch(ticket.whip_url, {
      method: "POST",
      headers: { "Content-Type": "application/sdp", Authorization: `Bearer ${ticket.token}` },
      body: sdp,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await response.text();
    if (response.status !== 201)
      throw new Refusal("whip_refused", whipFault(text, response.status), response.status);
    const location = response.headers.get("Location");
    detours.heard(response.headers.get("Link"));
    if (location) {
      const url = new URL(location, new URL(ticket.whip_url, window.location.href)).toString();
      this.resource = { url, token: ticket.token };
    }
    return text;
  }

  /** Ends the WHIP resource (RFC 9725 §4.2), then closes the connection; a dead line may not hold this up. */
  private async drop(): Promise<void> {
    const { peer, resource } = this;
    this.peer = this.resource = null;
    this.deafen();
    if (peer) peer.onconnectionstatechange = null;
    if (resource) await endResource(resource);
    peer?.close();
  }
}

/** The relay's status; null when it does not answer in time. */
async function endResource(resource: { url: string; token: string }): Promise<number | null> {
  const headers = { Authorization: `Bearer ${resource.token}` };
  const signal = AbortSignal.timeout(FAREWELL_MS);
  const asked = fetch(resource.url, { method: "DELETE", headers, keepalive: true, signal });
  return asked.then(({ status }) => status).catch(() => null);
}

function whipFault(text: string, status: number): string {
  try {
    const { message } = JSON.parse(text) as { message?: string };
    if (message) return message;
  } catch {
    // Not JSON: the status is all there is to tell.
  }
  return `WHIP ${status}`;
}

async function limitSound(peer: RTCPeerConnection): Promise<void> {
  for (const { sender, receiver } of peer.getTransceivers()) {
    if (receiver.track.kind !== "audio") continue;
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) encoding.maxBitrate = AUDIO_BITS;
    await sender.setParameters(parameters);
  }
}
