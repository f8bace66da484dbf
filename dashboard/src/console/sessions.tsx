import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { RecordingLight } from "../recordings/light";
import { AirCard } from "../air/card";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { useAsked, useDoing } from "../shared/asked";
import { dayAndTime, fieldTime, timeOfDay } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Alert, Chip, Field, Modal, type Tone } from "../shared/parts";
import { isOver, ORDERS, type Session, type SessionOrder } from "../shared/session";
import { can } from "../shared/signed";
import type { Site } from "../shared/site";
import { LectureSources } from "../sources/card";
import { sessionStates } from "../wall/words";
import { type Choice, SitePicker } from "./picker";
import { LectureLinks } from "./lecturelinks";
import { RollCalls } from "./rollcalls";
import { sessionOrders, t } from "./words";
import { Period } from "./period";

const w = dictionary({
  fresh: { vi: "Xếp lịch buổi học", en: "Plan a session" },
  topic: { vi: "Chủ đề", en: "Topic" },
  lecturer: { vi: "Giảng viên", en: "Lecturer" },
  nobody: { vi: "— chưa chọn —", en: "— none —" },
  none: { vi: "Chưa có buổi học nào.", en: "No sessions yet." },
  studio: { vi: "Mở trang giảng viên", en: "Open the lecturer's page" },
  watching: {
    vi: (n: number, of: number) => `${n}/${of} phòng đang xem`,
    en: (n: number, of: number) => `${n}/${of} rooms watching`,
  },
  hearing: { vi: (n: number) => `${n} phòng nghe thấy`, en: (n: number) => `${n} rooms hearing` },
  onAir: { vi: "Đang có hình", en: "On air" },
  offAir: { vi: "Chưa có hình", en: "No picture" },
  notice: { vi: "Thông báo lên màn hình các phòng", en: "Notice on the rooms' screens" },
  noticeVi: { vi: "Tiếng Việt", en: "Vietnamese" },
  noticeEn: { vi: "Tiếng Anh (không bắt buộc)", en: "English (optional)" },
  sent: { vi: (n: number) => `Đã gửi tới ${n} phòng.`, en: (n: number) => `Sent to ${n} rooms.` },
  sure: {
    vi: (order: string, topic: string) => `${order}: “${topic}”?`,
    en: (order: string, topic: string) => `${order}: “${topic}”?`,
  },
  reach: { vi: (n: number) => `Lệnh này tới ${n} phòng học.`, en: (n: number) => `This reaches ${n} rooms.` },
});

/** When, by whom, for how many. */
function inShort(session: Session): string {
  const when = `${dayAndTime(session.starts_ms)}–${timeOfDay(session.ends_ms)}`;
  return [when, session.lecturer_name, t.rows(session.sites.length)].filter(Boolean).join(" · ");
}

const TONES: Record<Session["state"], Tone> = {
  planned: "minor",
  lobby: "warn",
  live: "good",
  break: "warn",
  ended: "idle",
  cancelled: "idle",
};

export function Sessions(): JSX.Element {
  const list = useAsked<Session[]>("/api/v1/sessions", 5000);
  const [open, show] = useState<string | null>(null);
  const [planning, plan] = useState(false);
  if (open !== null) return <OneSession id={open} onBack={() => show(null)} />;
  const sorted = [...(list.value ?? [])].sort(
    (a, b) => Number(isOver(a.state)) - Number(isOver(b.state)) || a.starts_ms - b.starts_ms,
  );
  return (
    <div class="stack">
      <div class="row">
        <h1 class="grow">{t.sessions}</h1>
        {can("sessions.plan") && (
          <button class="button primary" onClick={() => plan(true)}>
            {w.fresh}
          </button>
        )}
      </div>
      {list.fault && <Alert tone="bad">{list.fault}</Alert>}
      {list.value?.length === 0 && <p class="muted">{w.none}</p>}
      {sorted.map((session) => (
        <button key={session.id} class="card line" onClick={() => show(session.id)}>
          <span class="grow">
            <h2>{session.topic}</h2>
            <span class="muted num">{inShort(session)}</span>
          </span>
          <Chip tone={TONES[session.state]}>{worded(sessionStates, session.state)}</Chip>
        </button>
      ))}
      {planning && (
        <Planning
          onClose={() => plan(false)}
          onMade={(made) => {
            plan(false);
            list.again();
            show(made.id);
          }}
        />
      )}
    </div>
  );
}

