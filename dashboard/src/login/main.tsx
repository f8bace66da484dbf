import "./login.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, type Me, sentence } from "../shared/api";
import { mount } from "../shared/mount";
import { Alert, Field, LanguageSwitch, ThemeSwitch } from "../shared/parts";
import { afterSignIn } from "./next";
import { t } from "./words";

interface FormProps {
  /** Rejects with the sentence to show. */
  send: () => Promise<void>;
  word: string;
  children: JSX.Element[];
}

function Form({ send, word, children }: FormProps): JSX.Element {
  const [fault, tell] = useState("");
  const [busy, hold] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    hold(true);
    tell("");
    try {
      await send();
    } catch (caught) {
      tell(sentence(caught));
      hold(false);
    }
  };
  return (
    <form class="stack" onSubmit={submit}>
      {children}
      {fault && <Alert tone="bad">{fault}</Alert>}
      <button class="button primary" disabled={busy}>
        {word}
      </button>
    </form>
  );
}

interface TextProps {
  label: string;
  hint?: string;
  value: string;
  hidden: boolean;
  name: string;
  autofocus?: boolean;
  onValue: (value: string) => void;
}

function Text(props: TextProps): JSX.Element {
  return (
    <Field label={props.label} {...(props.hint && { hint: props.hint })}>
      <input
        type={props.hidden ? "password" : "text"}
        name={props.name}
        autoComplete={props.name}
        autoCapitalize="none"
        spellcheck={false}
        required
        autoFocus={props.autofocus ?? false}
        value={props.value}
        onInput={(event) => props.onValue(event.currentTarget.value)}
      />
    </Field>
  );
}

function Shown({ shown, show }: { shown: boolean; show: (shown: boolean) => void }): JSX.Element {
  return (
    <label class="row">
      <input type="checkbox" checked={shown} onChange={(event) => show(event.currentTarget.checked)} />
      {t.showPassword}
    </label>
  );
}

function leave(me: Me): void {
  location.assign(afterSignIn(location.search, me.actions));
}

function SignIn({ onChange }: { onChange: (me: Me, password: string) => void }): JSX.Element {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [shown, show] = useState(false);
  const send = async (): Promise<void> => {
    const me = await api.signIn(username.trim(), password);
    if (me.must_change) onChange(me, password);
    else leave(me);
  };
  return (
    <Form send={send} word={t.signIn}>
      <Text
        label={t.username}
        name="username"
        hidden={false}
        autofocus
        value={username}
        onValue={setUsername}
      />
      <Text
        label={t.password}
        name="current-password"
        hidden={!shown}
        value={password}
        onValue={setPassword}
      />
      <Shown shown={shown} show={show} />
    </Form>
  );
}

/** A one-time password opens nothing but this form. */
function OwnPassword({ me, current }: { me: Me; current: string }): JSX.Element {
  const [old, setOld] = useState(current);
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const [shown, show] = useState(false);
  const send = async (): Promise<void> => {
    if (fresh !== again) throw new Error(t.differs);
    await api.post("/api/v1/me/password", { current: old, new: fresh });
    leave(me);
  };
  return (
    <Form send={send} word={t.change}>
      <Alert tone="warn">{t.mustChange}</Alert>
      <>
        {!current && (
          <Text label={t.password} name="current-password" hidden={!shown} value={old} onValue={setOld} />
        )}
      </>
      <Text
        label={t.fresh}
        hint={t.freshHint}
        name="new-password"
        hidden={!shown}
        autofocus
        value={fresh}
        onValue={setFresh}
      />
      <Text label={t.again} name="new-password" hidden={!shown} value={again} onValue={setAgain} />
      <Shown shown={shown} show={show} />
    </Form>
  );
}

function Login(): JSX.Element {
  const [changing, change] = useState<{ me: Me; current: string } | null>(null);
  useEffect(() => {
    // Whoever is signed in already only passes through, unless the password is still the one-time one.
    api.me().then(
      (me) => (me.must_change ? change({ me, current: "" }) : leave(me)),
      () => undefined,
    );
  }, []);
  return (
    <main class="login">
      <div class="card stack">
        <header>
          <h1>{t.product}</h1>
          <p class="muted">{t.purpose}</p>
        </header>
        {changing ? (
          <OwnPassword me={changing.me} current={changing.current} />
        ) : (
          <SignIn onChange={(me, current) => change({ me, current })} />
        )}
        <footer class="row">
          <LanguageSwitch />
          <ThemeSwitch />
        </footer>
      </div>
    </main>
  );
}

mount(<Login />);
