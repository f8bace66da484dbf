import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAsked } from "../../shared/asked";
import { day, timeOfDay } from "../../shared/format";
import { worded } from "../../shared/i18n";
import { Alert, Chip, type Tone } from "../../shared/parts";
import { countReasons } from "../../wall/words";
import { Beside } from "../counted";
import { t } from "../words";
import {
  besideSaid,
  type Declared,
  listed,
  type Order,
  type Roll,
  type Room,
  type RoomState,
  type Show,
  type Sums,
  type Wish,
} from "./model";
import { OneRoom } from "./room";
import { orders, shows, states, w } from "./words";

export const TONES: Record<RoomState, Tone> = {
  waiting: "idle",
  silent: "lost",
  agreed: "good",
  asked: "bad",
  explained: "warn",
  corrected: "minor",
};
const ICONS: Record<RoomState, string> = {
  waiting: "…",
  silent: "∅",
  agreed: "✓",
  asked: "≠",
  explained: "≈",
  corrected: "✎",
};

export function StateChip({ state }: { state: RoomState }): JSX.Element {
  return (
    <Chip tone={TONES[state]} icon={ICONS[state]}>
      {worded(states, state)}
    </Chip>
  );
}

/** The four numbers of every room in a roll call: what differs most on top. */
export function FourNumbers({ call, session }: { call: string; session: string }): JSX.Element {
  const path = `/api/v1/roll-calls/${call}`;
  const asked = useAsked<Roll>(`${path}/numbers`, 3000);
  const [wish, set] = useState<Wish>({ order: "difference", show: "all", district: "", search: "" });
  const [open, show] = useState<string | null>(null);
  const roll = asked.value;
  if (!roll) return asked.fault ? <Alert tone="bad">{asked.fault}</Alert> : <p class="muted">{t.loading}</p>;
  const rooms = listed(roll.rooms, wish);
  const one = roll.rooms.find(({ site }) => site === open);
  return (
    <>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      <Totals roll={roll} onOpen={() => set({ ...wish, show: "open", district: "" })} />
      <Districts
        sums={roll.districts}
        chosen={wish.district}
        onChoose={(district) => set({ ...wish, district })}
      />
      <Wishes wish={wish} path={path} shown={rooms.length} onWish={set} />
      <Table rooms={rooms} roll={roll} onOpen={show} />
      {one && (
        <OneRoom
          roll={roll}
          room={one}
          session={session}
          onClose={() => show(null)}
          onChanged={asked.again}
        />
      )}
    </>
  );
}

function Totals({ roll, onOpen }: { roll: Roll; onOpen: () => void }): JSX.Element {
  const { total } = roll;
  const tiles: [string, number][] = [
    [w.expected, total.expected],
    [w.camera, total.camera],
    [w.declared, total.declared],
    [w.signedIn, total.signed_in],
    [w.stands, total.number],
  ];
  return (
    <section class="four">
      {tiles.map(([word, value]) => (
        <div key={word} class="card figure">
          <span class="muted">{word}</span>
          <b class="num">{value}</b>
        </div>
      ))}
      <button class={`card figure ${total.open ? "differs" : ""}`} onClick={onOpen}>
        <span class="muted">{w.tolerance(roll.tolerance)}</span>
        <b>{total.open ? w.open(total.open) : w.noneOpen}</b>
      </button>
    </section>
  );
}