function Planning(props: { onClose: () => void; onMade: (session: Session) => void }): JSX.Element {
  const sites = useAsked<Site[]>("/api/v1/sites");
  const lecturers = useAsked<{ id: string; name: string }[]>("/api/v1/lecturers");
  const hour = Math.ceil(Date.now() / 3_600_000) * 3_600_000;
  const [topic, setTopic] = useState("");
  const [lecturer, setLecturer] = useState("");
  const [begins, setBegins] = useState(fieldTime(hour));
  const [ends, setEnds] = useState(fieldTime(hour + 2 * 3_600_000));
  const [choice, choose] = useState<Choice>(null);
  const { busy, fault, run } = useDoing();
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      const made = await api.post<Session>("/api/v1/sessions", {
        topic,
        lecturer: lecturer || null,
        starts_ms: new Date(begins).getTime(),
        ends_ms: new Date(ends).getTime(),
        sites: choice && [...choice],
      });
      props.onMade(made);
    });
  };
  return (
    <Modal title={w.fresh} wide onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label={w.topic}>
          <input required maxLength={200} value={topic} onInput={(e) => setTopic(e.currentTarget.value)} />
        </Field>
        <div class="columns">
          <Period begins={begins} ends={ends} onBegins={setBegins} onEnds={setEnds} />
          <Field label={w.lecturer}>
            <select value={lecturer} onChange={(e) => setLecturer(e.currentTarget.value)}>
              <option value="">{w.nobody}</option>
              {(lecturers.value ?? []).map((person) => (
                <option key={person.id} value={person.id}>
                  {person.name}
                </option>
              ))}
            </select>
          </Field>
        </div>
        <SitePicker sites={sites.value ?? []} choice={choice} onChoose={choose} />
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary" disabled={busy || choice?.size === 0}>
          {t.create}
        </button>
      </form>
    </Modal>
  );
}

function OneSession({ id, onBack }: { id: string; onBack: () => void }): JSX.Element {
  const path = `/api/v1/sessions/${id}`;
  const asked = useAsked<Session>(path, 2000);
  const session = asked.value;
  return (
    <div class="stack">
      <div>
        <button class="button small" onClick={onBack}>
          {t.back}
        </button>
      </div>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {session && (
        <>
          <div class="row">
            <div class="grow">
              <h1>{session.topic}</h1>
              <p class="muted num">{inShort(session)}</p>
            </div>
            <Chip tone={TONES[session.state]}>{worded(sessionStates, session.state)}</Chip>
          </div>
          {(session.state === "live" || session.state === "break" || session.state === "lobby") && (
            <p class="row num">
              <Chip tone={session.on_air ? "good" : "bad"}>{session.on_air ? w.onAir : w.offAir}</Chip>
              {w.watching(session.watching, session.sites.length)} · {w.hearing(session.hearing)}
            </p>
          )}
          <div class="row">
            {can("sessions.conduct") &&
              ORDERS[session.state].map((order) => (
                <Order key={order} session={session} order={order} onDone={asked.again} />
              ))}
            {can("lecture.publish") && !isOver(session.state) && (
              <a class="button" href={`/lecturer/${session.id}`}>
                {w.studio}
              </a>
            )}
          </div>
          <AirCard session={session} />
          {can("sessions.conduct") && !isOver(session.state) && <Notice path={path} />}
          {can("lecture.publish") && !isOver(session.state) && <LectureSources session={session.id} />}
          {can("lecture.assistant") && !isOver(session.state) && <LectureLinks session={session.id} />}
          <RecordingLight of={session} />
          <RollCalls session={session} />
        </>
      )}
    </div>
  );
}

function Order(props: { session: Session; order: SessionOrder; onDone: () => void }): JSX.Element {
  const { session, order, onDone } = props;
  const word = worded(sessionOrders, order);
  const grave = order === "end" || order === "cancel";
  return (
    <Confirmed
      word={word}
      title={w.sure(word, session.topic)}
      class={grave ? "danger" : "primary"}
      deed={() => api.post(`/api/v1/sessions/${session.id}/orders`, { order }).then(onDone)}
    >
      {w.reach(session.sites.length)}
    </Confirmed>
  );
}

function Notice({ path }: { path: string }): JSX.Element {
  const [vi, setVi] = useState("");
  const [en, setEn] = useState("");
  const [sent, tell] = useState<number | null>(null);
  const { busy, fault, run } = useDoing();
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      const done = await api.post<{ sites: number }>(`${path}/notice`, { text_vi: vi, text_en: en });
      tell(done.sites);
      setVi("");
      setEn("");
    });
  };
  return (
    <details class="card">
      <summary>
        <b>{w.notice}</b>
      </summary>
      <form class="stack" onSubmit={submit}>
        <div class="columns">
          <Field label={w.noticeVi}>
            <input required value={vi} onInput={(e) => setVi(e.currentTarget.value)} />
          </Field>
          <Field label={w.noticeEn}>
            <input value={en} onInput={(e) => setEn(e.currentTarget.value)} />
          </Field>
        </div>
        {fault && <Alert tone="bad">{fault}</Alert>}
        {sent !== null && <Alert tone="good">{w.sent(sent)}</Alert>}
        <div>
          <button class="button" disabled={busy}>
            {t.send}
          </button>
        </div>
      </form>
    </details>
  );
}
