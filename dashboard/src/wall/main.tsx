import "./tile.css";
import "./lowtile.css";
import "./wall.css";
import "./strips.css";
import "./facts.css";
import "./panel.css";
import "./narrow.css";
import "./bands.css";
import "./kiosk.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { c } from "../orders/words";
import type { Picture } from "../shared/feed";
import { clockLength, day, timeOfDay } from "../shared/format";
import { Icon } from "../shared/icons";
import { mount } from "../shared/mount";
import { LanguageSwitch, Modal, ThemeSwitch } from "../shared/parts";
import { can, Signed } from "../shared/signed";
import { AlarmStrip } from "./alarms";
import { hear } from "./bell";
import { StateCounters } from "./counters";
import { Districts } from "./districts";
import { DutyLink } from "./dutylink";
import { EventRow } from "./events";
import { Sites } from "./grid";
import { kiosk, SceneTitle, useKiosk } from "./kioskframe";
import { ageS, centreMs, follow, lineUp, memory, picture } from "./live";
import { standing } from "./onair";
import { SitePanel } from "./panel";
import { SessionStrips } from "./sessions";
import { grouping } from "./shown";
import { SoundSwitch } from "./soundswitch";
import { ExamStrip, foremostExam } from "./strips";
import { leave, TelevisionDoor } from "./television";
import { Toolbar } from "./toolbar";
import { t } from "./words";

function Header(): JSX.Element {
  return (
    <header class="topbar">
      <span class="brand">Điểm cầu</span>
      {picture.value ? (
        <StateCounters counters={picture.value.counters} />
      ) : (
        <span class="grow muted">{t.wall}</span>
      )}
      {centreMs.value !== null && (
        <span class="wall-clock num">
          <small>{day(centreMs.value)}</small> {timeOfDay(centreMs.value, true)}
        </span>
      )}
      {kiosk === null && <Controls />}
    </header>
  );
}

/** How many sites wait for an answer of the operations room. */
function Waiting(): JSX.Element | null {
  const waits = picture.value?.chats.filter((talk) => talk.waits) ?? [];
  if (!can("chat.talk") || waits.length === 0) return null;
  return (
    <a class="button small chats-waiting" href={`/console#chats/${waits[0]?.site ?? ""}`}>
      <Icon name="warning" /> {c.waiting(waits.length)}
    </a>
  );
}

function Controls(): JSX.Element {
  return (
    <>
      <Waiting />
      <SoundSwitch />
      <LanguageSwitch />
      <ThemeSwitch />
      <DutyLink />
      <a class="button small" href="/readiness">
        {t.readiness}
      </a>
      <a class="button small" href="/console">
        {t.console}
      </a>
    </>
  );
}

/** Shown as long as the figures below are not those of now. */
function LostBanner(): JSX.Element | null {
  if (lineUp.value || !picture.value) return null;
  return (
    <div class="lost" role="alert">
      <Icon name="warning" />
      <b>{t.lost}</b>
      <span class="num">{t.age(clockLength(ageS.value * 1000))}</span>
    </div>
  );
}

function Happenings(): JSX.Element {
  const [all, showAll] = useState(false);
  const events = picture.value?.events ?? [];
  return (
    <section class="happenings">
      <div class="row">
        <h3>{t.events}</h3>
        <button class="button small" onClick={() => showAll(true)}>
          {t.allEvents}
        </button>
      </div>
      <ul class="events" tabIndex={0} aria-label={t.events}>
        {events.slice(0, 25).map((event) => (
          <EventRow key={event.id} event={event} />
        ))}
        {events.length === 0 && <li class="muted">{t.noEvents}</li>}
      </ul>
      {all && (
        <Modal title={t.events} wide onClose={() => showAll(false)}>
          <ul class="events">
            {events.map((event) => (
              <EventRow key={event.id} event={event} />
            ))}
          </ul>
        </Modal>
      )}
    </section>
  );
}

/** Which half of the strips has something to say, and whether several sessions share theirs. */
function halves(now: Picture): string {
  const { rows } = standing(now.sessions);
  const exam = foremostExam(now.exams);
  if (rows.length > 1) return exam ? "many" : "many only-session";
  if (rows.length && exam) return "";
  return rows.length ? "only-session" : exam ? "only-exam" : "bare";
}

function Wall(): JSX.Element {
  const [chosen, choose] = useState<string | null>(null);
  useEffect(openFeed, []);
  useKiosk(kiosk);
  const now = picture.value;
  if (!now || centreMs.value === null) {
    return (
      <div class="wall">
        <Header />
        <p class="opening">{t.opening}</p>
      </div>
    );
  }
  const tile = chosen === null ? undefined : now.sites.get(chosen);
  const districts = now.counters.by_district;
  return (
    <div class={`wall ${lineUp.value ? "" : "aged"}`}>
      <Header />
      <LostBanner />
      <AlarmStrip onSite={choose} />
      <div class={`strips ${halves(now)}`}>
        <SessionStrips sessions={now.sessions} floors={now.floors} sites={now.sites} nowMs={centreMs.value} />
        <ExamStrip exams={now.exams} tiles={now.sites.values()} nowMs={centreMs.value} />
      </div>
      {kiosk === null ? <Toolbar /> : <SceneTitle seconds={kiosk} />}
      <main>
        <Sites onOpen={choose} />
        <aside class="side">
          {districts.length > 1 && grouping.value === "none" && <Districts districts={districts} />}
          <Happenings />
        </aside>
      </main>
      {tile && <SitePanel key={tile.id} tile={tile} onClose={() => choose(null)} />}
    </div>
  );
}

/** The feed; what it brings is also heard. A television whose session has ended goes back to its door. */
function openFeed(): () => void {
  return follow({
    onPicture: () => hear(memory.value, performance.now()),
    ...(kiosk !== null && { onSignedOut: leave }),
  });
}

const Door = kiosk === null ? Signed : TelevisionDoor;
mount(
  <Door>
    <Wall />
  </Door>,
  "dark",
);
