import "./hands.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, sentence } from "../shared/api";
import { mount } from "../shared/mount";
import { Alert, LanguageSwitch, ThemeSwitch } from "../shared/parts";
import type { Session } from "../shared/session";
import { can, me, Signed, signedOut, SignOut } from "../shared/signed";
import { OwnAside } from "./aside";
import { Hands } from "./hands";
import { t } from "./handwords";
import { useFloor } from "./live";
import { nameOf } from "./model";
import { Questions } from "./questions";

/** The session that the page's address names: /floor/<session>. */
function sessionHere(): string {
  return decodeURIComponent(/^\/floor\/([^/]+)/.exec(location.pathname)?.[1] ?? "");
}

/** An operator's page of one session's floor: the queue, who speaks, questions, a private word with a room. */
function FloorPage(props: { session: string }): JSX.Element {
  const live = useFloor(props.session);
  const [session, found] = useState<Session | null>(null);
  const [fault, tell] = useState("");
  useEffect(() => {
    api
      .get<Session>(`/api/v1/sessions/${encodeURIComponent(props.session)}`)
      .then(found, (caught: unknown) => {
        if (!signedOut(caught)) tell(sentence(caught));
      });
  }, [props.session]);
  const talks = can("floor.aside") && window.isSecureContext;
  const asides = live.floor?.asides ?? [];
  const mine = asides.find((aside) => aside.mine);
  async function take(site: string): Promise<void> {
    // The answer is a ticket and no floor: what stands now is seen at the next look.
    await api
      .post(`/api/v1/sessions/${encodeURIComponent(props.session)}/floor/asides`, { site })
      .then(() => tell(""))
      .catch((caught: unknown) => tell(sentence(caught)));
  }
  return (
    <div class="floor-page">
      <header>
        <h1>{session?.topic ?? t.page}</h1>
        <p class="muted">{session?.lecturer_name}</p>
      </header>
      {(fault || live.fault) && <Alert tone="bad">{fault || live.fault}</Alert>}
      <div class="card stack">
        <h2>{t.title}</h2>
        <Hands
          session={props.session}
          live={live}
          {...(talks && !mine && { aside: (site) => void take(site) })}
        />
      </div>
      {can("floor.aside") && (
        <div class="card stack">
          <h2>{t.aside}</h2>
          {!window.isSecureContext && <Alert tone="warn">{t.insecure}</Alert>}
          {asides
            .filter((aside) => !aside.mine)
            .map((aside) => (
              <p key={aside.id}>{t.asideBy(aside.by, nameOf(aside.room))}</p>
            ))}
          {mine ? (
            <OwnAside
              key={mine.id}
              session={props.session}
              aside={mine}
              nowMs={live.nowMs}
              onEnd={() => void live.act(`asides/${mine.id}/end`)}
            />
          ) : (
            talks && session && <ChooseRoom of={session} take={(site) => void take(site)} />
          )}
        </div>
      )}
      <div class="card stack">
        <Questions live={live} />
      </div>
    </div>
  );
}

function ChooseRoom(props: { of: Session; take: (site: string) => void }): JSX.Element {
  const asked = new URLSearchParams(location.search).get("site") ?? "";
  const [site, choose] = useState(asked);
  return (
    <div class="row">
      <label class="field grow">
        <span>{t.room}</span>
        <select value={site} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="">{t.choose}</option>
          {props.of.rooms.map((room) => (
            <option key={room.site} value={room.site}>
              {[room.code, room.name].filter(Boolean).join(" · ")}
            </option>
          ))}
        </select>
      </label>
      <button class="button" disabled={!site} onClick={() => props.take(site)}>
        {t.aside}
      </button>
    </div>
  );
}

mount(
  <Signed>
    <header class="topbar">
      <span class="brand">Điểm cầu</span>
      <span class="grow muted">
        <a href="/wall">{t.backToWall}</a>
      </span>
      <span class="muted">{me.value?.person.name}</span>
      <LanguageSwitch />
      <ThemeSwitch />
      <SignOut />
    </header>
    <main class="content wide">
      <FloorPage session={sessionHere()} />
    </main>
  </Signed>,
);
