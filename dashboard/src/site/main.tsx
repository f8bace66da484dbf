import "../wall/tile.css";
import "../wall/lowtile.css";
import "../wall/facts.css";
import "./site.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useAsked } from "../shared/asked";
import { Book, bookTitle, Calling } from "../shared/calling";
import type { Tile } from "../shared/feed";
import { clockLength, dayAndTime, fieldTime, timeOfDay } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { mount } from "../shared/mount";
import { Alert, LanguageSwitch, ThemeSwitch } from "../shared/parts";
import { Signed } from "../shared/signed";
import { Clock, Computer, Exam, Lecture, People } from "../wall/facts";
import { stateLook, tileTone } from "../wall/look";
import { levels, reasons, t as wall } from "../wall/words";
import { Alarms } from "./alarms";
import { Happenings } from "./happenings";
import type { History, Now } from "./history";
import { LadderHere } from "./ladder";
import { ChatHere, OrdersHere } from "./orders";
import { Ready } from "./ready";
import { Timeline } from "./timeline";

const w = dictionary({
  since: { vi: "từ", en: "since" },
  contact: { vi: "Liên hệ", en: "Contact" },
  history: { vi: "Dòng thời gian", en: "Timeline" },
  range: { vi: "Khoảng xem", en: "Range" },
  hours: { vi: (n: number) => `${n} giờ`, en: (n: number) => `${n} h` },
  days: { vi: (n: number) => `${n} ngày`, en: (n: number) => `${n} days` },
  before: { vi: "Trước đó", en: "Earlier" },
  now: { vi: "Bây giờ", en: "Now" },
  until: { vi: "Đến lúc", en: "Until" },
  opening: { vi: "Đang mở…", en: "Opening…" },
});

const HOUR = 3_600_000;
const RANGES = [HOUR, 6 * HOUR, 24 * HOUR, 7 * 24 * HOUR];
const NOW_MS = 2_000;
const HISTORY_MS = 10_000;

function Site({ id }: { id: string }): JSX.Element {
  const now = useAsked<Now>(`/api/v1/sites/${id}/now`, NOW_MS);
  useEffect(() => {
    if (now.value) document.title = `${now.value.tile.name} · Điểm cầu`;
  }, [now.value?.tile.name]);
  return (
    <>
      <header class="topbar">
        <a class="brand" href="/wall">
          Điểm cầu
        </a>
        <span class="grow" />
        <LanguageSwitch />
        <ThemeSwitch />
        <a class="button small" href="/wall">
          {wall.wall}
        </a>
      </header>
      <main class="content site-page">
        {now.fault && <Alert tone="bad">{now.fault}</Alert>}
        {now.value ? <Everything now={now.value} again={now.again} /> : !now.fault && <p>{w.opening}</p>}
      </main>
    </>
  );
}

function Everything({ now, again }: { now: Now; again: () => void }): JSX.Element {
  const { tile, claim, matter } = now;
  const [shown, show] = useState<History | null>(null);
  const stamp = `${claim?.at_ms ?? 0} ${matter?.at_ms ?? 0}`;
  return (
    <>
      <Head now={now} />
      <div class="site-first">
        <section class="card">
          <h2>{w.contact}</h2>
          <Calling
            site={tile.id}
            contact={tile.contact}
            phone={tile.phone}
            claim={claim}
            matter={matter}
            nowMs={now.centre_ms}
            changed={again}
          />
        </section>
        <Past site={tile.id} shown={shown} show={show} />
      </div>
      <div class="site-columns">
        <LadderHere tile={tile} history={shown} changed={again} />
        {shown && <Happenings history={shown} />}
        <section class="card">
          <h2>{bookTitle()}</h2>
          <Book site={tile.id} stamp={stamp} most={8} />
        </section>
        <Alarms tile={tile} />
        <Ready site={tile.id} />
        <OrdersHere site={tile.id} />
        <ChatHere site={tile.id} />
        <Figures tile={tile} />
      </div>
    </>
  );
}

function Head({ now }: { now: Now }): JSX.Element {
  const { tile } = now;
  const look = stateLook(tile.state);
  return (
    <header class={`site-head face-${tileTone(tile)}`}>
      <h1>{tile.name}</h1>
      <p class="muted">
        {tile.code} · {[...tile.path].reverse().join(", ")} · {worded(levels, tile.level)}
      </p>
      <p class={`site-state tone-${look.tone}`}>
        <Icon name={look.icon} /> {worded(wall, tile.state)}
        {tile.since_ms > 0 && (
          <small class="num">
            {" "}
            {w.since} {dayAndTime(tile.since_ms)} ({clockLength(now.centre_ms - tile.since_ms)})
          </small>
        )}
      </p>
      {tile.reason && tile.reason !== tile.state && (
        <p class={`tone-${tile.trouble >= 3 ? "bad" : tile.trouble === 2 ? "warn" : "minor"}`}>
          <Icon name="warning" /> <b>{worded(reasons, tile.reason)}</b>
        </p>
      )}
    </header>
  );
}

function Figures({ tile }: { tile: Tile }): JSX.Element {
  return (
    <section class="card figures">
      <People tile={tile} />
      <Lecture tile={tile} ladder={false} />
      <Clock tile={tile} />
      {tile.exam && <Exam exam={tile.exam} />}
      <Computer tile={tile} />
    </section>
  );
}

interface PastProps {
  site: string;
  shown: History | null;
  show: (history: History) => void;
}

function Past({ site, shown, show }: PastProps): JSX.Element {
  const [lastMs, last] = useState(6 * HOUR);
  /** Null follows the present. */
  const [untilMs, until] = useState<number | null>(null);
  const query = `last_ms=${lastMs}${untilMs === null ? "" : `&until_ms=${untilMs}`}`;
  const asked = useAsked<History>(
    `/api/v1/sites/${site}/history?${query}`,
    untilMs === null ? HISTORY_MS : 0,
  );
  useEffect(() => {
    if (asked.value) show(asked.value);
  }, [asked.value]);
  return (
    <section class="card past">
      <div class="row">
        <h2 class="grow">{w.history}</h2>
        <div class="row" role="group" aria-label={w.range}>
          {RANGES.map((ms) => (
            <button key={ms} class="button small" aria-pressed={ms === lastMs} onClick={() => last(ms)}>
              {ms > 24 * HOUR ? w.days(ms / HOUR / 24) : w.hours(ms / HOUR)}
            </button>
          ))}
          <button
            class="button small"
            disabled={!shown}
            onClick={() => shown && until(shown.until_ms - lastMs / 2)}
          >
            {w.before}
          </button>
          <button class="button small" aria-pressed={untilMs === null} onClick={() => until(null)}>
            {w.now}
          </button>
          <input
            type="datetime-local"
            aria-label={w.until}
            value={shown ? fieldTime(shown.until_ms) : ""}
            onChange={(event) => {
              const ms = new Date(event.currentTarget.value).getTime();
              if (Number.isFinite(ms)) until(ms);
            }}
          />
        </div>
      </div>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {shown && (
        <>
          <p class="muted num">
            {dayAndTime(shown.from_ms)} – {timeOfDay(shown.until_ms)}
          </p>
          <Timeline history={shown} />
        </>
      )}
    </section>
  );
}

mount(
  <Signed>
    <Site id={location.pathname.split("/")[2] ?? ""} />
  </Signed>,
  "dark",
);
