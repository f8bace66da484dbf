import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { clockLength, countdown, timeOfDay } from "../shared/format";
import { worded } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { Alert, LanguageSwitch, ThemeSwitch } from "../shared/parts";
import { CodeSheet } from "./code";
import { cover, covered, coverWhenLeft } from "./cover";
import { DoorPage } from "./door";
import type { Candidate, Desk, Room } from "./model";
import { NotesSheet } from "./notes";
import { People } from "./people";
import { act, ageMs, away, desk, follow, leave } from "./room";
import { RoomSees } from "./roomsees";
import { TimeSheet } from "./time";
import { clocks, phases, t } from "./words";

type Tab = "people" | "time" | "notes" | "code";

export function InvigilatePage(): JSX.Element {
  useEffect(follow, []);
  useEffect(coverWhenLeft, []);
  const now = desk.value;
  return (
    <>
      <header class="topbar inv-top">
        <span class="brand grow">{now?.site ?? t.title}</span>
      </header>
      <main class="inv">
        {away.value && <Alert tone="bad">{t.gone}</Alert>}
        {now ? <Inside desk={now} /> : <DoorPage />}
        <footer class="foot">
          <LanguageSwitch />
          <ThemeSwitch />
          {now && (
            <button class="button small" onClick={() => void leave()}>
              {t.out}
            </button>
          )}
        </footer>
      </main>
    </>
  );
}

function Inside(props: { desk: Desk }): JSX.Element {
  const { room, link } = props.desk;
  const [tab, setTab] = useState<Tab>("people");
  const [whom, setWhom] = useState("");
  // Whoever signs in next finds everything covered.
  useEffect(() => cover, []);
  if (!room) return <Alert tone="minor">{t.noExam}</Alert>;

  const open = (next: Tab, candidate?: Candidate): void => {
    setWhom(candidate?.number ?? "");
    setTab(next);
  };
  const wants = room.wants_code;
  const hidden = covered();
  return (
    <>
      {link === "down" && <Alert tone="warn">{t.lineDown}</Alert>}
      <Clock room={room} />
      {wants && tab !== "code" && (
        <button class="button danger wide" onClick={() => open("code")}>
          <Icon name="warning" /> {t.codeAsked}
        </button>
      )}
      <Counts room={room} />
      <nav class="tabs" aria-label={t.title}>
        {(["people", "time", "notes", "code"] as const).map((name) => (
          <button
            key={name}
            class="button"
            aria-current={tab === name ? "page" : undefined}
            onClick={() => open(name)}
          >
            {t[name]}
          </button>
        ))}
      </nav>
      <RoomSees />
      {tab === "people" && !hidden && (
        <People room={room} onTime={(c) => open("time", c)} onNote={(c) => open("notes", c)} />
      )}
      {tab === "time" && !hidden && <TimeSheet room={room} whom={whom} />}
      {tab === "notes" && <NotesSheet room={room} whom={whom} />}
      {tab === "code" && <CodeSheet room={room} />}
      <Fire room={room} />
    </>
  );
}

function Clock(props: { room: Room }): JSX.Element {
  const { room } = props;
  const stands = room.stopped_s !== null;
  const passed = stands ? 0 : ageMs();
  const nowMs = room.now_ms + ageMs();
  const beforeOpening = room.phase !== "open" && room.phase !== "closed";
  return (
    <section class={`card clock ${stands ? "stands" : ""}`}>
      <p class="muted">
        {room.title} · <b>{worded(phases, room.phase)}</b>
      </p>
      {room.phase === "open" && room.left_ms !== null && (
        <p class="big num" role="timer">
          <small>{t.left}</small> {countdown(room.left_ms, passed)}
        </p>
      )}
      {beforeOpening && room.lost && <p class="tone-bad">{t.lost(timeOfDay(room.t0_ms))}</p>}
      {beforeOpening && !room.lost && (
        <p class="big num" role="timer">
          <small>{nowMs < room.t0_ms ? t.startsIn : t.late}</small>{" "}
          {clockLength(Math.abs(room.t0_ms - nowMs))}
        </p>
      )}
      {stands && room.stopped_s !== null && (
        <p class="stood" role="alert">
          <b>{t.stopped}</b> {t.stoppedFor(clockLength(room.stopped_s * 1000 + ageMs()))}
        </p>
      )}
      <p class="muted num">
        {[
          room.opened_ms !== null && t.opened(timeOfDay(room.opened_ms)),
          room.left_ms !== null && !stands && t.closesAt(timeOfDay(room.now_ms + room.left_ms)),
          room.site_extra_s > 0 && !covered() && t.plus(String(Math.ceil(room.site_extra_s / 60))),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <p class={`small ${room.clock === "blind" ? "tone-bad" : "muted"}`}>
        {t.clock}: {worded(clocks, room.clock)}
        {room.bound_ms !== null && ` (± ${Math.ceil(room.bound_ms)} ms)`}
      </p>
    </section>
  );
}

function Counts(props: { room: Room }): JSX.Element {
  const { counts } = props.room;
  const figures: [string, number, string][] = [
    [t.signedIn, counts.signed_in, ""],
    [t.started, counts.started - counts.handed_in, ""],
    [t.handedIn, counts.handed_in, ""],
    [t.trouble, counts.trouble, counts.trouble ? "bad" : ""],
  ];
  return (
    <dl class="counts">
      {figures.map(([word, figure, tone]) => (
        <div key={word} class={tone}>
          <dd class="num">
            {Math.max(0, figure)}
            {word === t.signedIn && <small>/{counts.registered}</small>}
          </dd>
          <dt>{word}</dt>
        </div>
      ))}
    </dl>
  );
}

function Fire(props: { room: Room }): JSX.Element | null {
  const { room } = props;
  const [sure, setSure] = useState(false);
  const [fault, setFault] = useState("");
  if (room.phase !== "open") return null;

  const press = async (path: "stop" | "resume"): Promise<void> => {
    setSure(false);
    try {
      await act(path, { exam: room.exam });
      setFault("");
    } catch (caught) {
      setFault(caught instanceof Error ? caught.message : t.faulted);
    }
  };
  return (
    <section class="fire">
      {fault && <Alert tone="bad">{fault}</Alert>}
      {room.stopped_s !== null ? (
        <button class="button primary wide" onClick={() => void press("resume")}>
          <Icon name="play" /> {t.resume}
        </button>
      ) : sure ? (
        <div class="card stack" role="alertdialog" aria-label={t.stop}>
          <p>{t.stopAsk}</p>
          <div class="row">
            <button class="button danger grow" onClick={() => void press("stop")}>
              {t.stopYes}
            </button>
            <button class="button grow" onClick={() => setSure(false)}>
              {t.cancel}
            </button>
          </div>
        </div>
      ) : (
        <button class="button danger wide" onClick={() => setSure(true)}>
          <Icon name="ban" /> {t.stop}
        </button>
      )}
    </section>
  );
}
