import { signal } from "@preact/signals";
import { Upload } from "tus-js-client";
import { api } from "../shared/api";
import { lookAgain, slidesPath } from "./live";
import { t } from "./words";

const PIECE = 1 << 20;
const AGAIN_MS = [0, 1000, 2000, 4000, 8000, 8000, 8000, 8000];

/** The file on its way to the centre: its name and the share that is there; null when none is. */
export const sending = signal<{ name: string; share: number } | null>(null);
export const refused = signal("");

let upload: Upload | null = null;

/** Sends a file by tus 1.0; a line that breaks is waited for, and the bytes that are there are not sent again. */
export function send(session: string, file: File): void {
  refused.value = "";
  sending.value = { name: file.name, share: 0 };
  upload = new Upload(file, {
    endpoint: `${slidesPath(session)}/uploads`,
    chunkSize: PIECE,
    retryDelays: AGAIN_MS,
    headers: { "X-CSRF-Token": api.csrf },
    metadata: { filename: file.name },
    storeFingerprintForResuming: false,
    onProgress: (sent, all) => {
      sending.value = { name: file.name, share: all ? sent / all : 0 };
    },
    onError: (fault) => {
      const answer = "originalResponse" in fault ? fault.originalResponse : null;
      refused.value = sentenceOf(answer?.getBody() ?? "");
      ended(session);
    },
    onSuccess: () => ended(session),
  });
  upload.start();
}

function ended(session: string): void {
  upload = null;
  sending.value = null;
  void lookAgain(session).catch(() => undefined);
}

export async function giveUp(session: string): Promise<void> {
  await upload?.abort(true).catch(() => undefined);
  ended(session);
}

function sentenceOf(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message: string };
    return api.said(message);
  } catch {
    return t.broken;
  }
}
