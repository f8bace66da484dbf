import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { Upload } from "tus-js-client";
import { bearer, centreOf, type Version } from "./centre";

const PIECE = 1 << 20;
const AGAIN_MS = 8000;

export type Stage = "reading" | "sending" | "waiting";

export interface Telling {
  /** Share sent from 0 to 1. */
  told: (stage: Stage, share: number) => void;
  /** The centre has every byte. */
  done: (version: Version) => void;
  /** It will not go on by itself: a sentence. */
  failed: (sentence: string) => void;
}

/** A file on its way: goes on by itself when the line comes back, also after a reload with the same file. */
export class Sending {
  private upload: Upload | null = null;
  private timer = 0;
  private ended = false;
  private share = 0;
  private readonly online = (): void => this.again();

  constructor(
    private readonly file: File,
    private readonly token: string,
    private readonly owner: string,
    private readonly telling: Telling,
  ) {}

  async start(): Promise<void> {
    addEventListener("online", this.online);
    this.telling.told("reading", 0);
    let digest: string;
    try {
      digest = await digestOf(this.file);
    } catch {
      this.fail("Không đọc được tệp này. / The file cannot be read.");
      return;
    }
    const upload = (this.upload = new Upload(this.file, {
      endpoint: "/api/v1/essay/uploads",
      chunkSize: PIECE,
      retryDelays: [0, 1000, 3000, 5000],
      headers: bearer(this.token),
      metadata: { filename: this.file.name, sha256: digest, number: this.owner },
      fingerprint: () => Promise.resolve(`diemcau-essay-${this.owner}-${digest}`),
      removeFingerprintOnSuccess: true,
      onProgress: (sent, all) => {
        this.share = all ? sent / all : 0;
        this.telling.told("sending", this.share);
      },
      onError: (fault) => this.broke(fault),
      onSuccess: () => void this.finish(),
    }));
    const [before] = await upload.findPreviousUploads().catch(() => []);
    if (before) upload.resumeFromPreviousUpload(before);
    if (!this.ended) upload.start();
  }

  /** Try to go on now. */
  again(): void {
    clearTimeout(this.timer);
    if (this.ended || !this.upload) return;
    void this.upload.abort().then(() => {
      if (!this.ended) this.upload?.start();
    });
  }

  private broke(
    fault: Error & { originalResponse?: { getStatus(): number; getBody(): string } | null },
  ): void {
    const answer = fault.originalResponse;
    const status = answer?.getStatus() ?? 0;
    if (answer && status >= 400 && status < 500 && ![408, 409, 423, 429, 460].includes(status)) {
      this.fail(sentenceOf(answer.getBody()));
      return;
    }
    this.telling.told("waiting", this.share);
    this.timer = window.setTimeout(this.online, AGAIN_MS);
  }

  private async finish(): Promise<void> {
    const path = this.upload?.url ? new URL(this.upload.url, location.href).pathname : "";
    try {
      const became = await centreOf(this.token).get<{ version: Version | null }>(path);
      if (!became.version) throw new Error("no version");
      this.ended = true;
      removeEventListener("online", this.online);
      this.telling.done(became.version);
    } catch {
      this.telling.told("waiting", 1);
      this.timer = window.setTimeout(() => void this.finish(), AGAIN_MS);
    }
  }

  private fail(sentence: string): void {
    this.ended = true;
    removeEventListener("online", this.online);
    this.telling.failed(sentence);
  }
}

/** SHA-256 in hex, piece by piece: plain HTTP has no WebCrypto and a phone no room for the whole file. */
async function digestOf(file: Blob): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += PIECE) {
    hash.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
  }
  return bytesToHex(hash.digest());
}

function sentenceOf(body: string): string {
  try {
    return (JSON.parse(body) as { message: string }).message;
  } catch {
    return body;
  }
}
