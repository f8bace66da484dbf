import { signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { api, type Me, passes, Refusal, sentence } from "./api";
import { backoff } from "./backoff";
import { dictionary } from "./i18n";
import { Alert } from "./parts";

const t = dictionary({
  signOut: { vi: "Thoát", en: "Sign out" },
  loading: { vi: "Đang mở…", en: "Opening…" },
});

/** Who uses this page; null until the centre has told. */
export const me = signal<Me | null>(null);

export function can(action: string): boolean {
  return me.value?.actions.includes(action) ?? false;
}

/** The sign-in is over and the page leaves: nobody is asked whether it may. */
let leaving = false;

export function isLeaving(): boolean {
  return leaving;
}

export function toLogin(): void {
  leaving = true;
  // A link was opened over this page meanwhile: its secret lets its holder in, and belongs in no other address.
  if (location.hash.startsWith("#enter=")) {
    location.reload();
    return;
  }
  const here = location.pathname + location.search + location.hash;
  location.assign(`/login?next=${encodeURIComponent(here)}`);
}

/** Whether `fault` means that the sign-in is over; if so the page leaves for the sign-in. */
export function signedOut(fault: unknown): boolean {
  const over = fault instanceof Refusal && fault.status === 401;
  if (over) toLogin();
  return over;
}

const fault = signal("");

/** Whether it is worth asking again by itself: nobody sits before a page on a wall to load it anew. */
async function meet(): Promise<boolean> {
  try {
    const found = await api.me();
    if (found.must_change) toLogin();
    else me.value = found;
    return false;
  } catch (caught) {
    if (!signedOut(caught)) fault.value = sentence(caught);
    return passes(caught);
  }
}

/** Shows its page to a signed-in person only; anyone else is sent to sign in and comes back here. */
export function Signed(props: { children: ComponentChildren }): JSX.Element {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (attempt: number): Promise<void> => {
      if (await meet())
        timer = setTimeout(() => void ask(attempt + 1), backoff(attempt, Math.random(), 2000));
    };
    void ask(0);
    return () => clearTimeout(timer);
  }, []);
  if (me.value) return <>{props.children}</>;
  return <main class="content">{fault.value ? <Alert tone="bad">{fault.value}</Alert> : t.loading}</main>;
}

export function SignOut(): JSX.Element {
  const leave = async (): Promise<void> => {
    await api.post("/api/v1/logout").catch(() => null);
    location.assign("/login");
  };
  return (
    <button class="button small" onClick={leave}>
      {t.signOut}
    </button>
  );
}
