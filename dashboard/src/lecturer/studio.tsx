import { computed, effect, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { AirCard, seatName } from "../air/card";
import { seatOf, seenInstead } from "../air/model";
import { forgetOnAir, markOnAir, wasOnAir } from "../air/resume";
import { t as airWords } from "../air/words";
import { FloorCard } from "../floor/hands";
import { api, sentence } from "../shared/api";
import { RecordingLight } from "../recordings/light";
import { clockLength, timeOfDay } from "../shared/format";
import { Icon } from "../shared/icons";
import { Alert } from "../shared/parts";
import { isOver, orderToAir, type Session } from "../shared/session";
import { can, isLeaving, me, signedOut } from "../shared/signed";
import { LectureLinks } from "../console/lecturelinks";
import { SlidesCard, slidesAreShown } from "../slides/card";
import { t as slideWords } from "../slides/words";
import { LectureSources } from "../sources/card";
import { Audience, LineState } from "./audience";
import { centreNow, heard, minutesLeft } from "./clock";
import { doubtOf, heardFrom, noMicrophone, SPEAKS_DBFS } from "./microphone";
import { type Network, networkOf } from "./network";
import { Programme } from "./programme";
import { Preview, Setup } from "./setup";
import {
  cameraTrack,
  closeSources,
  given,
  listen,
  loudness,
  microphoneTrack,
  muted,
  openSources,
  screenTrack,
  secure,
} from "./sources";
import { Unheard } from "./unheard";
import { type AirState, Publisher } from "./whip";
import { t } from "./words";

const POLL_MS = 2000;
/** So many polls in a row without our lecture at the centre mean that it is lost on the way. */
const UNHEARD_POLLS = 3;
/** An answer that is not there by then is not waited for: the next look comes in any case. */
const LOOK_MS = 5000;
/** The centre looks at the relay twice a second; what it says of the seat is of us until then. */
const TAKEN_MS = 1500;
const SPEAKS_MS = 4000;
/** Rooms need this long to connect and to measure sound before their silence means anything. */
const HEARING_MS = 8000;

const session = signal<Session | null>(null);
const air = signal<AirState>("off");
const attempt = signal(0);
const onAirSince = signal<number | null>(null);
const fault = signal("");
/** Another computer sends in this page's place. */
const taken = signal(false);
const now = signal(Date.now());
const network = signal<Network | null>(null);
const spokeAt = signal(0);
effect(() => {
  if (!muted.value && loudness.value > SPEAKS_DBFS) spokeAt.value = Date.now();
});
/** A room has the floor. */
const roomSpeaks = signal(false);
const microphone = signal(noMicrophone);
effect(() => {
  const wanted = ownIsSeen() && !muted.value && !roomSpeaks.value;
  const id = microphoneTrack.value?.id ?? "";
  microphone.value = heardFrom(microphone.peek(), id, given(), wanted, Date.now());
});
const doubt = computed(() => doubtOf(microphone.value, now.value));
let unheard = 0;

/** Where this page sends from. */
function mySeat(): "lecturer" | "standby" {
  return seatOf(location.search, me.value?.person.role) === "standby" ? "standby" : "lecturer";
}

function path(id: string): string {
  return `/api/v1/sessions/${encodeURIComponent(id)}`;
}

async function look(id: string, publisher: Publisher): Promise<void> {
  try {
    const told = await api.get<Session>(path(id), LOOK_MS);
    // What kept the page from its first look is over.
    if (!session.value) fault.value = "";
    session.value = told;
    if (isOver(told.state)) await leaveOver(publisher, id);
    heard(session.value.now_ms, Date.now());
    const arrives = session.value.air?.[mySeat()] ?? false;
    unheard = air.value === "on" && !arrives ? unheard + 1 : 0;
    if (unheard >= UNHEARD_POLLS) {
      unheard = 0;
      publisher.unheard();
    }
  } catch (caught) {
    if (!signedOut(caught) && !session.value) fault.value = sentence(caught);
  }
}

/** Somebody ended the session, here or elsewhere. */
async function leaveOver(publisher: Publisher, id: string): Promise<void> {
  closeSources();
  if (air.value === "off") return;
  await stopSending(publisher, id);
  fault.value = "";
}

async function seatIsTaken(id: string): Promise<boolean> {
  for (const pause of [0, TAKEN_MS]) {
    await new Promise((done) => setTimeout(done, pause));
    const told = await api.get<Session>(path(id), LOOK_MS).catch(() => null);
    if (!told?.air?.[mySeat()]) return false;
  }
  return true;
}

async function measure(publisher: Publisher): Promise<void> {
  const reports = await publisher.reports();
  network.value = reports && networkOf(reports, network.value, performance.now());
}

function publisherOf(id: string): Publisher {
  return new Publisher(id, mySeat(), {
    onState(state, tries) {
      air.value = state;
      attempt.value = tries;
      if (state === "on") {
        fault.value = "";
        taken.value = false;
        onAirSince.value ??= Date.now();
        markOnAir(id, Date.now());
      }
      if (state === "off") onAirSince.value = null;
    },
    onFault(caught) {
      fault.value = sentence(caught);
    },
    taken: () => seatIsTaken(id),
    onTaken() {
      forgetOnAir(id);
      fault.value = "";
      taken.value = true;
    },
  });
}

/** Brings the session to where it may be seen, then the lecture into it. */
async function goOnAir(publisher: Publisher, id: string): Promise<void> {
  fault.value = "";
  taken.value = false;
  try {
    const leads = mySeat() === "lecturer" && can("sessions.conduct");
    const order = session.value && leads ? orderToAir(session.value.state) : null;
    if (order) session.value = await api.post<Session>(`${path(id)}/orders`, { order });
    publisher.start();
  } catch (caught) {
    fault.value = sentence(caught);
  }
}

async function stopSending(publisher: Publisher, id: string): Promise<void> {
  forgetOnAir(id);
  await publisher.stop();
}

function sendingMs(): number {
  return now.value - (onAirSince.value ?? now.value);
}

/** Whether the rooms see what this page sends, as far as it is known. */
function ownIsSeen(): boolean {
  return air.value === "on" && seenInstead(session.value?.air, mySeat(), sendingMs()) === null;
}

function Status(): JSX.Element {
  const instead = seenInstead(session.value?.air, mySeat(), sendingMs());
  const deaf =
    air.value === "on" &&
    instead === null &&
    onAirSince.value !== null &&
    now.value - onAirSince.value > HEARING_MS &&
    now.value - spokeAt.value < SPEAKS_MS &&
    session.value?.hearing === 0;
  return (
    <>
      <p class={`air-state ${air.value}`} role="status">
        {air.value === "off" && (session.value?.air?.[mySeat()] ? t.elsewhere : t.off)}
        {air.value === "connecting" && t.connecting}
        {air.value === "retrying" && t.retrying(attempt.value)}
        {air.value === "on" && instead !== null && airWords.notSeen(seatName(instead))}
        {air.value === "on" && instead === null && (
          <>
            <span class="lamp" /> {t.on} <span class="num">{clockLength(sendingMs())}</span>
          </>
        )}
      </p>
      {mySeat() === "standby" && <Alert tone="minor">{airWords.standbyHere}</Alert>}
      {muted.value && air.value !== "off" && <p class="shout">{t.mutedNow}</p>}
      <Unheard doubt={doubt.value} deaf={deaf && !muted.value} />
      {taken.value && air.value === "off" && <Alert tone="bad">{t.taken}</Alert>}
      {fault.value && <Alert tone="bad">{fault.value}</Alert>}
    </>
  );
}

/** When it begins, how long it lasts still, and whom to call: what a lecturer looks for without looking for it. */
function Facts({ of }: { of: Session }): JSX.Element {
  const nowMs = centreNow(now.value);
  const left = minutesLeft(of.ends_ms, nowMs);
  return (
    <div class="facts num">
      {!isOver(of.state) && (
        <p class={left <= 5 ? "soon" : ""}>
          <Icon name="clock" />{" "}
          {nowMs < of.starts_ms && air.value === "off"
            ? t.notYet(timeOfDay(of.starts_ms))
            : left >= 0
              ? t.left(left)
              : t.late(-left)}
        </p>
      )}
      {of.hotline && (
        <p>
          <Icon name="phone" /> {t.hotline}{" "}
          <a href={`tel:${of.hotline.replace(/[^\d+]/g, "")}`}>
            <b>{of.hotline}</b>
          </a>
        </p>
      )}
    </div>
  );
}

function Extras({ of, onEnd }: { of: Session; onEnd: () => Promise<void> }): JSX.Element {
  const [told, tell] = useState("");
  const call = async (): Promise<void> => {
    try {
      await api.post(`${path(of.id)}/roll-calls`, {});
      tell(t.called);
    } catch (caught) {
      tell(sentence(caught));
    }
  };
  const end = async (): Promise<void> => {
    if (!confirm(t.endAsk)) return;
    try {
      await onEnd();
      session.value = await api.post<Session>(`${path(of.id)}/orders`, { order: "end" });
    } catch (caught) {
      fault.value = sentence(caught);
    }
  };
  const running = of.state === "live" || of.state === "break";
  return (
    <div class="row">
      {can("rollcall.order") && running && (
        <button class="button" onClick={call}>
          <Icon name="people" /> {t.call}
        </button>
      )}
      {told && <span class="muted">{told}</span>}
      <span class="grow" />
      {can("sessions.conduct") && running && (
        <button class="button" onClick={end}>
          {t.end}
        </button>
      )}
    </div>
  );
}

/** One session: set up, one big button, and whether the rooms hear. */
export function Studio({ id }: { id: string }): JSX.Element {
  const [publisher] = useState(() => publisherOf(id));
  useEffect(() => {
    void look(id, publisher);
    const poll = setInterval(() => void look(id, publisher), POLL_MS);
    // A page that was on air and was only loaded anew goes on by itself, while camera and microphone still open.
    if (secure() && wasOnAir(id, Date.now())) publisher.start();
    const second = setInterval(() => {
      now.value = Date.now();
      if (air.value === "on") markOnAir(id, now.value);
    }, 1000);
    const line = setInterval(() => void measure(publisher), POLL_MS);
    return () => {
      clearInterval(poll);
      clearInterval(line);
      clearInterval(second);
    };
  }, [id, publisher]);
  useEffect(() => {
    if (!secure()) return undefined;
    void openSources();
    return listen();
  }, []);
  const picture = screenTrack.value ?? cameraTrack.value;
  const sound = microphoneTrack.value;
  useEffect(() => {
    publisher.send(picture, sound).catch((caught: unknown) => (fault.value = sentence(caught)));
  }, [publisher, picture, sound]);
  const sending = air.value !== "off";
  useEffect(() => {
    if (!sending) return undefined;
    const ask = (event: BeforeUnloadEvent): void => {
      // The page may just have stopped, and leaves before it is drawn again.
      if (air.value !== "off" && !isLeaving()) event.preventDefault();
    };
    const leave = (): void => void publisher.stop();
    addEventListener("beforeunload", ask);
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("beforeunload", ask);
      removeEventListener("pagehide", leave);
    };
  }, [publisher, sending]);

  const of = session.value;
  if (!secure()) {
    return (
      <Alert tone="bad">
        <h2>{t.insecureTitle}</h2>
        <p>{t.insecure(location.host)}</p>
      </Alert>
    );
  }
  // While the rooms read slides, so does the lecturer: the page takes the place of their own picture.
  const withSlides = slidesAreShown();
  if (!of) return fault.value ? <Alert tone="bad">{fault.value}</Alert> : <p>…</p>;
  return (
    <div class={`studio ${withSlides ? "with-slides" : ""}`}>
      <header>
        <h1>{of.topic}</h1>
        <p class="muted num">
          {[`${timeOfDay(of.starts_ms)}–${timeOfDay(of.ends_ms)}`, t.rooms(of.sites.length), of.lecturer_name]
            .filter(Boolean)
            .join(" · ")}
        </p>
        <Facts of={of} />
      </header>
      <div class="stack stage">
        {!withSlides && <Preview />}
        <Status />
        {isOver(of.state) ? (
          <Alert tone="minor">{t.over}</Alert>
        ) : (
          <button
            class={`onair ${sending ? "stop" : "go"}`}
            disabled={!sending && !picture && !sound}
            onClick={() => (sending ? stopSending(publisher, id) : goOnAir(publisher, id))}
          >
            {sending ? t.stop : t.goOnAir}
          </button>
        )}
        {can("slides.see") && !isOver(of.state) && <SlidesCard session={id} />}
        <Extras of={of} onEnd={() => stopSending(publisher, id)} />
      </div>
      <div class="stack">
        {withSlides && <Preview />}
        {!isOver(of.state) && <Programme of={of} own={ownIsSeen()} />}
        <Audience of={of} onAir={air.value === "on"} />
        {!isOver(of.state) && <FloorCard session={id} onSpeaks={(on) => (roomSpeaks.value = on)} />}
        <LineState network={sending ? network.value : null} />
        <Setup />
        <AirCard session={of} lecturer onOrdered={() => void look(id, publisher)} />
        <RecordingLight of={of} />
        {can("lecture.assistant") && !isOver(of.state) && (
          <details class="card">
            <summary>
              <b>{slideWords.assistants}</b>
            </summary>
            <LectureLinks session={id} kind="assistant" />
          </details>
        )}
        {can("lecture.publish") && !isOver(of.state) && <LectureSources session={of.id} folded />}
      </div>
    </div>
  );
}
