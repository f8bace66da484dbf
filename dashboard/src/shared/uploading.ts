import { type HttpResponse, Upload } from "tus-js-client";
import { api } from "./api";

const PIECE = 1 << 20;
const SOON_MS = [0, 1000];
const AGAIN_MS = 8000;
/** Answers of the centre after which the same again may succeed. */
const PASSING = [408, 409, 423, 429];
const DISK_FULL = 507;

export interface Telling {
  /** The share that is there, from 0 to 1; `waiting` while the line is down. */
  told: (share: number, waiting: boolean) => void;
  /** The centre has every byte. */
  done: () => void;
  /** It will not go on by itself: the centre's sentence, empty where it gave none. */
  failed: (sentence: string) => void;
}

/** A file on its way by tus 1.0: goes on by itself when the line comes back. With a `fingerprint` also after a reload,
 * once the same file is chosen again. */
export class Uploading {
  private readonly upload: Upload;
  private timer = 0;
  private ended = false;
  private share = 0;
  private readonly online = (): void => this.again();

  constructor(
    readonly file: File,
    endpoint: string,
    private readonly telling: Telling,
    private readonly fingerprint = "",
  ) {
    this.upload = new Upload(file, {
      endpoint,
      chunkSize: PIECE,
      retryDelays: SOON_MS,
      metadata: { filename: file.name },
      storeFingerprintForResuming: fingerprint !== "",
      fingerprint: () => Promise.resolve(fingerprint),
      removeFingerprintOnSuccess: true,
      onBeforeRequest: (request) => request.setHeader("X-CSRF-Token", api.csrf),
      onShouldRetry: (fault) => passing(fault.originalResponse),
      onProgress: (sent, all) => {
        this.share = all ? sent / all : 0;
        this.telling.told(this.share, false);
      },
      onError: (fault) => this.broke("originalResponse" in fault ? fault.originalResponse : null),
      onSuccess: () => this.end(() => this.telling.done()),
    });
  }

  async start(): Promise<void> {
    addEventListener("online", this.online);
    addEventListener("beforeunload", ask);
    this.telling.told(0, false);
    const [before] = this.fingerprint ? await this.upload.findPreviousUploads().catch(() => []) : [];
    if (before) this.upload.resumeFromPreviousUpload(before);
    if (!this.ended) this.upload.start();
  }

  /** What came of it is forgotten at the centre too. */
  async giveUp(): Promise<void> {
    this.end(() => undefined);
    await this.upload.abort(true).catch(() => undefined);
  }

  private again(): void {
    clearTimeout(this.timer);
    if (this.ended) return;
    void this.upload.abort().then(() => {
      if (!this.ended) this.upload.start();
    });
  }

  private broke(answer: HttpResponse | null | undefined): void {
    if (this.ended) return;
    if (!passing(answer)) {
      this.end(() => this.telling.failed(sentenceOf(answer?.getBody() ?? "")));
      return;
    }
    this.telling.told(this.share, true);
    this.timer = window.setTimeout(this.online, AGAIN_MS);
  }

  private end(then: () => void): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.timer);
    removeEventListener("online", this.online);
    removeEventListener("beforeunload", ask);
    then();
  }
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** Whether it is the line's fault, or a matter of time. */
function passing(answer: HttpResponse | null | undefined): boolean {
  const status = answer?.getStatus() ?? 0;
  return status !== DISK_FULL && (status < 400 || status >= 500 || PASSING.includes(status));
}

function sentenceOf(body: string): string {
  try {
    return api.said((JSON.parse(body) as { message: string }).message);
  } catch {
    return "";
  }
}
