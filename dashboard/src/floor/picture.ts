import { socketUrl } from "../shared/socket";

export const WIDTH = 640;
export const HEIGHT = 360;
const FONT = "'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif";
/** For the other rooms, whose language this page does not know. */
const blurred = "Hình làm mờ theo quy định / Blurred by rule";
const RETRY_MS = 1000;
/** What is made so that no face can be known is 56 px wide; nothing else is so small. */
const BLURRED_WIDTH = 100;
/** A picture that stands still is sent again this often, so that whoever comes late sees it. */
const AGAIN_MS = 500;

/** What the other rooms see of this one. */
export type Seen = "clear" | "blurred" | "name";

/**
 * The room's picture on a canvas, as the agent on this computer gives it (the agent is the one owner of the camera).
 * While there is none, the room's name stands there.
 */
export class RoomPicture {
  readonly canvas = document.createElement("canvas");
  private readonly pen = this.canvas.getContext("2d");
  private socket: WebSocket | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly again = setInterval(() => this.repeat(), AGAIN_MS);
  private drawn = 0;
  private shown: ImageBitmap | null = null;
  private closed = false;
  private told: Seen = "name";

  constructor(
    private readonly name: string,
    private readonly onSeen: (seen: Seen) => void = () => undefined,
    private readonly path = "/local/floor/picture",
  ) {
    this.canvas.width = WIDTH;
    this.canvas.height = HEIGHT;
    this.card();
    this.dial();
  }

  /** What is drawn, as a track; each drawing is one picture of it. */
  track(): MediaStreamTrack | null {
    return this.canvas.captureStream().getVideoTracks()[0] ?? null;
  }

  close(): void {
    this.closed = true;
    clearInterval(this.again);
    clearTimeout(this.retry);
    this.socket?.close();
    this.shown?.close();
    this.shown = null;
  }

  private dial(): void {
    const socket = new WebSocket(socketUrl(this.path));
    socket.binaryType = "blob";
    this.socket = socket;
    let busy = false;
    socket.onmessage = async ({ data }: MessageEvent<Blob | string>) => {
      // A word in place of a picture: there is none, or none that may leave this room.
      if (typeof data === "string") return this.show(null);
      // A page that cannot follow leaves pictures out: none is ever late.
      if (busy) return;
      busy = true;
      try {
        this.show(await createImageBitmap(data));
      } catch {
        // A broken picture is left out too.
      } finally {
        busy = false;
      }
    };
    socket.onclose = () => {
      if (this.closed) return;
      this.show(null);
      this.retry = setTimeout(() => this.dial(), RETRY_MS);
    };
  }

  private show(picture: ImageBitmap | null): void {
    this.shown?.close();
    this.shown = picture;
    this.draw();
    const seen = !picture ? "name" : picture.width < BLURRED_WIDTH ? "blurred" : "clear";
    if (seen === this.told || this.closed) return;
    this.told = seen;
    this.onSeen(seen);
  }

  private repeat(): void {
    if (performance.now() - this.drawn >= AGAIN_MS) this.draw();
  }

  private draw(): void {
    if (this.closed || !this.pen) return;
    this.drawn = performance.now();
    if (!this.shown) return this.card();
    const { width, height } = this.shown;
    const scale = Math.min(WIDTH / width, HEIGHT / height);
    const [w, h] = [width * scale, height * scale];
    if (w < WIDTH || h < HEIGHT) {
      this.pen.fillStyle = "#000";
      this.pen.fillRect(0, 0, WIDTH, HEIGHT);
    }
    this.pen.imageSmoothingQuality = "high";
    this.pen.drawImage(this.shown, (WIDTH - w) / 2, (HEIGHT - h) / 2, w, h);
    if (width < BLURRED_WIDTH) this.band();
  }

  /** Of a blurred picture nobody could tell which room it is, or that it is meant so. */
  private band(): void {
    if (!this.pen) return;
    this.pen.fillStyle = "rgb(18 35 59 / 78%)";
    this.pen.fillRect(0, HEIGHT - 84, WIDTH, 84);
    this.pen.fillStyle = "#f4f7fb";
    this.pen.textAlign = "center";
    this.pen.font = `600 30px ${FONT}`;
    this.pen.fillText(this.name, WIDTH / 2, HEIGHT - 48, WIDTH - 40);
    this.pen.font = `20px ${FONT}`;
    this.pen.fillText(blurred, WIDTH / 2, HEIGHT - 16, WIDTH - 40);
  }

  private card(): void {
    if (!this.pen) return;
    this.pen.fillStyle = "#12233b";
    this.pen.fillRect(0, 0, WIDTH, HEIGHT);
    this.pen.fillStyle = "#f4f7fb";
    this.pen.textAlign = "center";
    this.pen.font = `600 34px ${FONT}`;
    this.pen.fillText(this.name, WIDTH / 2, HEIGHT / 2, WIDTH - 40);
  }
}