function Districts(props: { sums: Sums[]; chosen: string; onChoose: (name: string) => void }): JSX.Element {
  return (
    <details class="card">
      <summary>
        <b>{w.district}</b> <span class="muted">{props.chosen || w.all}</span>
      </summary>
      <div class="scroll-x" tabIndex={0}>
        <table class="tight">
          <thead>
            <tr>
              <th>{w.district}</th>
              <th class="num">{t.site}</th>
              <th class="num">{w.expected}</th>
              <th class="num">{w.camera}</th>
              <th class="num">{w.declared}</th>
              <th class="num">{w.signedIn}</th>
              <th class="num">{w.stands}</th>
              <th class="num">{w.difference}</th>
            </tr>
          </thead>
          <tbody>
            {props.sums.map((sum) => (
              <tr key={sum.name}>
                <td>
                  <button
                    class="button small"
                    aria-pressed={sum.name === props.chosen}
                    onClick={() => props.onChoose(sum.name === props.chosen ? "" : sum.name)}
                  >
                    {sum.name}
                  </button>
                </td>
                <td class="num">
                  {sum.answered}/{sum.sites}
                </td>
                <td class="num">{sum.expected}</td>
                <td class="num">{sum.camera}</td>
                <td class="num">{sum.declared}</td>
                <td class="num">{sum.signed_in}</td>
                <td class="num">
                  <b>{sum.number}</b>
                </td>
                <td class={`num ${sum.open ? "tone-bad" : ""}`}>{sum.open || ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

interface WishesProps {
  wish: Wish;
  path: string;
  shown: number;
  onWish: (wish: Wish) => void;
}

function Wishes({ wish, path, shown, onWish }: WishesProps): JSX.Element {
  return (
    <div class="row noprint wishes">
      <input
        class="short"
        type="search"
        placeholder={w.search}
        aria-label={w.search}
        value={wish.search}
        onInput={(e) => onWish({ ...wish, search: e.currentTarget.value })}
      />
      <select
        aria-label={w.show}
        value={wish.show}
        onChange={(e) => onWish({ ...wish, show: e.currentTarget.value as Show })}
      >
        {(["all", "open", "unanswered", "late", "corrected"] as const).map((each) => (
          <option key={each} value={each}>
            {shows[each]}
          </option>
        ))}
      </select>
      <select
        aria-label={w.order}
        value={wish.order}
        onChange={(e) => onWish({ ...wish, order: e.currentTarget.value as Order })}
      >
        {(["difference", "district", "code"] as const).map((each) => (
          <option key={each} value={each}>
            {orders[each]}
          </option>
        ))}
      </select>
      <span class="muted num grow">{w.rooms(shown)}</span>
      <a class="button small" href={`${path}/numbers.xlsx`} download>
        XLSX
      </a>
      <a class="button small" href={`${path}/numbers.csv`} download>
        CSV
      </a>
    </div>
  );
}

function Table(props: { rooms: Room[]; roll: Roll; onOpen: (site: string) => void }): JSX.Element {
  if (props.rooms.length === 0) return <p class="muted">{w.empty}</p>;
  return (
    <div class="scroll-x" tabIndex={0}>
      <table class="numbers">
        <thead>
          <tr>
            <th>{t.site}</th>
            <th class="num">{w.expected}</th>
            <th class="num">{w.camera}</th>
            <th class="num">{w.declared}</th>
            <th class="num">{w.signedIn}</th>
            <th class="num">{w.difference}</th>
            <th>{t.state}</th>
            <th class="num">{w.stands}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {props.rooms.map((room) => (
            <Line key={room.site} room={room} onOpen={() => props.onOpen(room.site)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function givenBy(one: Declared): string {
  if (one.signed_by) return w.signedBy(one.signed_by);
  return one.by === "site" ? w.bySite : w.byPhone;
}

function Line({ room, onOpen }: { room: Room; onOpen: () => void }): JSX.Element {
  const { said } = room;
  const beside = besideSaid(room);
  const open = room.state === "asked" || room.state === "explained";
  return (
    <tr class={open ? "differs" : ""}>
      <td>
        <b class="num">{room.code}</b> {room.name}
        <small class="muted block">
          {room.district}
          {said?.word && <span class="word"> — “{said.word}”</span>}
        </small>
      </td>
      <td class="num big">{room.expected || "–"}</td>
      <td class="num">
        <Camera room={room} />
      </td>
      <td class="num">
        {said ? <b class="big">{said.number}</b> : "–"}
        {said && <small class="muted block">{givenBy(said)}</small>}
        {beside && (
          <small class="muted block">
            {beside.number} {givenBy(beside)}
          </small>
        )}
      </td>
      <td class="num">
        <SignedIn room={room} />
      </td>
      <td class={`num big ${open ? "tone-bad" : ""}`}>{room.difference || ""}</td>
      <td>
        <StateChip state={room.state} />
      </td>
      <td class="num">
        <b class="big">{room.number ?? "–"}</b>
      </td>
      <td>
        <button class="button small" aria-label={`${w.edit} ${room.code}`} onClick={onOpen}>
          {w.edit}
        </button>
      </td>
    </tr>
  );
}

/** How many signed in, and where that comes from. */
export function SignedIn({ room }: { room: Room }): JSX.Element {
  if (room.signed_in === null || room.signed_in_from === "") return <>–</>;
  const told = room.signed_in_told_ms === null ? "" : timeOfDay(room.signed_in_told_ms);
  const from = { roster: w.roster, list: w.list(told), exam: w.exam };
  return (
    <>
      <b class="big">{room.signed_in}</b>
      <small class="muted block">{from[room.signed_in_from]}</small>
    </>
  );
}

/** What the camera counted, or why it could not. */
export function Camera({ room }: { room: Room }): JSX.Element {
  if (room.received_ms === null) return <span class="muted">–</span>;
  const late = room.late && room.moment_ms !== null && (
    <small class="tone-warn block">{w.countedLate(timeOfDay(room.moment_ms))}</small>
  );
  if (room.camera === null) {
    return (
      <>
        <span class="tone-warn">{worded(countReasons, room.reason) || "–"}</span>
        {late}
      </>
    );
  }
  return (
    <>
      <b class="big">{room.camera}</b>
      <Beside counted={room} />
      {late}
      {!room.verified && <small class="tone-bad block">{w.unverified}</small>}
    </>
  );
}

export function keptUntil(roll: Roll): string {
  return w.keepUntil(day(roll.keep_until_ms));
}
