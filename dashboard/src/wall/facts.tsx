import type { ComponentChildren, JSX } from "preact";
import type { Tile } from "../shared/feed";
import { dayAndTime, decimal, timeOfDay, whole } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { loudness } from "../shared/loudness";
import { headsNote } from "./look";
import { RungFact } from "./rung";
import { cameraStates, clockStates, countReasons, examStates, streamStates, t } from "./words";

/** By which way the packets of the lecture come. */
const paths = dictionary({
  udp: { vi: "thẳng, UDP", en: "straight, UDP" },
  turn: { vi: "đường vòng UDP", en: "detour over UDP" },
  tcp: { vi: "đường vòng TCP", en: "detour over TCP" },
  tls: { vi: "đường vòng TLS", en: "detour over TLS" },
});

const w = dictionary({
  path: { vi: "Đường đi", en: "Path" },
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
  lateBy: { vi: "Mở chậm", en: "After the start" },
  computer: { vi: "Máy điểm cầu", en: "Site computer" },
  version: { vi: "Phiên bản", en: "Version" },
  load: { vi: "Tải", en: "Load" },
  disk: { vi: "Đĩa trống", en: "Free disk" },
  camera: { vi: "Camera", en: "Camera" },
  outbox: { vi: "Chờ gửi về", en: "Waiting to be sent" },
});

export function Facts(props: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="facts">
      <h3>{props.title}</h3>
      <dl>{props.children}</dl>
    </section>
  );
}

export function Fact(props: { word: string; tone?: string; children: ComponentChildren }): JSX.Element {
  return (
    <>
      <dt>{props.word}</dt>
      <dd class={`num ${props.tone ? `tone-${props.tone}` : ""}`}>{props.children}</dd>
    </>
  );
}

export function People({ tile }: { tile: Tile }): JSX.Element {
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

/** `ladder`: with how much of it the room gets, where the page does not say so elsewhere. */
export function Lecture({ tile, ladder = true }: { tile: Tile; ladder?: boolean }): JSX.Element {
  const { stream } = tile;
  return (
    <Facts title={w.lecture}>
      <Fact word={w.state}>{worded(streamStates, stream.state)}</Fact>
      {ladder && <RungFact tile={tile} />}
      {stream.state !== "none" && (
        <>
          <Fact word={w.picture}>
            {stream.width}×{stream.height} · {decimal(stream.fps)} fps
          </Fact>
          <Fact word={w.sound}>{loudness(stream.audio_dbfs)}</Fact>
          <Fact word={w.line}>
            {w.lost(whole(stream.lost))} · jitter {decimal(stream.jitter_ms)} ms
          </Fact>
          {stream.path && <Fact word={w.path}>{worded(paths, stream.path)}</Fact>}
        </>
      )}
    </Facts>
  );
}

export function Clock({ tile }: { tile: Tile }): JSX.Element {
  const { clock } = tile;
  return (
    <Facts title={w.clock}>
      <Fact word={w.state}>{worded(clockStates, clock.state)}</Fact>
      {clock.offset_ms !== null && <Fact word={w.offset}>{decimal(clock.offset_ms)} ms</Fact>}
      {clock.bound_ms !== null && <Fact word={w.bound}>±{decimal(clock.bound_ms)} ms</Fact>}
    </Facts>
  );
}

export function Exam({ exam }: { exam: NonNullable<Tile["exam"]> }): JSX.Element {
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

export function Computer({ tile }: { tile: Tile }): JSX.Element {
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
