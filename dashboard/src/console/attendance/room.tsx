import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../../shared/api";
import { useAsked, useDoing } from "../../shared/asked";
import { dayAndTime, timeOfDay } from "../../shared/format";
import { dictionary } from "../../shared/i18n";
import { Alert, Field, Modal } from "../../shared/parts";
import { Phone } from "../../shared/phone";
import { can } from "../../shared/signed";
import type { Roll, Room } from "./model";
import { Camera, SignedIn, StateChip } from "./numbers";
import { w } from "./words";

const v = dictionary({
  correct: { vi: "Sửa số chốt", en: "Correct what stands" },
  number: { vi: "Số người", en: "People" },
  why: { vi: "Vì sao", en: "Why" },
  whyHint: {
    vi: "Ai cũng đọc được về sau, ví dụ: đếm lại trên ảnh, 2 người sau cột.",
    en: "Everybody can read it later, e.g. counted again on the picture, 2 behind a pillar.",
  },
  keep: { vi: "Ghi số mới", en: "Keep the new number" },
  phone: { vi: "Điểm cầu nói qua điện thoại", en: "What the site says on the telephone" },
  enter: { vi: "Ghi số khai báo", en: "Enter the number" },
  history: { vi: "Các số đã ghi", en: "What was given" },
  before: { vi: (n: string) => `trước đó ${n}`, en: (n: string) => `before: ${n}` },
  by: {
    vi: (who: string, at: string) => `${who}, ${at}`,
    en: (who: string, at: string) => `${who}, ${at}`,
  },
  site: { vi: "điểm cầu", en: "the site" },
  centre: { vi: "trung tâm ghi", en: "entered at the centre" },
  roster: { vi: "Danh sách học viên", en: "Roster" },
  rosterHint: { vi: "Đánh dấu người có mặt", en: "Tick who is there" },
  noRoster: { vi: "Điểm cầu này chưa có danh sách học viên.", en: "This site has no roster." },
  save: { vi: (n: number) => `Lưu: ${n} người có mặt`, en: (n: number) => `Save: ${n} present` },
  moment: { vi: "Đếm lúc", en: "Counted at" },
  received: { vi: "Nhận lúc", en: "Received at" },
});

interface Props {
  roll: Roll;
  room: Room;
  session: string;
  onClose: () => void;
  onChanged: () => void;
}

/** One room of a roll call: everything that was given, and what a person at the centre may add. */
export function OneRoom(props: Props): JSX.Element {
  const { room, roll } = props;
  return (
    <Modal title={`${room.code} · ${room.name}`} wide onClose={props.onClose}>
      <div class="row">
        <StateChip state={room.state} />
        <span class="muted">
          {room.district} · {room.contact}
        </span>
        <Phone site={room.site} phone={room.phone} class="button small num">
          ☎ {room.phone}
        </Phone>
      </div>
      <dl class="facts">
        <div>
          <dt>{w.expected}</dt>
          <dd class="num">{room.expected}</dd>
        </div>
        <div>
          <dt>{w.camera}</dt>
          <dd class="num">
            <Camera room={room} />
          </dd>
        </div>
        <div>
          <dt>{w.declared}</dt>
          <dd class="num">{room.said?.number ?? "–"}</dd>
        </div>
        <div>
          <dt>{w.signedIn}</dt>
          <dd class="num">
            <SignedIn room={room} />
          </dd>
        </div>
        <div>
          <dt>{w.stands}</dt>
          <dd class="num">{room.number ?? "–"}</dd>
        </div>
      </dl>
      {room.moment_ms !== null && room.received_ms !== null && (
        <p class="muted num">
          {v.moment} {timeOfDay(room.moment_ms, true)} · {v.received} {timeOfDay(room.received_ms, true)}
        </p>
      )}
      <Given room={room} />
      <div class="columns top">
        {can("rollcall.correct") && <Correct roll={roll} room={room} onDone={props.onChanged} />}
        {can("rollcall.order") && <ByPhone roll={roll} room={room} onDone={props.onChanged} />}
      </div>
      {can("rollcall.correct") && (
        <Roster session={props.session} site={room.site} onDone={props.onChanged} />
      )}
    </Modal>
  );
}

