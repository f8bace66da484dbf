import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Book, bookTitle, Calling } from "../shared/calling";
import { standing } from "../shared/duty";
import type { Tile } from "../shared/feed";
import { clockLength, dayAndTime, decimal, timeOfDay, whole } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { EventRow } from "./events";
import { centreMs, matterAt, picture } from "./live";
import { headsNote, stateLook, tileTone } from "./look";
import {
  cameraStates,
  clockStates,
  countReasons,
  examStates,
  levels,
  reasons,
  streamStates,
  t,
} from "./words";

const w = dictionary({
  close: { vi: "Đóng", en: "Close" },
  since: { vi: "từ", en: "since" },
  contact: { vi: "Liên hệ", en: "Contact" },
  people: { vi: "Người trong phòng", en: "People in the room" },
  expected: { vi: "Dự kiến", en: "Expected" },
  counted: { vi: "Camera đếm", en: "Counted by camera" },
  declared: { vi: "Điểm cầu khai", en: "Declared" },
  apart: {
    vi: (n: number) => `Camera và khai báo lệch nhau ${n} người`,
    en: (n: number) => `Camera and declaration differ by ${n}`,
  },
  countedAt: { vi: "Đếm lúc", en: "Counted at" },
  lecture: { vi: "Bài giảng trên màn hình", en: "Lecture on the screen" },
  state: { vi: "Trạng thái", en: "State" },
  picture: { vi: "Hình", en: "Picture" },
  sound: { vi: "Tiếng", en: "Sound" },
  line: { vi: "Đường truyền", en: "Line" },
  lost: { vi: (n: string) => `mất ${n} gói`, en: (n: string) => `${n} packets lost` },
  clock: { vi: "Đồng hồ", en: "Clock" },
  offset: { vi: "Lệch", en: "Offset" },
  bound: { vi: "Sai không quá", en: "Error at most" },
  registered: { vi: "Đăng ký", en: "Registered" },
  signedIn: { vi: "Đã vào", en: "Signed in" },
  started: { vi: "Đang làm", en: "Started" },
  answered: { vi: "Câu đã trả lời", en: "Answers" },
  handedIn: { vi: "Đã nộp", en: "Handed in" },
  opened: { vi: "Mở đề lúc", en: "Opened at" },
  lateBy: { vi: "Chậm so với T0", en: "After T0" },
  computer: { vi: "Máy điểm cầu", en: "Site computer" },
  version: { vi: "Phiên bản", en: "Version" },
  load: { vi: "Tải", en: "Load" },
  disk: { vi: "Đĩa trống", en: "Free disk" },
  camera: { vi: "Camera", en: "Camera" },
  outbox: { vi: "Chờ gửi về", en: "Waiting to be sent" },
  history: { vi: "Diễn biến của điểm cầu", en: "History of this site" },
});

function Facts(props: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="facts">
      <h3>{props.title}</h3>
      <dl>{props.children}</dl>
    </section>
  );
}

function Fact(props: { word: string; tone?: string; children: ComponentChildren }): JSX.Element {
  return (
    <>
      <dt>{props.word}</dt>
      <dd class={`num ${props.tone ? `tone-${props.tone}` : ""}`}>{props.children}</dd>
    </>
  );
}

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

function People({ tile }: { tile: Tile }): JSX.Element {
  const apart = tile.count !== null && tile.declared !== null ? Math.abs(tile.count - tile.declared) : 0;
  return (
    <Facts title={w.people}>
      <Fact word={w.expected}>{tile.expected}</Fact>
      <Fact word={w.counted}>
        {tile.count ?? (tile.count_reason ? worded(countReasons, tile.count_reason) : headsNote(tile))}
      </Fact>
      <Fact word={w.declared}>{tile.declared ?? "–"}</Fact>
      {tile.count_at_ms !== null && <Fact word={w.countedAt}>{dayAndTime(tile.count_at_ms, true)}</Fact>}
      {apart > 2 && <dd class="whole tone-warn">{w.apart(apart)}</dd>}
    </Facts>
  );
}

function Lecture({ tile }: { tile: Tile }): JSX.Element {
  const { stream } = tile;
  return (
    <Facts title={w.lecture}>
      <Fact word={w.state}>{worded(streamStates, stream.state)}</Fact>
      {stream.state !== "none" && (
        <>
          <Fact word={w.picture}>
            {stream.width}×{stream.height} · {decimal(stream.fps)} fps
          </Fact>
          <Fact word={w.sound}>
            {stream.audio_dbfs === null ? "–" : `${decimal(stream.audio_dbfs)} dBFS`}
          </Fact>
          <Fact word={w.line}>
            {w.lost(whole(stream.lost))} · jitter {decimal(stream.jitter_ms)} ms
          </Fact>
        </>
      )}
    </Facts>
  );
}

function Clock({ tile }: { tile: Tile }): JSX.Element {
  const { clock } = tile;
  return (
    <Facts title={w.clock}>
      <Fact word={w.state}>{worded(clockStates, clock.state)}</Fact>
      {clock.offset_ms !== null && <Fact word={w.offset}>{decimal(clock.offset_ms)} ms</Fact>}
      {clock.bound_ms !== null && <Fact word={w.bound}>±{decimal(clock.bound_ms)} ms</Fact>}
    </Facts>
  );
}

function Exam({ exam }: { exam: NonNullable<Tile["exam"]> }): JSX.Element {
  return (
    <Facts title={t.exam}>
      <Fact word={w.state}>{worded(examStates, exam.state)}</Fact>
      <Fact word={w.registered}>{exam.registered}</Fact>
      <Fact word={w.signedIn}>{exam.signed_in}</Fact>
      <Fact word={w.started}>{exam.started}</Fact>
      <Fact word={w.answered}>{whole(exam.answered)}</Fact>
      <Fact word={w.handedIn}>{exam.handed_in}</Fact>
      {exam.opened_ms !== null && <Fact word={w.opened}>{timeOfDay(exam.opened_ms, true)}</Fact>}
      {exam.late_ms !== null && <Fact word={w.lateBy}>{decimal(exam.late_ms, 0)} ms</Fact>}
    </Facts>
  );
}

function Computer({ tile }: { tile: Tile }): JSX.Element {
  const { agent } = tile;
  return (
    <Facts title={w.computer}>
      <Fact word={w.version}>{agent.version || "–"}</Fact>
      <Fact word={w.camera}>{agent.camera ? worded(cameraStates, agent.camera) : "–"}</Fact>
      <Fact word={w.load}>{whole(agent.load * 100)} %</Fact>
      <Fact word={w.disk}>{agent.disk_free_mb ? `${decimal(agent.disk_free_mb / 1024)} GB` : "–"}</Fact>
      <Fact word={w.outbox}>{whole(agent.outbox)}</Fact>
    </Facts>
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
