import "./calling.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "./api";
import { useAsked, useDoing } from "./asked";
import {
  type Claim,
  type Duty,
  type Entry,
  entryKinds,
  type Matter,
  matterTone,
  type Outcome,
  outcomes,
  overdue,
} from "./duty";
import { clockLength, dayAndTime, timeOfDay } from "./format";
import { dictionary, worded } from "./i18n";
import { Icon } from "./icons";
import { Alert, Field } from "./parts";
import { can, me } from "./signed";

const w = dictionary({
  noContact: { vi: "chưa ghi người phụ trách", en: "no contact given" },
  noPhone: { vi: "chưa có số điện thoại", en: "no telephone number" },
  take: { vi: "Nhận gọi", en: "I call them" },
  mine: { vi: "Bạn đang gọi", en: "You are calling" },
  theirs: { vi: (name: string) => `${name} đang gọi`, en: (name: string) => `${name} is calling` },
  left: { vi: (time: string) => `còn ${time}`, en: (time: string) => `${time} left` },
  longer: { vi: "Thêm 10 phút", en: "10 more minutes" },
  letGo: { vi: "Thôi gọi", en: "Let it go" },
  howWasIt: { vi: "Kết quả cuộc gọi", en: "What the call came to" },
  note: { vi: "Ghi chú (nếu cần)", en: "Note (if needed)" },
  again: { vi: "Xem lại sau", en: "Look again in" },
  minutes: { vi: (n: number) => `${n} phút`, en: (n: number) => `${n} min` },
  never: { vi: "không cần", en: "not needed" },
  save: { vi: (outcome: string) => `Ghi: ${outcome}`, en: (outcome: string) => `Save: ${outcome}` },
  open: { vi: "Còn việc", en: "Open" },
  calls: { vi: (n: number) => `đã gọi ${n} lần`, en: (n: number) => `${n} calls` },
  lookAt: { vi: (time: string) => `xem lại lúc ${time}`, en: (time: string) => `look again at ${time}` },
  late: { vi: (time: string) => `quá hẹn ${time}`, en: (time: string) => `due since ${time}` },
  book: { vi: "Sổ trực về điểm cầu này", en: "The shift's book on this site" },
  nothing: { vi: "Chưa ai ghi gì.", en: "Nothing written yet." },
  write: { vi: "Ghi chú mới", en: "New note" },
  add: { vi: "Ghi", en: "Write" },
});

const AGAIN = [0, 5, 10, 15, 30, 60, 120];

export interface Called {
  site: string;
  contact: string;
  phone: string;
  claim: Claim | null;
  matter: Matter | null;
  nowMs: number;
  /** Asks anew what a page knows that does not hear the wall's feed. */
  changed?: () => void;
}

/** Whom to call about a site, who is calling already, and what the call came to. */
export function Calling(props: Called): JSX.Element {
  const { site, claim, matter, nowMs, changed } = props;
  const { busy, fault, run } = useDoing();
  const mine = claim !== null && claim.person === me.value?.person.id;
  const act = async (deed: () => Promise<unknown>): Promise<boolean> => {
    const done = await run(deed);
    changed?.();
    return done;
  };
  const take = (): Promise<boolean> => act(() => api.post(`/api/v1/sites/${site}/claim`));
  return (
    <div class="calling">
      {claim && (
        <p class={`who-calls ${mine ? "mine" : ""}`} role="status">
          <span>
            <Icon name="phone" /> {mine ? w.mine : w.theirs(claim.name)}
          </span>
          <small class="num">
            {timeOfDay(claim.at_ms)} · {w.left(clockLength(claim.until_ms - nowMs))}
          </small>
        </p>
      )}
      <Number contact={props.contact} phone={props.phone} open={mine} />
      {!claim && can("duty.call") && (
        <button class="button primary" disabled={busy} onClick={take}>
          <Icon name="phone" /> {w.take}
        </button>
      )}
      {mine && (
        <>
          <Result site={site} busy={busy} act={act} />
          <div class="row">
            <button class="button small" disabled={busy} onClick={take}>
              {w.longer}
            </button>
            <button
              class="button small"
              disabled={busy}
              onClick={() => act(() => api.delete(`/api/v1/sites/${site}/claim`))}
            >
              {w.letGo}
            </button>
          </div>
        </>
      )}
      {fault && <Alert tone="bad">{fault}</Alert>}
      {matter && <OpenMatter matter={matter} nowMs={nowMs} />}
    </div>
  );
}

/** The number is a link only for whoever claimed the site: nobody is called twice. */
function Number(props: { contact: string; phone: string; open: boolean }): JSX.Element {
  return (
    <>
      <p>{props.contact || w.noContact}</p>
      {!props.phone && <p class="muted">{w.noPhone}</p>}
      {props.phone && props.open && (
        <a class="phone num" href={`tel:${props.phone.replace(/[^+\d]/g, "")}`}>
          <Icon name="phone" /> {props.phone}
        </a>
      )}
      {props.phone && !props.open && <span class="phone num shut">{props.phone}</span>}
    </>
  );
}