function Given({ room }: { room: Room }): JSX.Element | null {
  if (room.declared.length + room.corrections.length === 0) return null;
  return (
    <section>
      <h3>{v.history}</h3>
      <ul class="given">
        {room.declared.map((one) => (
          <li key={`${one.at_ms}-${one.number}`}>
            <b class="num">{one.number}</b> {w.declared}:{" "}
            {one.signed_by ? w.signedBy(one.signed_by) : one.by === "site" ? v.site : v.centre}
            {one.listed !== null && <span class="num"> · {w.listed(one.listed)}</span>}{" "}
            <span class="muted num">{dayAndTime(one.at_ms, true)}</span>
            {one.word && <q>{one.word}</q>}
          </li>
        ))}
        {room.corrections.map((one) => (
          <li key={one.at_ms}>
            <b class="num">{one.number}</b> {v.before(String(one.before ?? "–"))}: <q>{one.why}</q>{" "}
            <span class="muted num">{v.by(one.who, dayAndTime(one.at_ms, true))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Correct(props: { roll: Roll; room: Room; onDone: () => void }): JSX.Element {
  const [number, type] = useState("");
  const [why, say] = useState("");
  const { busy, fault, run } = useDoing();
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      const path = `/api/v1/roll-calls/${props.roll.id}/sites/${props.room.site}/corrections`;
      await api.post(path, { number: Number(number), why });
      type("");
      say("");
      props.onDone();
    });
  };
  return (
    <form class="stack" onSubmit={submit}>
      <h3>{v.correct}</h3>
      <Field label={v.number}>
        <input type="number" min={0} required value={number} onInput={(e) => type(e.currentTarget.value)} />
      </Field>
      <Field label={v.why} hint={v.whyHint}>
        <input required maxLength={500} value={why} onInput={(e) => say(e.currentTarget.value)} />
      </Field>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <button class="button primary" disabled={busy}>
        {v.keep}
      </button>
    </form>
  );
}

function ByPhone(props: { roll: Roll; room: Room; onDone: () => void }): JSX.Element {
  const [number, type] = useState("");
  const { busy, fault, run } = useDoing();
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      const path = `/api/v1/roll-calls/${props.roll.id}/sites/${props.room.site}/declared`;
      await api.post(path, { number: Number(number) });
      type("");
      props.onDone();
    });
  };
  return (
    <form class="stack" onSubmit={submit}>
      <h3>{v.phone}</h3>
      <Field label={v.number}>
        <input type="number" min={0} required value={number} onInput={(e) => type(e.currentTarget.value)} />
      </Field>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <button class="button" disabled={busy}>
        {v.enter}
      </button>
    </form>
  );
}

interface Named {
  number: string;
  name: string;
  present: boolean | null;
}

function Roster(props: { session: string; site: string; onDone: () => void }): JSX.Element {
  const [shown, show] = useState(false);
  const path = `/api/v1/sessions/${props.session}/sites/${props.site}/roster`;
  const asked = useAsked<Named[]>(shown ? path : null);
  const [ticks, tick] = useState<Record<string, boolean>>({});
  const { busy, fault, run } = useDoing();
  const people = asked.value ?? [];
  const present = ({ number, present: was }: Named): boolean => ticks[number] ?? was ?? false;
  const save = (): Promise<boolean> =>
    run(async () => {
      await api.put(path, { ticks: Object.fromEntries(people.map((one) => [one.number, present(one)])) });
      asked.again();
      tick({});
      props.onDone();
    });
  return (
    <details onToggle={(e) => show(e.currentTarget.open)}>
      <summary>
        <b>{v.roster}</b> <span class="muted">{v.rosterHint}</span>
      </summary>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {asked.value?.length === 0 && <p class="muted">{v.noRoster}</p>}
      <div class="roster">
        {people.map((one) => (
          <label key={one.number} class="row tight">
            <input
              type="checkbox"
              checked={present(one)}
              onChange={(e) => tick({ ...ticks, [one.number]: e.currentTarget.checked })}
            />
            <span class="num muted">{one.number}</span> {one.name}
          </label>
        ))}
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {people.length > 0 && (
        <button class="button primary" disabled={busy} onClick={save}>
          {v.save(people.filter(present).length)}
        </button>
      )}
    </details>
  );
}
