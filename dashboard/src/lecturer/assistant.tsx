import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, sentence } from "../shared/api";
import { Alert } from "../shared/parts";
import type { Session } from "../shared/session";
import { signedOut } from "../shared/signed";
import { SlidesCard } from "../slides/card";
import { t } from "./words";

const POLL_MS = 5000;

/** Who came by an assistant's link: the slides and nothing else. */
export function Assistant({ id }: { id: string }): JSX.Element {
  const [of, found] = useState<Session | null>(null);
  const [fault, tell] = useState("");
  useEffect(() => {
    const look = (): Promise<void> =>
      api.get<Session>(`/api/v1/sessions/${encodeURIComponent(id)}`).then(
        (told) => {
          found(told);
          tell("");
        },
        (caught: unknown) => {
          if (!signedOut(caught)) tell(sentence(caught));
        },
      );
    void look();
    const poll = setInterval(() => void look(), POLL_MS);
    return () => clearInterval(poll);
  }, [id]);
  return (
    <div class="stack assistant">
      <header>
        <h1>{of?.topic}</h1>
        <p class="muted">{[t.assistant, of?.lecturer_name].filter(Boolean).join(" · ")}</p>
      </header>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <SlidesCard session={id} />
    </div>
  );
}
