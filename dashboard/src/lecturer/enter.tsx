import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, passes, Refusal, sentence } from "../shared/api";
import { backoff } from "../shared/backoff";
import { recall, remember } from "../shared/keep";
import { Alert } from "../shared/parts";
import { t } from "./words";

const ENTER_MS = 10_000;
const MARK = "diemcau.lecture.mark";

/** Tells the centre, when its answer was lost, that the same browser asks again: a link is for one browser only. */
function ownMark(): string {
  const made = [...crypto.getRandomValues(new Uint8Array(16))];
  const mark = recall(MARK) ?? made.map((each) => each.toString(16).padStart(2, "0")).join("");
  remember(MARK, mark);
  return mark;
}

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
    await api.post("/api/v1/login/lecture", { token, mark: ownMark() }, ENTER_MS);
    // Used now, and kept by this browser: it must not stay in the address bar for others to read.
    history.replaceState(null, "", location.pathname + location.search);
    return;
  }
  if (!session) return;
  try {
    await api.me();
  } catch (caught) {
    // Who came by a link has no password: a bad moment must not send them to where one is asked for.
    if (passes(caught)) throw caught;
    if (!(caught instanceof Refusal) || caught.status !== 401) return;
    await api.post("/api/v1/login/lecture", { session }, ENTER_MS).catch((fault: unknown) => {
      if (passes(fault)) throw fault;
    });
  }
}

export function Entered(props: { children: ComponentChildren }): JSX.Element {
  const [inside, letIn] = useState(false);
  const [fault, tell] = useState("");
  const [turn, again] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    enter().then(
      () => letIn(true),
      (caught: unknown) => {
        tell(sentence(caught));
        if (passes(caught)) timer = setTimeout(() => again(turn + 1), backoff(turn, Math.random(), 2000));
      },
    );
    return () => clearTimeout(timer);
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
