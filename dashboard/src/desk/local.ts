import { language } from "../shared/i18n";

export type Post = (path: string, init: RequestInit) => Promise<Response>;

/** Asks the agent on this computer to do something; a fault is an Error with one sentence, or with none. */
export async function post<T>(
  path: string,
  body: object,
  send: Post = (path, init) => fetch(path, init),
): Promise<T> {
  const response = await send(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  throw new Error(inLanguage((answer as { message?: string } | null)?.message ?? ""));
}

/** The agent writes "Vietnamese. / English."; one of the two is enough for one reader. */
function inLanguage(message: string): string {
  const parts = message.split(" / ");
  return (parts.length === 2 && parts[language.value === "vi" ? 0 : 1]) || message;
}

/** The sentence of whatever was thrown; `otherwise` when it has none. */
export function sentenceOf(caught: unknown, otherwise: string): string {
  return (caught instanceof Error && caught.message) || otherwise;
}
