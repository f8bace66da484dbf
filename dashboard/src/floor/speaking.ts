import { preferred } from "../lecturer/codecs";
import { listenTo } from "../lecturer/ear";
import { backoff } from "../shared/backoff";
import { detours, gathered } from "../shared/ice";
import { type Door, farewell, type Held, offerTo } from "./session";

export type SpeakState = "connecting" | "on" | "retrying";
export type MicrophoneFault = "denied" | "missing" | "busy" | null;

const VIDEO_BITS = 600_000;
const AUDIO_BITS = 48_000;
const MEND_MS = 3000;

export interface SpeakerEvents {
  onState: (state: SpeakState) => void;
  onMicrophone: (fault: MicrophoneFault) => void;
}

/**
 * Publishes a microphone, and a picture where there is one, in one session, so that lips and voice keep together. The
 * browser's own echo cancellation knows what this page plays, so the room is not heard twice.
 */
export class Speaker {
  private peer: RTCPeerConnection | null = null;
  private held: Held | null = null;
  private way: RTCConfiguration = {};
  private stood = false;
  private deafen: () => void = () => undefined;
  private microphone: MediaStreamTrack | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private turn = 0;
  private silent = false;
  private ended = false;

  /** `door` is asked for every time a connection is made: a right to speak is short. */
  constructor(
    private readonly picture: MediaStreamTrack | null,
    private readonly door: () => Promise<Door | null>,
    private readonly events: SpeakerEvents,
  ) {
    void this.begin();
  }

  /** Silent at this end too: the relay drops the sound in any case. */
  mute(silent: boolean): void {
    this.silent = silent;
    if (this.microphone) this.microphone.enabled = !silent;
  }

  async close(): Promise<void> {
    this.ended = true;
    this.turn++;
    clearTimeout(this.timer);
    navigator.mediaDevices.removeEventListener("devicechange", this.replugged);
    this.microphone?.stop();
    this.picture?.stop();
    await this.drop();
  }

  private async begin(): Promise<void> {
    navigator.mediaDevices.addEventListener("devicechange", this.replugged);
    await this.open();
    if (!this.ended) await this.dial();
  }

  /** A microphone that was unplugged, or was not there, is taken up as soon as there is one. */
  private readonly replugged = (): void => void this.takeUp();

  private async takeUp(): Promise<void> {
    if (this.microphone || this.ended) return;
    await this.open();
    for (const { sender, receiver } of this.peer?.getTransceivers() ?? []) {
      if (receiver.track.kind === "audio") await sender.replaceTrack(this.microphone);
    }
  }

  private async open(): Promise<void> {
    try {
      const wish = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
      const stream = await navigator.mediaDevices.getUserMedia({ audio: wish });
      const track = stream.getAudioTracks()[0] ?? null;
      track?.addEventListener("ended", () => {
        if (this.microphone !== track) return;
        this.microphone = null;
        this.events.onMicrophone("missing");
      });
      this.microphone = track;
      this.events.onMicrophone(null);
    } catch (caught) {
      this.events.onMicrophone(named(caught));
    }
    if (this.ended) this.microphone?.stop();
    else this.mute(this.silent);
  }

  private async dial(): Promise<void> {
    const turn = ++this.turn;
    this.events.onState(this.attempt ? "retrying" : "connecting");
    try {
      await this.drop();
      const door = await this.door();
      if (!door) throw new Error("no door");
      const peer = this.newPeer(turn);
      await peer.setLocalDescription();
      await gathered(peer);
      const held = await offerTo(door, peer.localDescription?.sdp ?? "");
      detours.heard(held.links);
      if (turn !== this.turn) return await farewell(held);
      this.held = held;
      await peer.setRemoteDescription({ type: "answer", sdp: held.sdp });
      await limitBits(peer);
      this.expectBy(turn, detours.patienceMs(this.way));
    } catch {
      this.again(turn);
    }
  }

  private newPeer(turn: number): RTCPeerConnection {
    this.way = detours.configuration;
    const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle", ...this.way });
    this.stood = false;
    this.peer = peer;
    // One stream for both: the other end plays them in step (RFC 8830).
    const together = new MediaStream();
    const video = peer.addTransceiver(this.picture ?? "video", {
      direction: "sendonly",
      streams: [together],
    });
    peer.addTransceiver(this.microphone ?? "audio", { direction: "sendonly", streams: [together] });
    const codecs = RTCRtpSender.getCapabilities("video")?.codecs;
    if (codecs) video.setCodecPreferences(preferred(codecs));
    peer.onconnectionstatechange = () => {
      if (turn !== this.turn) return;
      if (peer.connectionState === "connected") {
        clearTimeout(this.timer);
        this.stood = true;
        this.attempt = 0;
        this.events.onState("on");
        this.deafen();
        this.deafen = listenTo(peer, () => this.lost(turn));
      } else if (peer.connectionState === "disconnected") this.expectBy(turn, MEND_MS);
      else if (peer.connectionState === "failed" || peer.connectionState === "closed") this.again(turn);
    };
    return peer;
  }

  private expectBy(turn: number, ms: number): void {
    if (this.peer?.connectionState === "connected") return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.again(turn), ms);
  }

  /** Nobody is at the other end: the first try is made at once. */
  private lost(turn: number): void {
    if (turn !== this.turn || this.ended) return;
    clearTimeout(this.timer);
    this.attempt = 1;
    void this.dial();
  }

  private again(turn: number): void {
    if (turn !== this.turn || this.ended) return;
    clearTimeout(this.timer);
    if (this.held && !this.stood) detours.failed(this.way);
    this.attempt++;
    this.events.onState("retrying");
    this.timer = setTimeout(() => void this.dial(), backoff(this.attempt - 1, Math.random(), 400, 5000));
  }

  private async drop(): Promise<void> {
    const { peer, held } = this;
    this.peer = this.held = null;
    this.deafen();
    if (peer) peer.onconnectionstatechange = null;
    peer?.close();
    await farewell(held);
  }
}

function named(caught: unknown): MicrophoneFault {
  const name = caught instanceof DOMException ? caught.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "missing";
}

async function limitBits(peer: RTCPeerConnection): Promise<void> {
  for (const { sender, receiver } of peer.getTransceivers()) {
    const parameters = sender.getParameters();
    const bits = receiver.track.kind === "video" ? VIDEO_BITS : AUDIO_BITS;
    for (const encoding of parameters.encodings) encoding.maxBitrate = bits;
    await sender.setParameters(parameters);
  }
}
