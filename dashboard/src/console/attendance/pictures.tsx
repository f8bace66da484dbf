import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../../shared/api";
import { useAsked, useDoing } from "../../shared/asked";
import { focused } from "../../shared/focus";
import { timeOfDay } from "../../shared/format";
import { dictionary, worded } from "../../shared/i18n";
import { Alert, Bar, Chip, type Tone } from "../../shared/parts";
import { Beside } from "../counted";
import { policies } from "../roomrule";
import { t } from "../words";
import { nextOpen, type Roll, type Room, withPictures } from "./model";
import { keptUntil, StateChip } from "./numbers";
import { usePicture } from "./picture";
import { w } from "./words";

const v = dictionary({
  none: {
    vi: "Lần điểm danh này không có ảnh nào (chưa tới, đã xóa, hoặc quy định chỉ cho số đếm).",
    en: "This roll call has no picture (not yet, erased, or the rule allows the count alone).",
  },
  progress: {
    vi: (n: number, of: number) => `Đã xem xong ${n}/${of}`,
    en: (n: number, of: number) => `${n}/${of} judged`,
  },
  place: {
    vi: (n: number, of: number) => `Ảnh ${n}/${of}`,
    en: (n: number, of: number) => `Picture ${n}/${of}`,
  },
  previous: { vi: "Trước", en: "Previous" },
  next: { vi: "Sau", en: "Next" },
  accept: { vi: "Đúng số", en: "Number is right" },
  correct: { vi: "Sửa số", en: "Correct" },
  unusable: { vi: "Ảnh không dùng được", en: "Unusable" },
  note: { vi: "Ghi chú", en: "Note" },
  keep: { vi: "Lưu", en: "Save" },
  number: { vi: "Số người thấy trên ảnh", en: "People in the picture" },
  why: { vi: "Lý do (bắt buộc khi sửa số)", en: "Reason (needed to correct)" },
  rule: { vi: (policy: string) => `Quy định: ${policy}`, en: (policy: string) => `Rule: ${policy}` },
  audited: {
    vi: "Mỗi lần xem ảnh được ghi vào nhật ký.",
    en: "Each look at a picture is in the audit trail.",
  },
  alt: { vi: (name: string) => `Ảnh phòng học ${name}`, en: (name: string) => `Picture of the room ${name}` },
  opening: { vi: "Đang mở ảnh…", en: "Opening the picture…" },
});

const verdicts = dictionary({
  accepted: { vi: "Đã xem: đúng", en: "Judged: right" },
  corrected: { vi: "Đã xem: sửa số", en: "Judged: corrected" },
  unusable: { vi: "Đã xem: không dùng được", en: "Judged: unusable" },
});
const TONES: Record<string, Tone> = { accepted: "good", corrected: "minor", unusable: "warn" };

interface Review {
  site: string;
  verdict: "accepted" | "corrected" | "unusable";
  note: string;
  at_ms: number;
  who: string;
}

interface Said {
  reviews: Review[];
}

/** Pictures of a roll call one after another, for two hands on a keyboard. */
export function Pictures({ call }: { call: string }): JSX.Element {
  const roll = useAsked<Roll>(`/api/v1/roll-calls/${call}/numbers`, 10_000);
  const said = useAsked<Said>(`/api/v1/roll-calls/${call}/pictures`, 10_000);
  // The order of the first answer stands: a list that moves under the hand is worse than an old one.
  const queue = useRef<string[]>([]);
  if (!roll.value || !said.value) {
    const fault = roll.fault || said.fault;
    return fault ? <Alert tone="bad">{fault}</Alert> : <p class="muted">{t.loading}</p>;
  }
  const found = withPictures(roll.value.rooms);
  const known = new Map(found.map((room) => [room.site, room]));
  queue.current = [
    ...queue.current.filter((site) => known.has(site)),
    ...found.map(({ site }) => site).filter((site) => !queue.current.includes(site)),
  ];
  const rooms = queue.current.flatMap((site) => known.get(site) ?? []);
  if (rooms.length === 0) return <p class="muted">{v.none}</p>;
  return (
    <Through
      roll={roll.value}
      rooms={rooms}
      reviews={new Map(said.value.reviews.map((review) => [review.site, review]))}
      onJudged={() => {
        said.again();
        roll.again();
      }}
    />
  );
}

interface ThroughProps {
  roll: Roll;
  rooms: Room[];
  reviews: Map<string, Review>;
  onJudged: () => void;
}

type Writing = "corrected" | "accepted" | null;

