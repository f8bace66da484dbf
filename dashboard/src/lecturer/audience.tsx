import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../shared/icons";
import { worded } from "../shared/i18n";
import { decimal } from "../shared/format";
import { Chip, type Tone } from "../shared/parts";
import type { Session } from "../shared/session";
import { type Network, type Verdict, verdictOf } from "./network";
import { LackChip, RoomList } from "./roomlist";
import { troubles } from "./rooms";
import { lineWords, t } from "./words";

/** So many rooms in trouble are named at once; the list has all. */
const NAMED = 6;

const LINE_TONES: Record<Verdict, Tone> = { good: "good", weak: "warn", bad: "bad" };

/** How many rooms see and hear, and which do not. */
export function Audience({ of, onAir }: { of: Session; onAir: boolean }): JSX.Element {
  const [listed, list] = useState(false);
  const found = onAir ? troubles(of.rooms, of.sounds ?? of.on_air) : [];
  return (
    <section class="card stack" aria-label={t.audience}>
      <div class="audience num">
        <p>
          <button class="rooms-open" disabled={!of.rooms.length} onClick={() => list(true)}>
            <Icon name="screen" /> <b>{of.watching}</b>/{of.sites.length} <span>{t.watching}</span>
            {of.rooms.length > 0 && <span class="open-word">{t.eachRoom}</span>}
          </button>
        </p>
        <p>
          <Icon name="sound" /> <b>{of.hearing}</b>/{of.sites.length} <span>{t.hearing}</span>
        </p>
      </div>
      {found.length > 0 && (
        <div class="troubles">
          <h3>{t.troubles(found.length)}</h3>
          <ul>
            {found.slice(0, NAMED).map(({ room, lack }) => (
              <li key={room.site}>
                <span class="grow">
                  <b>{room.code}</b> {room.name}
                </span>
                <LackChip lack={lack} />
              </li>
            ))}
          </ul>
          {found.length > NAMED && <p class="muted">{t.more(found.length - NAMED)}</p>}
          <p class="muted">{t.goOn}</p>
        </div>
      )}
      {listed && <RoomList of={of} onClose={() => list(false)} />}
    </section>
  );
}

/** The line from here to the centre, in one word and its figures. */
export function LineState({ network }: { network: Network | null }): JSX.Element | null {
  if (!network || network.rttMs === null) return null;
  const verdict = verdictOf(network);
  return (
    <section class="card line-state" aria-label={t.line}>
      <p class="row">
        <span class="grow">
          <b>{t.line}</b>
        </span>
        <Chip tone={LINE_TONES[verdict]}>{worded(lineWords, verdict)}</Chip>
      </p>
      <p class="muted num">
        {t.lineFigures(network.rttMs, decimal(network.lost * 100), network.kbps)}
        {network.limited === "bandwidth" && ` ${t.limitedLine}`}
        {network.limited === "cpu" && ` ${t.limitedCpu}`}
      </p>
    </section>
  );
}
