import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { dayAndTime, decimal } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert } from "../shared/parts";
import { numberOf } from "./declare";
import { post, sentenceOf } from "./local";
import { RoomPicture } from "./picture";
import { FEWEST, MOST, same, split, START, type Corner } from "./polygon";
import { cameras, reasons, t } from "./roomwords";

const EVERY_MS = 15_000;

export interface TrialBox {
  x: number;
  y: number;
  w: number;
  h: number;
  still: boolean;
}

interface Trial {
  at_ms: number;
  count: number | null;
  reason: string;
  minimum: number;
  maximum: number;
  quality: number;
  ms: number;
  boxes: TrialBox[];
}

interface Room {
  camera: { state: string; name: string };
  corners: [number, number][];
  reference_ms: number | null;
  by_hand: number | null;
  by_camera: number | null;
  by_hand_ms: number | null;
  ratio: number | null;
  trial: Trial | null;
}

const cornersOf = (room: Room): Corner[] => room.corners.map(([x, y]) => ({ x, y }));

/** What the camera sees of this room and how the room was set up for counting; opened once, by whoever sets it up. */
export function RoomCard(): JSX.Element | null {
  const [room, found] = useState<Room | null>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const ask = (): void => {
      fetch("/local/room")
        .then((reply) => (reply.ok ? (reply.json() as Promise<Room>) : null))
        .then((answer) => answer && found(answer))
        .catch(() => undefined);
    };
    ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  if (!room) return null;
  return (
    <section class="card stack room" id="room">
      <div class="row">
        <div class="grow">
          <h2>{t.title}</h2>
          <p class={room.camera.state === "working" ? "muted" : "tone-bad"}>
            {worded(cameras, room.camera.state)} · {room.camera.name}
          </p>
        </div>
        <button class="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t.close : t.open}
        </button>
      </div>
      {open ? <SetUp room={room} found={found} /> : <Summary room={room} />}
    </section>
  );
}

function seatsOf(room: Room): string {
  return room.corners.length ? t.corners(room.corners.length) : t.noSeats;
}

function referenceOf(room: Room): string {
  return room.reference_ms === null ? t.noReference : t.referenced(dayAndTime(room.reference_ms));
}

function handOf(room: Room): string {
  const { by_hand, by_camera, ratio, by_hand_ms } = room;
  if (by_hand === null || by_camera === null || ratio === null) return t.noHand;
  return t.ratio(by_hand, by_camera, decimal(ratio, 2), by_hand_ms === null ? "" : dayAndTime(by_hand_ms));
}

function Summary(props: { room: Room }): JSX.Element {
  return (
    <ul class="plain muted">
      <li>
        {t.seats}: {seatsOf(props.room)}
      </li>
      <li>
        {t.reference}: {referenceOf(props.room)}
      </li>
      <li>
        {t.trial}: {handOf(props.room)}
      </li>
    </ul>
  );
}