function Through({ roll, rooms, reviews, onJudged }: ThroughProps): JSX.Element | null {
  const judged = (place: number): boolean => reviews.has(rooms[place]?.site ?? "");
  const [chosen, go] = useState(() =>
    Math.max(
      0,
      rooms.findIndex((room) => !reviews.has(room.site)),
    ),
  );
  const [writing, write] = useState<Writing>(null);
  const { busy, fault, run } = useDoing();
  const at = Math.min(chosen, rooms.length - 1);
  const room = rooms[at];
  const move = (step: number): void => {
    write(null);
    go(Math.min(rooms.length - 1, Math.max(0, at + step)));
  };
  const judge = (verdict: Review["verdict"], note = "", number: number | null = null): void => {
    if (!room || busy) return;
    void run(async () => {
      await api.post(`/api/v1/roll-calls/${roll.id}/sites/${room.site}/review`, { verdict, note, number });
      write(null);
      onJudged();
      go(nextOpen(rooms.length, at, (place) => place === at || judged(place)));
    });
  };
  const keys: Record<string, () => void> = {
    ArrowRight: () => move(1),
    ArrowLeft: () => move(-1),
    Enter: () => judge("accepted"),
    s: () => write("corrected"),
    g: () => write("accepted"),
    x: () => judge("unusable"),
  };
  useKeys(keys, writing !== null, () => write(null));
  const picture = usePicture(roll.id, room?.site ?? "", rooms[at + 1]?.site ?? "");
  if (!room) return null;
  const review = reviews.get(room.site);
  return (
    <div class="through">
      <figure class="card">
        {picture.fault && <Alert tone="bad">{picture.fault}</Alert>}
        {picture.url ? <img src={picture.url} alt={v.alt(room.name)} /> : <p class="muted">{v.opening}</p>}
        <figcaption class="muted">
          {v.rule(worded(policies, roll.policy))} · {keptUntil(roll)} · {v.audited}
        </figcaption>
      </figure>
      <aside class="stack">
        <div class="row">
          <b class="num grow">{v.place(at + 1, rooms.length)}</b>
          <Chip tone={review ? (TONES[review.verdict] ?? "idle") : "idle"}>
            {review ? worded(verdicts, review.verdict) : "—"}
          </Chip>
        </div>
        <Bar share={reviews.size / rooms.length} label={v.progress(reviews.size, rooms.length)} />
        <small class="muted num">{v.progress(reviews.size, rooms.length)}</small>
        <div>
          <h2>{room.name}</h2>
          <p class="muted">
            <span class="num">{room.code}</span> · {room.district}
          </p>
        </div>
        <Figures room={room} />
        {review?.note && (
          <p>
            <q>{review.note}</q>{" "}
            <span class="muted num">
              {review.who}, {timeOfDay(review.at_ms)}
            </span>
          </p>
        )}
        {fault && <Alert tone="bad">{fault}</Alert>}
        {writing ? (
          <Write key={room.site} room={room} correcting={writing === "corrected"} busy={busy} onSay={judge} />
        ) : (
          <div class="deeds">
            <Deed mark="↵" word={v.accept} class="primary" busy={busy} deed={() => judge("accepted")} />
            <Deed mark="S" word={v.correct} busy={busy} deed={() => write("corrected")} />
            <Deed mark="G" word={v.note} busy={busy} deed={() => write("accepted")} />
            <Deed mark="X" word={v.unusable} busy={busy} deed={() => judge("unusable")} />
            <Deed mark="←" word={v.previous} busy={at === 0} deed={() => move(-1)} />
            <Deed mark="→" word={v.next} busy={at === rooms.length - 1} deed={() => move(1)} />
          </div>
        )}
      </aside>
    </div>
  );
}

function Figures({ room }: { room: Room }): JSX.Element {
  return (
    <>
      <dl class="facts small-facts">
        <div>
          <dt>{w.expected}</dt>
          <dd class="num">{room.expected || "–"}</dd>
        </div>
        <div>
          <dt>{w.camera}</dt>
          <dd class="num">
            {room.camera ?? "–"}
            {room.camera !== null && <Beside counted={room} />}
          </dd>
        </div>
        <div>
          <dt>{w.declared}</dt>
          <dd class="num">{room.said?.number ?? "–"}</dd>
        </div>
        <div>
          <dt>{w.stands}</dt>
          <dd class="num">{room.number ?? "–"}</dd>
        </div>
      </dl>
      <div class="row">
        <StateChip state={room.state} />
        {room.late && room.moment_ms !== null && (
          <span class="tone-warn">{w.countedLate(timeOfDay(room.moment_ms))}</span>
        )}
      </div>
    </>
  );
}

interface DeedProps {
  mark: string;
  word: string;
  class?: string;
  busy: boolean;
  deed: () => void;
}

function Deed(props: DeedProps): JSX.Element {
  return (
    <button class={`button ${props.class ?? ""}`} disabled={props.busy} onClick={props.deed}>
      <kbd aria-hidden="true">{props.mark}</kbd> {props.word}
    </button>
  );
}

interface WriteProps {
  room: Room;
  correcting: boolean;
  busy: boolean;
  onSay: (verdict: Review["verdict"], note: string, number: number | null) => void;
}

function Write({ room, correcting, busy, onSay }: WriteProps): JSX.Element {
  const [number, type] = useState(String(room.number ?? ""));
  const [note, say] = useState("");
  const submit = (event: Event): void => {
    event.preventDefault();
    onSay(correcting ? "corrected" : "accepted", note, correcting ? Number(number) : null);
  };
  return (
    <form class="stack" onSubmit={submit}>
      {correcting && (
        <label class="field">
          <span>{v.number}</span>
          <input
            type="number"
            min={0}
            required
            ref={focused}
            value={number}
            onInput={(e) => type(e.currentTarget.value)}
          />
        </label>
      )}
      <label class="field">
        <span>{correcting ? v.why : v.note}</span>
        <input
          required={correcting}
          ref={correcting ? null : focused}
          maxLength={500}
          value={note}
          onInput={(e) => say(e.currentTarget.value)}
        />
      </label>
      <button class="button primary" disabled={busy}>
        {v.keep}
      </button>
    </form>
  );
}

/** Keys of the page; while somebody writes, Escape alone. */
function useKeys(keys: Record<string, () => void>, writing: boolean, leave: () => void): void {
  const now = useRef({ keys, writing, leave });
  now.current = { keys, writing, leave };
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const { keys, writing, leave } = now.current;
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (writing) {
        if (event.key === "Escape") leave();
        return;
      }
      const on = event.target instanceof HTMLElement ? event.target.tagName : "";
      if (
        ["INPUT", "SELECT", "TEXTAREA"].includes(on) ||
        (event.key === "Enter" && ["BUTTON", "A"].includes(on))
      ) {
        return;
      }
      const deed = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!deed) return;
      event.preventDefault();
      deed();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}