function Result(props: {
  site: string;
  busy: boolean;
  act: (deed: () => Promise<unknown>) => Promise<boolean>;
}): JSX.Element {
  const duty = useAsked<Duty>("/api/v1/duty");
  const [chosen, choose] = useState<Outcome | null>(null);
  const [note, write] = useState("");
  const [again, lookAgain] = useState(0);
  const pick = (outcome: Outcome): void => {
    choose(outcome);
    lookAgain(outcome.again_min);
  };
  const save = (outcome: Outcome): Promise<boolean> =>
    props.act(() =>
      api.post(`/api/v1/sites/${props.site}/calls`, { outcome: outcome.key, note, again_min: again }),
    );
  return (
    <>
      <fieldset class="outcomes" aria-label={w.howWasIt}>
        {duty.value?.outcomes.map((outcome) => (
          <button
            key={outcome.key}
            class="button"
            aria-pressed={chosen?.key === outcome.key}
            onClick={() => pick(outcome)}
          >
            {worded(outcomes, outcome.key)}
          </button>
        ))}
      </fieldset>
      {duty.fault && <Alert tone="bad">{duty.fault}</Alert>}
      {chosen && (
        <>
          <button class="button primary" disabled={props.busy} onClick={() => save(chosen)}>
            {w.save(worded(outcomes, chosen.key))}
          </button>
          {!chosen.closes && (
            <Field label={w.again}>
              <select value={again} onChange={(event) => lookAgain(+event.currentTarget.value)}>
                {AGAIN.map((minutes) => (
                  <option key={minutes} value={minutes}>
                    {minutes ? w.minutes(minutes) : w.never}
                  </option>
                ))}
              </select>
            </Field>
          )}
          <Field label={w.note}>
            <textarea value={note} maxLength={1000} onInput={(event) => write(event.currentTarget.value)} />
          </Field>
        </>
      )}
    </>
  );
}

function OpenMatter({ matter, nowMs }: { matter: Matter; nowMs: number }): JSX.Element {
  const when = matter.again_ms === null ? "" : timeOfDay(matter.again_ms);
  return (
    <p class={`matter tone-${matterTone(matter, nowMs)}`}>
      <b>
        {w.open}: {worded(outcomes, matter.outcome)}
      </b>{" "}
      · {matter.name} · {w.calls(matter.calls)}
      {when && <> · {overdue(matter, nowMs) ? w.late(when) : w.lookAt(when)}</>}
    </p>
  );
}

/** What was done about a site, and a line for a new note. `stamp` changes when there is something new to read. */
export function Book(props: { site: string; stamp: string; most?: number }): JSX.Element {
  const book = useAsked<Entry[]>(`/api/v1/sites/${props.site}/book`);
  const { busy, fault, run } = useDoing();
  const [note, write] = useState("");
  useEffect(() => book.again(), [props.stamp]);
  const add = async (): Promise<void> => {
    if (await run(() => api.post(`/api/v1/sites/${props.site}/notes`, { note }))) {
      write("");
      book.again();
    }
  };
  const entries = book.value?.filter(told).slice(0, props.most) ?? [];
  return (
    <>
      {book.value && entries.length === 0 && <p class="muted">{w.nothing}</p>}
      <ul class="book">
        {entries.map((entry) => (
          <BookLine key={entry.id} entry={entry} />
        ))}
      </ul>
      {can("duty.call") && (
        <div class="row">
          <input
            class="grow"
            aria-label={w.write}
            placeholder={w.write}
            maxLength={1000}
            value={note}
            onInput={(event) => write(event.currentTarget.value)}
          />
          <button class="button small" disabled={busy || !note.trim()} onClick={add}>
            {w.add}
          </button>
        </div>
      )}
      {(fault || book.fault) && <Alert tone="bad">{fault || book.fault}</Alert>}
    </>
  );
}

/** Taking a site to call is told by the call itself. */
function told(entry: Entry): boolean {
  return entry.kind !== "claim" && entry.kind !== "release";
}

export function BookLine({ entry }: { entry: Entry }): JSX.Element {
  return (
    <li>
      <time class="num">{dayAndTime(entry.at_ms)}</time>
      <span>
        <b>{entry.name}</b> {worded(entryKinds, entry.kind)}
        {entry.outcome && (
          <>
            : <b>{worded(outcomes, entry.outcome)}</b>
          </>
        )}
      </span>
      {entry.note && <p>{entry.note}</p>}
    </li>
  );
}

export const bookTitle = (): string => w.book;
