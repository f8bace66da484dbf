import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { clockLength } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert } from "../shared/parts";
import { type Candidate, type Filter, filtered, inOrder, type Room } from "./model";
import { act } from "./room";
import { filters, states, t } from "./words";

const FILTERS: readonly Filter[] = ["all", "trouble", "writing", "absent", "done"];

interface Acts {
  room: Room;
  onTime: (candidate: Candidate) => void;
  onNote: (candidate: Candidate) => void;
}

export function People(props: Acts): JSX.Element {
  const [wanted, setWanted] = useState("");
  const [filter, setFilter] = useState<Filter>("all");
  const [open, setOpen] = useState<string | null>(null);
  const shown = inOrder(filtered(props.room.candidates, filter, wanted));
  return (
    <section class="stack">
      <input
        type="search"
        aria-label={t.search}
        placeholder={t.search}
        value={wanted}
        onInput={(event) => setWanted(event.currentTarget.value)}
      />
      <div class="chips" role="group" aria-label={t.people}>
        {FILTERS.map((name) => (
          <button
            key={name}
            class="button small"
            aria-pressed={filter === name}
            onClick={() => setFilter(name)}
          >
            {worded(filters, name)}
          </button>
        ))}
      </div>
      <ul class="people">
        {shown.map((candidate) => (
          <Person
            key={candidate.number}
            {...props}
            candidate={candidate}
            open={open === candidate.number}
            onOpen={() => setOpen(open === candidate.number ? null : candidate.number)}
          />
        ))}
        {shown.length === 0 && <li class="muted">{t.nobody}</li>}
      </ul>
    </section>
  );
}

function tone(candidate: Candidate): string {
  const gravest = candidate.trouble[0];
  if (gravest && gravest !== "pin") return "bad";
  if (gravest) return "warn";
  return candidate.state === "handed_in" ? "good" : candidate.state === "absent" ? "idle" : "minor";
}

function Person(props: Acts & { candidate: Candidate; open: boolean; onOpen: () => void }): JSX.Element {
  const { candidate, room } = props;
  const of = room.questions === null ? "–" : String(room.questions);
  return (
    <li class={`person ${tone(candidate)}`}>
      <button class="line" aria-expanded={props.open} onClick={props.onOpen}>
        <span class="grow">
          <b>{candidate.name}</b>
          <span class="muted num">{candidate.number}</span>
        </span>
        <span class="end">
          <b class="num">{candidate.state === "absent" ? "–" : t.answered(candidate.answered, of)}</b>
          <span class="muted">{worded(states, candidate.state)}</span>
        </span>
      </button>
      <Troubles candidate={candidate} />
      {props.open && <Details {...props} />}
    </li>
  );
}

function Troubles(props: { candidate: Candidate }): JSX.Element | null {
  const { candidate } = props;
  const words = {
    away: t.awayFor(clockLength(candidate.away_s * 1000)),
    unsaved: t.unsavedFor(candidate.unsaved, clockLength(candidate.unsaved_s * 1000)),
    locked: t.lockedFor(clockLength(candidate.locked_s * 1000)),
    devices: t.devices,
    pin: t.amber,
  };
  const marks = candidate.trouble.map((word) => (
    <span key={word} class={`mark ${word === "pin" ? "warn" : "bad"}`}>
      {words[word]}
    </span>
  ));
  if (candidate.extra_s > 0) {
    marks.push(
      <span key="extra" class="mark">
        {t.extra(String(Math.ceil(candidate.extra_s / 60)))}
      </span>,
    );
  }
  return marks.length ? <p class="marks">{marks}</p> : null;
}

function Details(props: Acts & { candidate: Candidate }): JSX.Element {
  const { candidate, room } = props;
  const [said, setSaid] = useState("");
  const forgive = async (): Promise<void> => {
    try {
      await act("pin", { exam: room.exam, candidate: candidate.number });
      setSaid(t.forgiven);
    } catch (caught) {
      setSaid(caught instanceof Error ? caught.message : t.faulted);
    }
  };
  return (
    <div class="details stack">
      <p class="muted num">
        {[
          t.codeOf(candidate.code),
          candidate.left_ms !== null && `${t.left.toLowerCase()} ${clockLength(candidate.left_ms)}`,
          candidate.receipt && t.receipt(candidate.receipt),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <div class="row">
        <button class="button" onClick={() => props.onTime(candidate)}>
          {t.addTime}
        </button>
        <button class="button" onClick={() => props.onNote(candidate)}>
          {t.addNote}
        </button>
        {(candidate.state === "absent" || candidate.locked_s > 0) && (
          <button class="button" onClick={() => void forgive()}>
            {t.forgive}
          </button>
        )}
      </div>
      {said && <Alert tone="minor">{said}</Alert>}
    </div>
  );
}
