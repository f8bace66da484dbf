import { connectWhep } from "../screen/whep";
import { detours } from "../shared/ice";
import { asking, due, failed, heard, type Holding, looked, off } from "./holding";
import { type Door, farewell, type Held } from "./session";

const LOOK_MS = 500;

interface Connection {
  peer: RTCPeerConnection;
  way: RTCConfiguration;
  held: Held | null;
  /** It came to stand once: whatever ended it, it was not a network that lets nothing through. */
  stood: boolean;
}

/** Holds a WHEP session open and plays what comes into `video`. It never gives up. */
export class Listener {
  /** Somebody is said to speak, so that silence means a fault. */
  expecting = false;
  private state: Holding = off;
  private connection: Connection | null = null;
  private readonly timer = setInterval(() => void this.look(), LOOK_MS);
  private readonly gesture = (): void => void this.play();

  /** `door` is asked for every time a connection is made; `kinds` is what is asked for there. */
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly door: () => Promise<Door | null>,
    private readonly kinds: readonly ("video" | "audio")[] = ["video", "audio"],
  ) {
    // A gesture is never asked for; if one comes, it is taken.
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, this.gesture);
    void this.ask();
  }

  close(): void {
    clearInterval(this.timer);
    for (const kind of ["pointerdown", "keydown"]) removeEventListener(kind, this.gesture);
    this.state = off;
    this.leave(this.connection);
    this.connection = null;
    this.video.srcObject = null;
  }

  private async ask(): Promise<void> {
    const old = this.connection;
    if (old?.held && !old.stood) detours.failed(old.way);
    const way = detours.configuration;
    const connection: Connection = { peer: new RTCPeerConnection(way), way, held: null, stood: false };
    this.connection = connection;
    this.state = asking(this.state, performance.now());
    this.leave(old);
    try {
      await this.connect(connection);
    } catch {
      if (connection === this.connection) this.state = failed(this.state, performance.now(), Math.random());
    }
  }

  private async connect(connection: Connection): Promise<void> {
    const { peer } = connection;
    const stream = new MediaStream();
    for (const kind of this.kinds) peer.addTransceiver(kind, { direction: "recvonly" });
    peer.ontrack = ({ track }) => {
      stream.addTrack(track);
      if (connection !== this.connection || stream.getTracks().length < this.kinds.length) return;
      this.video.srcObject = stream;
      void this.play();
    };
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === "connected") connection.stood = true;
      if (connection === this.connection)
        this.state = heard(this.state, peer.connectionState, performance.now(), Math.random());
    };
    const door = await this.door();
    if (!door) throw new Error("no door");
    const resource = await connectWhep(peer, door, (links) => detours.heard(links));
    connection.held = { resource, token: door.token };
    if (connection !== this.connection) this.leave(connection);
  }

  private async look(): Promise<void> {
    const connection = this.connection;
    if (!connection) return;
    let packets = 0;
    (await connection.peer.getStats()).forEach((report: { type: string; packetsReceived?: number }) => {
      if (report.type === "inbound-rtp") packets += report.packetsReceived ?? 0;
    });
    if (connection !== this.connection) return;
    const patienceMs = detours.patienceMs(connection.way);
    this.state = looked(this.state, packets, this.expecting, performance.now(), Math.random(), patienceMs);
    if (due(this.state, performance.now())) await this.ask();
  }

  private async play(): Promise<void> {
    if (this.video.srcObject) await this.video.play().catch(() => undefined);
  }

  private leave(connection: Connection | null): void {
    if (!connection) return;
    connection.peer.onconnectionstatechange = null;
    connection.peer.close();
    void farewell(connection.held);
  }
}
