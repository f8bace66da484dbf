import "./lecturer.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, sentence } from "../shared/api";
import { dayAndTime, timeOfDay } from "../shared/format";
import { worded } from "../shared/i18n";
import { mount } from "../shared/mount";
import { Alert, Chip, LanguageSwitch, ThemeSwitch } from "../shared/parts";
import { isOver, type Session } from "../shared/session";
import { me, Signed, SignOut } from "../shared/signed";
import { sessionStates } from "../wall/words";
import { Assistant } from "./assistant";
import { Entered, sessionHere } from "./enter";
import { Studio } from "./studio";
import { t } from "./words";

/** Those of the lecturer; whoever conducts sees all. The next one first, what is over last. */
function mine(sessions: Session[]): Session[] {
  const person = me.value?.person;
  return sessions
    .filter(({ lecturer }) => person?.role !== "lecturer" || lecturer === person.id)
    .sort((a, b) => Number(isOver(a.state)) - Number(isOver(b.state)) || a.starts_ms - b.starts_ms);
}

function Sessions(): JSX.Element {
  const [sessions, found] = useState<Session[] | null>(null);
  const [fault, tell] = useState("");
  useEffect(() => {
    api.get<Session[]>("/api/v1/sessions").then(
      (all) => found(mine(all)),
      (caught: unknown) => tell(sentence(caught)),
    );
  }, []);
  return (
    <div class="stack">
      <h1>{t.mine}</h1>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {sessions?.length === 0 && <p class="muted">{t.none}</p>}
      {sessions?.map((session) => (
        <a key={session.id} class="card session" href={`/lecturer/${session.id}`}>
          <span class="grow">
            <h2>{session.topic}</h2>
            <span class="muted num">
              {dayAndTime(session.starts_ms)}–{timeOfDay(session.ends_ms)} · {t.rooms(session.sites.length)}
            </span>
          </span>
          <Chip tone={session.state === "live" ? "good" : isOver(session.state) ? "idle" : "minor"}>
            {worded(sessionStates, session.state)}
          </Chip>
          {!isOver(session.state) && <span class="button primary">{t.enter}</span>}
        </a>
      ))}
    </div>
  );
}

function Page(): JSX.Element {
  const id = sessionHere();
  // Who came by a link has this session only, and nothing to sign out of by mistake in the middle of it.
  const guest = Boolean(me.value?.person.session);
  return (
    <>
      <header class="topbar">
        <span class="brand">Điểm cầu</span>
        <span class="grow muted">{id && !guest ? <a href="/lecturer">{t.back}</a> : t.title}</span>
        <span class="muted">{me.value?.person.name}</span>
        <LanguageSwitch />
        <ThemeSwitch />
        {!guest && <SignOut />}
      </header>
      <main class="content wide">
        {!id && <Sessions />}
        {id && (me.value?.person.role === "assistant" ? <Assistant id={id} /> : <Studio id={id} />)}
      </main>
    </>
  );
}

mount(
  <Entered>
    <Signed>
      <Page />
    </Signed>
  </Entered>,
);
