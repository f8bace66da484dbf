import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { focused } from "../shared/focus";
import { dayAndTime, timeOfDay } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Alert, Bar } from "../shared/parts";
import type { Session } from "../shared/session";
import { can } from "../shared/signed";
import { countReasons } from "../wall/words";
import { Beside } from "./counted";
import { type RollCall, type RoomCount, totalsOf } from "./rolltable";
import { t } from "./words";

const w = dictionary({
  title: { vi: "Điểm danh", en: "Roll calls" },
  order: { vi: "Điểm danh ngay", en: "Roll call now" },
  more: { vi: "Bốn con số, kế hoạch, ảnh", en: "Four numbers, plan, pictures" },
  none: { vi: "Chưa điểm danh lần nào.", en: "No roll call yet." },
  at: { vi: (time: string) => `Lúc ${time}`, en: (time: string) => `At ${time}` },
  back: {
    vi: (n: number, of: number) => `${n}/${of} phòng đã trả lời`,
    en: (n: number, of: number) => `${n}/${of} rooms answered`,
  },
  expected: { vi: "Dự kiến", en: "Expected" },
  counted: { vi: "Camera đếm", en: "Counted" },
  declared: { vi: "Khai báo", en: "Declared" },
  received: { vi: "Nhận lúc", en: "Received" },
  total: { vi: "Tổng", en: "Total" },
  waiting: { vi: "đang chờ…", en: "waiting…" },
  silent: { vi: "không trả lời", en: "no answer" },
  signedBy: { vi: (who: string) => `${who} ký`, en: (who: string) => `signed by ${who}` },
  beside: { vi: (n: number) => `sau đó ${n}, chưa ký`, en: (n: number) => `then ${n}, unsigned` },
  unverified: {
    vi: "không khớp chữ ký của phòng, không tính",
    en: "not what the room signed: does not count",
  },
  enter: { vi: "Ghi số", en: "Enter" },
  byPhone: { vi: "Ghi số theo điện thoại", en: "Enter a number by telephone" },
});

export function RollCalls({ session }: { session: Session }): JSX.Element {
  const path = `/api/v1/sessions/${session.id}/roll-calls`;
  const asked = useAsked<RollCall[]>(path, 2000);
  const [chosen, choose] = useState<string | null>(null);
  const { busy, fault, run } = useDoing();
  const newest = [...(asked.value ?? [])].sort((a, b) => b.at_ms - a.at_ms);
  const call = newest.find(({ id }) => id === chosen) ?? newest[0];
  const order = (): Promise<boolean> =>
    run(async () => {
      choose(null);
      await api.post(path, {});
      asked.again();
    });
  const names = new Map(session.rooms.map(({ site, name }) => [site, name]));
  const running = session.state === "live" || session.state === "break" || session.state === "lobby";
  return (
    <section class="card stack">
      <div class="row">
        <h2 class="grow">{w.title}</h2>
        {newest.length > 1 && (
          <select class="short" value={call?.id ?? ""} onChange={(e) => choose(e.currentTarget.value)}>
            {newest.map(({ id, at_ms }) => (
              <option key={id} value={id}>
                {dayAndTime(at_ms, true)}
              </option>
            ))}
          </select>
        )}
        <a class="button" href={`#attendance/${session.id}`}>
          {w.more}
        </a>
        {can("rollcall.order") && running && (
          <button class="button primary" disabled={busy} onClick={order}>
            {w.order}
          </button>
        )}
      </div>
      {(fault || asked.fault) && <Alert tone="bad">{fault || asked.fault}</Alert>}
      {call ? <Counts call={call} names={names} onDeclared={asked.again} /> : <p class="muted">{w.none}</p>}
    </section>
  );
}

interface CountsProps {
  call: RollCall;
  names: ReadonlyMap<string, string>;
  onDeclared: () => void;
}

function Counts({ call, names, onDeclared }: CountsProps): JSX.Element {
  const back = call.sites.filter(({ received_ms }) => received_ms !== null).length;
  const total = totalsOf(call.sites);
  return (
    <>
      <div class="row num">
        {w.at(dayAndTime(call.at_ms, true))} · {w.back(back, call.sites.length)}
        <span class="grow">
          <Bar share={back / Math.max(1, call.sites.length)} label={w.back(back, call.sites.length)} />
        </span>
      </div>
      <div class="scroll-x" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th>{t.site}</th>
              <th class="num">{w.expected}</th>
              <th class="num">{w.counted}</th>
              <th class="num">{w.declared}</th>
              <th class="num">{w.received}</th>
            </tr>
          </thead>
          <tbody>
            <tr class="total">
              <td>{w.total}</td>
              <td class="num">{total.expected}</td>
              <td class="num">{total.counted}</td>
              <td class="num">{total.declared}</td>
              <td />
            </tr>
            {call.sites.map((room) => (
              <tr key={room.site}>
                <td>
                  <span class="num">{room.code}</span> <span class="muted">{names.get(room.site)}</span>
                </td>
                <td class="num">{room.expected}</td>
                <td class="num">
                  <Count room={room} awaited={call.state === "waiting"} />
                </td>
                <td class="num">
                  <Declared call={call.id} room={room} onDone={onDeclared} />
                  {room.signed_by && <small class="muted block">{w.signedBy(room.signed_by)}</small>}
                  {room.beside !== null && <small class="muted block">{w.beside(room.beside)}</small>}
                </td>
                <td class="num muted">
                  {room.received_ms === null ? "" : timeOfDay(room.received_ms, true)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Count({ room, awaited }: { room: RoomCount; awaited: boolean }): JSX.Element {
  if (room.received_ms === null) {
    if (awaited) return <span class="muted">{w.waiting}</span>;
    return room.declared === null ? <span class="tone-warn">{w.silent}</span> : <>–</>;
  }
  if (room.count === null) return <span class="tone-warn">{worded(countReasons, room.reason) || "–"}</span>;
  return (
    <>
      <b>{room.count}</b>
      <Beside counted={room} />
      {!room.verified && <small class="tone-bad"> {w.unverified}</small>}
    </>
  );
}

/** The number that a room declared; whoever conducts may enter what was said on the telephone. */
function Declared(props: { call: string; room: RoomCount; onDone: () => void }): JSX.Element {
  const { call, room, onDone } = props;
  const [typed, type] = useState<string | null>(null);
  const { busy, fault, run } = useDoing();
  if (!can("rollcall.order")) return <>{room.declared ?? "–"}</>;
  if (typed === null) {
    return (
      <button class="button small" title={w.byPhone} onClick={() => type(String(room.declared ?? ""))}>
        {room.declared ?? w.enter}
      </button>
    );
  }
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      await api.post(`/api/v1/roll-calls/${call}/sites/${room.site}/declared`, { number: Number(typed) });
      type(null);
      onDone();
    });
  };
  return (
    <form class="row tight" onSubmit={submit}>
      <input
        class="tiny num"
        type="number"
        min={0}
        required
        ref={focused}
        value={typed}
        onInput={(e) => type(e.currentTarget.value)}
      />
      <button class="button small" disabled={busy}>
        ✓
      </button>
      {fault && <small class="tone-bad">{fault}</small>}
    </form>
  );
}
