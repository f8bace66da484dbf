import { dictionary, language } from "../shared/i18n";

const t = dictionary({
  away: { vi: "Máy của trường không trả lời.", en: "The school's computer does not answer." },
});

/** The school's computer said no, or nothing (`status` 0). */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** Asks the agent that served this page; a fault is a `Refused` with a sentence. */
export async function ask<T>(path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { credentials: "same-origin", cache: "no-store" };
  if (body !== undefined) {
    init.method = "POST";
    init.headers = { "Content-Type": "application/json" };
    init.body = JSON.stringify(body);
  }
  const response = await fetch(`/invigilate/${path}`, init).catch(() => null);
  if (!response) throw new Refused("away", t.away, 0);
  const told: unknown = await response.json().catch(() => null);
  if (response.ok && told !== null) return told as T;
  const { code, message } = (told ?? {}) as { code?: string; message?: string };
  throw new Refused(code ?? "refused", inLanguage(message ?? t.away), response.status);
}

function inLanguage(message: string): string {
  const parts = message.split(" / ");
  return (parts.length === 2 && parts[language.value === "vi" ? 0 : 1]) || message;
}
