import { signal } from "@preact/signals";
import { Uploading } from "../shared/uploading";
import { lookAgain, slidesPath } from "./live";
import { t } from "./words";

/** The file on its way to the centre: its name and the share that is there; null when none is. */
export const sending = signal<{ name: string; share: number } | null>(null);
export const refused = signal("");

let upload: Uploading | null = null;

/** Sends a file; a line that breaks is waited for, and the bytes that are there are not sent again. */
export function send(session: string, file: File): void {
  refused.value = "";
  upload = new Uploading(file, `${slidesPath(session)}/uploads`, {
    told: (share) => {
      sending.value = { name: file.name, share };
    },
    done: () => ended(session),
    failed: (sentence) => {
      refused.value = sentence || t.broken;
      ended(session);
    },
  });
  void upload.start();
}

function ended(session: string): void {
  upload = null;
  sending.value = null;
  void lookAgain(session).catch(() => undefined);
}

export async function giveUp(session: string): Promise<void> {
  await upload?.giveUp();
  ended(session);
}
