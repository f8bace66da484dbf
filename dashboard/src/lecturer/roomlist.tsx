import type { JSX } from "preact";
import { worded } from "../shared/i18n";
import { Chip, Modal, type Tone } from "../shared/parts";
import type { Session } from "../shared/session";
import { type Lack, type Standing, standings } from "./rooms";
import { lacks, t } from "./words";

const TONES: Record<Lack, Tone> = { lost: "lost", dark: "bad", stalled: "warn", silent: "warn" };

/** What a room lacks, in a word. */
export function LackChip({ lack }: { lack: Lack }): JSX.Element {
  return <Chip tone={TONES[lack]}>{worded(lacks, lack)}</Chip>;
}

/** All rooms of the session with how each follows it; those in trouble first. */
export function RoomList({ of, onClose }: { of: Session; onClose: () => void }): JSX.Element {
  return (
    <Modal title={t.roomsFollow(of.watching, of.sites.length)} wide onClose={onClose}>
      <ul class="room-list" tabIndex={0} aria-label={t.audience}>
        {standings(of.rooms, of.sounds ?? of.on_air).map((each) => (
          <li key={each.room.site} data-room={each.room.site}>
            <span class="grow">
              <b>{each.room.code}</b> {each.room.name}
            </span>
            {each.lack ? <LackChip lack={each.lack} /> : <Chip tone="good">{wellWord(each)}</Chip>}
          </li>
        ))}
      </ul>
    </Modal>
  );
}

function wellWord({ room }: Standing): string {
  if (room.state === "phone") return t.byPhone;
  return room.hears ? t.seesAndHears : t.sees;
}
