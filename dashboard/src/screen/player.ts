import { type Cushion, cushioned, lay, lineOf, noCushion } from "./cushion";
import { detours, type Path, pathOf } from "../shared/ice";
import { type Counters, countersOf, type Figures, nothing, Totals } from "./figures";
import { asking, counted, due, failed, off, type Recovery, sounds } from "./recovery";
import { type Heard, heardWith, loudest, SoundMeter } from "./sound";
import type { Lecture } from "./state";
import { byOrder } from "./ladder";
import { connectWhep } from "./whep";

const POLL_MS = 250;

interface Connection {
  peer: RTCPeerConnection;
  way: RTCConfiguration;
  resource: string | null;
  token: string;
  /** It came to stand once: whatever ended it, it was not a network that lets nothing through. */
  stood: boolean;
}

/** Plays the lecture over WHEP and never gives up. Nobody has to click anything. */
export class Player {
  /** The browser refused to play with sound (its autoplay policy), so it plays without. */
  soundBlocked = false;
  figures: Figures;
  private lecture: Lecture | null = null;
  /** Nothing is asked for by order: the room telephones. */
  private byPhone = false;
  private recovery: Recovery = off;
  private connection: Connection | null = null;
  private counters: Counters = nothing;
  private heard: Heard[] = [];
  private path: Path = "";
  private cushion: Cushion = noCushion;
  private readonly totals = new Totals(performance.now());
  private readonly sound = new SoundMeter();

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly onChange: () => void,
  ) {
    this.figures = this.totals.figures(false, null, performance.now());
    setInterval(() => void this.look(), POLL_MS);
    // A gesture is never asked for; if one comes, it is taken.
    for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, () => void this.play());
  }

  /** Shows this lecture; a new token or address is asked for at once. */
  show(given: Lecture | null): void {
    this.byPhone = given?.rung === "phone";
    const lecture = this.byPhone ? null : given;
    const same = lecture?.whep_url === this.lecture?.whep_url && lecture?.token === this.lecture?.token;
    if (lecture?.session !== this.lecture?.session)
      this.totals.movedMs = this.totals.heardMs = performance.now();
    this.lecture = lecture;
    if (same) return;
    if (lecture) void this.ask(off);
    else this.end();
  }

  private end(): void {
    this.recovery = off;
    this.leave(this.connection);
    this.connection = null;
    this.counters = nothing;
    this.sound.silence();
    this.video.srcObject = null;
  }

  private async look(): Promise<void> {
    const connection = this.connection;
    if (connection) {
      const reports: unknown[] = [];
      (await connection.peer.getStats()).forEach((report) => reports.push(report));
      if (connection !== this.connection) return;
      this.counters = countersOf(reports);
      this.path = pathOf(reports);
      this.cushion = cushioned(this.cushion, lineOf(reports), performance.now());
      lay(connection.peer, this.cushion);
      this.totals.read(this.counters, performance.now());
      const seen = document.visibilityState === "visible";
      this.recovery = counted(this.recovery, this.counters, performance.now(), Math.random(), seen);
    }
    const path = connection ? this.path : "";
    this.heard = heardWith(this.heard, this.level(), performance.now());
    const level = loudest(this.heard);
    this.figures = this.totals.figures(this.lecture !== null, level, performance.now(), path);
    if (this.byPhone) this.figures = { ...this.figures, rung: byOrder.rung, rung_why: byOrder.why };
    this.onChange();
    if (due(this.recovery, performance.now())) await this.ask(this.recovery);
  }

  /** Measured from the decoded samples, or from the browser's own statistics. What nobody can hear has no level. */
  private level(): number | null {
    if (!sounds(this.recovery) || this.soundBlocked || this.counters.audioLevel === null) return null;
    const measured = this.sound.level();
    if (measured !== null) return measured;
    return this.counters.audioLevel > 0 ? Math.round(200 * Math.log10(this.counters.audioLevel)) / 10 : -120;
  }

  private async ask(before: Recovery): Promise<void> {
    const lecture = this.lecture;
    if (!lecture) return;
    this.recovery = asking(performance.now(), before);
    const old = this.connection;
    if (old?.resource && !old.stood) detours.failed(old.way);
    const way = detours.configuration;
    const peer = new RTCPeerConnection(way);
    const connection: Connection = { peer, way, resource: null, token: lecture.token, stood: false };
    this.connection = connection;
    this.totals.connection();
    this.leave(old);
    try {
      await this.connect(connection, lecture);
    } catch {
      if (connection === this.connection)
        this.recovery = failed(this.recovery, performance.now(), Math.random());
    }
  }

  private async connect(connection: Connection, lecture: Lecture): Promise<void> {
    const { peer } = connection;
    const stream = new MediaStream();
    peer.addTransceiver("video", { direction: "recvonly" });
    peer.addTransceiver("audio", { direction: "recvonly" });
    peer.ontrack = ({ track }) => {
      stream.addTrack(track);
      if (stream.getTracks().length === 2) this.present(connection, stream);
    };
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === "connected") connection.stood = true;
      if (peer.connectionState === "failed" && connection === this.connection)
        this.recovery = failed(this.recovery, performance.now(), Math.random());
    };
    const heard = (links: string | null) => detours.heard(links);
    connection.resource = await connectWhep(peer, { url: lecture.whep_url, token: lecture.token }, heard);
    if (connection !== this.connection) this.leave(connection);
  }

  private present(connection: Connection, stream: MediaStream): void {
    if (connection !== this.connection) return;
    this.video.srcObject = stream;
    this.sound.listen(stream);
    void this.play();
  }

  /** With sound if the browser allows it, else without, which is told on the page. */
  private async play(): Promise<void> {
    if (!this.video.srcObject) return;
    try {
      this.video.muted = false;
      await this.video.play();
      this.soundBlocked = false;
    } catch (fault) {
      if (!(fault instanceof DOMException) || fault.name !== "NotAllowedError") return;
      this.soundBlocked = true;
      this.video.muted = true;
      await this.video.play().catch(() => undefined);
    }
    this.onChange();
  }

  private leave(connection: Connection | null): void {
    if (!connection) return;
    connection.peer.close();
    if (!connection.resource) return;
    const headers = { Authorization: `Bearer ${connection.token}` };
    void fetch(connection.resource, { method: "DELETE", headers }).catch(() => undefined);
  }
}