function SetUp(props: { room: Room; found: (room: Room) => void }): JSX.Element {
  const { room, found } = props;
  const [drawn, draw] = useState<Corner[]>(cornersOf(room));
  const [showsTrial, showTrial] = useState(false);
  const [busy, hold] = useState("");
  const [told, tell] = useState<{ tone: "good" | "bad"; text: string } | null>(null);
  const [typed, type] = useState("");
  const trial = room.trial;

  async function act(name: string, body: object, done = ""): Promise<Room | null> {
    hold(name);
    tell(null);
    try {
      const answer = await post<Room>(`/local/room/${name}`, body);
      found(answer);
      if (done) tell({ tone: "good", text: done });
      return answer;
    } catch (caught) {
      tell({ tone: "bad", text: sentenceOf(caught, t.failed) });
      return null;
    } finally {
      hold("");
    }
  }

  async function saveSeats(corners: Corner[]): Promise<void> {
    if (corners.length && corners.length < FEWEST) return tell({ tone: "bad", text: t.tooFew });
    const body = { corners: corners.map(({ x, y }) => [x, y]) };
    const answer = await act("corners", body, t.saved);
    if (answer) draw(cornersOf(answer));
  }

  async function count(name: "trial" | "by-hand", body: object): Promise<void> {
    const answer = await act(name, body);
    showTrial(answer !== null && answer.trial?.count !== null);
    if (answer && name === "by-hand") type("");
  }

  function compare(event: Event): void {
    event.preventDefault();
    const number = numberOf(typed);
    if (!number) return tell({ tone: "bad", text: t.wrong });
    void count("by-hand", { number });
  }

  const saved = same(drawn, cornersOf(room));
  return (
    <div class="setup">
      <div class="stack">
        <RoomPicture
          corners={drawn}
          onCorners={(corners) => draw(corners.slice(0, MOST))}
          trial={
            showsTrial && trial
              ? { boxes: trial.boxes, src: `/local/room/trial.jpg?of=${trial.at_ms}` }
              : null
          }
        />
        <div class="row">
          <p class="muted grow">{t.stays}</p>
          {showsTrial && (
            <button class="button small" onClick={() => showTrial(false)}>
              {t.backToLive}
            </button>
          )}
        </div>
        {trial && <Found trial={trial} ratio={room.ratio} />}
        {told && <Alert tone={told.tone}>{told.text}</Alert>}
      </div>
      <div class="stack steps">
        <Step title={t.seats} state={seatsOf(room)} hint={t.seatsHint}>
          {!saved && <p class="tone-warn">{t.unsaved}</p>}
          <div class="row">
            {drawn.length === 0 ? (
              <button class="button" onClick={() => draw([...START])}>
                {t.begin}
              </button>
            ) : (
              <button
                class="button"
                onClick={() => draw(split(drawn, drawn.length - 1).corners.slice(0, MOST))}
              >
                {t.addCorner}
              </button>
            )}
            <button
              class="button primary"
              disabled={saved || busy !== ""}
              onClick={() => void saveSeats(drawn)}
            >
              {t.saveSeats}
            </button>
            {!saved && (
              <button class="button" onClick={() => draw(cornersOf(room))}>
                {t.undo}
              </button>
            )}
            {room.corners.length > 0 && (
              <button class="button" disabled={busy !== ""} onClick={() => void saveSeats([])}>
                {t.clear}
              </button>
            )}
          </div>
        </Step>
        <Step title={t.reference} state={referenceOf(room)} hint={t.referenceHint}>
          <div class="row">
            <button class="button" disabled={busy !== ""} onClick={() => void act("reference", {}, t.saved)}>
              {room.reference_ms === null ? t.take : t.takeAgain}
            </button>
            {room.reference_ms !== null && (
              <button
                class="button"
                disabled={busy !== ""}
                onClick={() => void act("reference", { forget: true }, t.saved)}
              >
                {t.forget}
              </button>
            )}
          </div>
        </Step>
        <Step title={t.trial} state={handOf(room)} hint={t.trialHint}>
          <button class="button" disabled={busy !== ""} onClick={() => void count("trial", {})}>
            {busy === "trial" || busy === "by-hand" ? t.counting : t.count}
          </button>
          <form class="row" onSubmit={compare}>
            <label class="field grow">
              <span>{t.byHand}</span>
              <input
                class="num"
                inputMode="numeric"
                autocomplete="off"
                maxLength={6}
                value={typed}
                onInput={(event) => type(event.currentTarget.value)}
              />
            </label>
            <button class="button" disabled={busy !== "" || typed === ""}>
              {t.compare}
            </button>
          </form>
        </Step>
      </div>
    </div>
  );
}

function Step(props: {
  title: string;
  state: string;
  hint: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <section class="stack step">
      <h3>{props.title}</h3>
      <p class="now">{props.state}</p>
      <p class="muted">{props.hint}</p>
      {props.children}
    </section>
  );
}

function Found(props: { trial: Trial; ratio: number | null }): JSX.Element {
  const { trial, ratio } = props;
  if (trial.count === null) return <Alert tone="bad">{worded(reasons, trial.reason)}</Alert>;
  const still = trial.boxes.filter((box) => box.still).length;
  const seconds = decimal(trial.ms / 1000);
  return (
    <div class="stack">
      <p class="found num">
        <strong>{t.found(trial.count)}</strong>{" "}
        <span class="muted">
          {t.quality(Math.round(trial.quality * 100), trial.minimum, trial.maximum, seconds)}
        </span>
      </p>
      {ratio !== null && <p class="muted">{t.byRatio(Math.round(trial.count * ratio))}</p>}
      {still > 0 && <Alert tone="warn">{t.still(still)}</Alert>}
    </div>
  );
}
