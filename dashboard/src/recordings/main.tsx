import "./recordings.css";
import type { JSX } from "preact";
import { useAsked } from "../shared/asked";
import { day, dayAndTime, clockLength } from "../shared/format";
import { worded } from "../shared/i18n";
import { mount } from "../shared/mount";
import { Alert, Chip, LanguageSwitch, ThemeSwitch } from "../shared/parts";
import { me, Signed, SignOut } from "../shared/signed";
import { bytes } from "./bytes";
import { hoursLeft, type RecordingList, type Row } from "./model";
import { One } from "./one";
import { light, troubles, w } from "./words";

const LIST_MS = 5000;

function List(): JSX.Element {
  const asked = useAsked<RecordingList>("/api/v1/recordings", LIST_MS);
  const list = asked.value;
  return (
    <div class="stack">
      <h1>{w.title}</h1>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {list && list.free <= list.reserve && <Alert tone="bad">{w.full}</Alert>}
      {list && list.free > list.reserve && (
        <p class="muted num">{w.free(bytes(list.free), hoursLeft(list.free, list.reserve))}</p>
      )}
      {list?.rows.length === 0 && <p>{w.none}</p>}
      {list?.rows.map((row) => (
        <Line key={row.session} row={row} />
      ))}
    </div>
  );
}

function Line({ row }: { row: Row }): JSX.Element {
  const { standing } = row;
  return (
    <a class="card recording-line" href={`/recordings/${encodeURIComponent(row.session)}`}>
      <span class="grow">
        <h2>{row.topic}</h2>
        <span class="muted num">
          {[dayAndTime(row.starts_ms), row.lecturer_name].filter(Boolean).join(" · ")}
        </span>
      </span>
      {standing.running && (
        <span class="recording-light on row">
          <span class="recording-lamp" aria-hidden="true" /> <b>{light.running}</b>
        </span>
      )}
      {standing.trouble && <Chip tone="bad">{worded(troubles, standing.trouble)}</Chip>}
      {row.files > 0 && (
        <span class="num recording-figures">
          <b>{clockLength(row.length_ms)}</b>
          <span class="muted">{bytes(row.size)}</span>
          {row.due_ms !== null && <span class="muted">{w.keptUntil(day(row.due_ms))}</span>}
        </span>
      )}
      {row.erased > 0 && <Chip tone="idle">{w.erased(row.erased)}</Chip>}
    </a>
  );
}

function Page(): JSX.Element {
  const id = /^\/recordings\/([^/]+)/.exec(location.pathname)?.[1];
  return (
    <>
      <header class="topbar">
        <span class="brand">Điểm cầu</span>
        <span class="grow">
          {id ? <a href="/recordings">{w.back}</a> : <a href="/console">{w.console}</a>}
        </span>
        <span class="muted">{me.value?.person.name}</span>
        <LanguageSwitch />
        <ThemeSwitch />
        <SignOut />
      </header>
      <main class="content">{id ? <One session={decodeURIComponent(id)} /> : <List />}</main>
    </>
  );
}

mount(
  <Signed>
    <Page />
  </Signed>,
);
