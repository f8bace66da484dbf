import { useEffect, useState } from "preact/hooks";
import { isReady, type Ready } from "./model";

const EVERY_MS = 1000;

/** The agent said no; the sentence is in both languages. */
export class Refused extends Error {}

async function answered(reply: Response): Promise<unknown> {
  const answer: unknown = await reply.json().catch(() => null);
  if (reply.ok) return answer;
  throw new Refused((answer as { message?: string } | null)?.message ?? "");
}

function post(path: string, value: unknown): Promise<unknown> {
  const headers = { "Content-Type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(value) }).then(answered);
}

/** Look now at these checks (all when none is named); `loud` plays the test sound. */
export async function look(names: string[], loud = false): Promise<void> {
  await post("/local/readiness/look", { names, loud });
}

/** Pairs this computer; the agent then starts anew under the same address. */
export async function pair(server: string, code: string): Promise<void> {
  await post("/local/pair", { server, code });
}

/** What the agent says each second; `gone` while it does not answer. */
export function useReady(): { ready: Ready | null; gone: boolean } {
  const [told, tell] = useState<{ ready: Ready | null; gone: boolean }>({ ready: null, gone: false });
  useEffect(() => {
    let open = true;
    let asking = false;
    const ask = async (): Promise<void> => {
      if (asking) return;
      asking = true;
      try {
        const answer = await fetch("/local/readiness").then(answered);
        if (open && isReady(answer)) tell({ ready: answer, gone: false });
      } catch {
        if (open) tell(({ ready }) => ({ ready, gone: true }));
      }
      asking = false;
    };
    void ask();
    const timer = setInterval(() => void ask(), EVERY_MS);
    return () => {
      open = false;
      clearInterval(timer);
    };
  }, []);
  return told;
}
