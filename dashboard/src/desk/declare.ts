/** The head count that a person enters. */

export const LARGEST = 10_000;

/** The number that was typed; null if it is none. Spaces and the dots of thousands are forgiven. */
export function numberOf(typed: string): number | null {
  const digits = typed.replace(/[\s.]/g, "");
  if (!/^\d{1,5}$/.test(digits)) return null;
  const number = Number(digits);
  return number <= LARGEST ? number : null;
}

export type Post = (path: string, init: RequestInit) => Promise<Response>;

/** Hands the number to the agent on this computer; a fault is an Error with a sentence, or with none. */
export async function declare(number: number, post: Post = (path, init) => fetch(path, init)): Promise<void> {
  const response = await post("/local/declared", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ number }),
  });
  if (response.ok) return;
  const answer: unknown = await response.json().catch(() => null);
  throw new Error((answer as { message?: string } | null)?.message ?? "");
}
