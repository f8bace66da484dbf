import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, Refusal, sentence } from "../shared/api";
import { Alert } from "../shared/parts";
import { t } from "./words";

/** The session that the page's address names. */
export function sessionHere(): string | null {
  const id = /^\/lecturer\/([^/]+)/.exec(location.pathname)?.[1];
  return id === undefined ? null : decodeURIComponent(id);
}

/** The secret of a link, which stands behind the sign #, where no server sees it. */
function linkHere(): string | null {
  return /^#enter=([\w-]{20,})$/.exec(location.hash)?.[1] ?? null;
}

/** Lets in whoever comes by a link, or came by one before with this browser; everybody else signs in as usual. */
async function enter(): Promise<void> {
  const token = linkHere();
  const session = sessionHere();
  if (token) {
    await api.post("/api/v1/login/lecture", { token });
    // Used now, and kept by this browser: it must not stay in the address bar for others to read.
    history.replaceState(null, "", location.pathname + location.search);
    return;
  }
  if (!session) return;
  try {
    await api.me();
  } catch (caught) {
    if (!(caught instanceof Refusal) || caught.status !== 401) return;
    await api.post("/api/v1/login/lecture", { session }).catch(() => null);
  }
}

export function Entered(props: { children: ComponentChildren }): JSX.Element {
  const [inside, letIn] = useState(false);
  const [fault, tell] = useState("");
  const [turn, again] = useState(0);
  useEffect(() => {
    enter().then(
      () => letIn(true),
      (caught: unknown) => tell(sentence(caught)),
    );
  }, [turn]);
  useEffect(() => {
    // The link of another session, opened over this page: browsers do not load the page again for a new fragment.
    const reload = (): void => {
      if (linkHere()) location.reload();
    };
    addEventListener("hashchange", reload);
    return () => removeEventListener("hashchange", reload);
  }, []);
  if (inside) return <>{props.children}</>;
  if (!fault) return <main class="content">…</main>;
  return (
    <main class="content stack">
      <Alert tone="bad">
        <h1>{t.notIn}</h1>
        <p>{fault}</p>
      </Alert>
      <div class="row">
        <button class="button primary" onClick={() => again(turn + 1)}>
          {t.tryAgain}
        </button>
        <a class="button" href="/login">
          {t.withPassword}
        </a>
      </div>
    </main>
  );
}
