import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Talk } from "../orders/chat";
import { OrderButton } from "../orders/give";
import { c } from "../orders/words";
import { Book, bookTitle, Calling } from "../shared/calling";
import { standing } from "../shared/duty";
import type { Tile } from "../shared/feed";
import { clockLength, timeOfDay } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { can } from "../shared/signed";
import { EventRow } from "./events";
import { Clock, Computer, Exam, Lecture, People } from "./facts";
import { centreMs, matterAt, picture } from "./live";
import { stateLook, tileTone } from "./look";
import { levels, reasons, t } from "./words";

const w = dictionary({
  close: { vi: "Đóng", en: "Close" },
  everything: { vi: "Xem đủ", en: "See all" },
  since: { vi: "từ", en: "since" },
  contact: { vi: "Liên hệ", en: "Contact" },
  history: { vi: "Diễn biến của điểm cầu", en: "History of this site" },
});

/** Everything about one site, and the telephone number to ring. */
export function SitePanel({ tile, onClose }: { tile: Tile; onClose: () => void }): JSX.Element {
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      if (event.key === "Escape") onClose();
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, [onClose]);
  return (
    <aside class={`panel face-${tileTone(tile)}`} aria-label={tile.name}>
      <PanelHead tile={tile} onClose={onClose} />
      <div class="panel-scroll">
        <Contact tile={tile} />
        <Desk tile={tile} />
        <People tile={tile} />
        <Lecture tile={tile} />
        <Clock tile={tile} />
        {tile.exam && <Exam exam={tile.exam} />}
        <Computer tile={tile} />
        <History site={tile.id} />
      </div>
    </aside>
  );
}

function PanelHead({ tile, onClose }: { tile: Tile; onClose: () => void }): JSX.Element {
  const look = stateLook(tile.state);
  const forMs = centreMs.value === null || !tile.since_ms ? null : centreMs.value - tile.since_ms;
  return (
    <header>
      <div class="row">
        <h2 class="grow">{tile.name}</h2>
        <a class="button small" href={`/site/${tile.id}`}>
          {w.everything}
        </a>
        <button class="button small" onClick={onClose}>
          {w.close}
        </button>
      </div>
      <p class="muted">
        {tile.code} · {[...tile.path].reverse().join(", ")} · {worded(levels, tile.level)}
      </p>
      <p class={`panel-state tone-${look.tone}`}>
        <Icon name={look.icon} /> {worded(t, tile.state)}
        {forMs !== null && (
          <small class="num">
            {w.since} {timeOfDay(tile.since_ms, true)} ({clockLength(forMs)})
          </small>
        )}
      </p>
      {tile.reason && tile.reason !== tile.state && (
        <p class={`panel-reason tone-${tile.trouble >= 3 ? "bad" : tile.trouble === 2 ? "warn" : "minor"}`}>
          <Icon name="warning" /> {worded(reasons, tile.reason)}
        </p>
      )}
    </header>
  );
}

function Contact({ tile }: { tile: Tile }): JSX.Element {
  const nowMs = centreMs.value ?? 0;
  const claim = standing(picture.value?.claims ?? [], tile.id, nowMs);
  const matter = matterAt.value.get(tile.id) ?? null;
  return (
    <>
      <section class="facts call">
        <h3>{w.contact}</h3>
        <Calling
          site={tile.id}
          contact={tile.contact}
          phone={tile.phone}
          claim={claim}
          matter={matter}
          nowMs={nowMs}
        />
      </section>
      <section class="facts">
        <h3>{bookTitle()}</h3>
        <Book site={tile.id} stamp={`${claim?.at_ms ?? 0} ${matter?.at_ms ?? 0}`} most={5} />
      </section>
    </>
  );
}

/** Orders to this site, and the chat with its desk. */
function Desk({ tile }: { tile: Tile }): JSX.Element | null {
  const talk = picture.value?.chats.find(({ site }) => site === tile.id);
  if (!can("orders.give") && !can("chat.talk")) return null;
  return (
    <section class="facts desk-facts">
      <div class="row">
        <h3 class="grow">{c.chat}</h3>
        <OrderButton
          count={1}
          targets={() => [{ id: tile.id, away: tile.state !== "online" }]}
          scope={`${tile.code} ${tile.name}`.slice(0, 200)}
        />
      </div>
      {can("chat.talk") && <Talk site={tile.id} stamp={`${talk?.place ?? 0} ${talk?.delivered ?? ""}`} />}
    </section>
  );
}

function History({ site }: { site: string }): JSX.Element {
  const events = picture.value?.events.filter((event) => event.site === site) ?? [];
  return (
    <section class="facts">
      <h3>{w.history}</h3>
      {events.length === 0 && <p class="muted">{t.noEvents}</p>}
      <ul class="events">
        {events.map((event) => (
          <EventRow key={event.id} event={event} site={false} />
        ))}
      </ul>
    </section>
  );
}
