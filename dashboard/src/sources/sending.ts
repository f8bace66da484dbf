import { signal } from "@preact/signals";
import { Uploading } from "../shared/uploading";
import { t } from "./words";

/** A film on its way to the centre. `leftS`: seconds that the rest will take, null while nobody knows. */
export interface Sending {
  session: string;
  name: string;
  size: number;
  share: number;
  waiting: boolean;
  leftS: number | null;
}

/** The one film that this page sends; it goes on while the page shows something else. */
export const sending = signal<Sending | null>(null);
export const refused = signal("");

let upload: Uploading | null = null;

export function send(path: string, session: string, file: File): void {
  refused.value = "";
  const pace = new Pace();
  const mark = `diemcau-film-${session}-${file.name}-${file.size}-${file.lastModified}`;
  const telling = {
    told(share: number, waiting: boolean): void {
      const leftS = waiting ? null : pace.leftS(share, performance.now());
      sending.value = { session, name: file.name, size: file.size, share, waiting, leftS };
    },
    done: ended,
    failed(sentence: string): void {
      refused.value = sentence || t.sendingBroke;
      ended();
    },
  };
  upload = new Uploading(file, path, telling, mark);
  void upload.start();
}

function ended(): void {
  upload = null;
  sending.value = null;
}

export async function giveUp(): Promise<void> {
  await upload?.giveUp();
  ended();
}

const WINDOW_MS = 20_000;

/** How fast it goes, by the last while: a line that was bad an hour ago says nothing of now. */
export class Pace {
  private points: { at: number; share: number }[] = [];

  /** Seconds until all is there; null until there is enough to judge by. */
  leftS(share: number, nowMs: number): number | null {
    this.points.push({ at: nowMs, share });
    while (this.points.length > 2 && nowMs - (this.points[0]?.at ?? nowMs) > WINDOW_MS) this.points.shift();
    const first = this.points[0];
    if (!first || nowMs - first.at < 2000 || share <= first.share) return null;
    return ((1 - share) * (nowMs - first.at)) / (share - first.share) / 1000;
  }
}
