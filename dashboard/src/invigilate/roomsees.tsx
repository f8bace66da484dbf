import type { JSX } from "preact";
import { covered, cover, roomSees, uncovered } from "./cover";
import { t } from "./words";

/** That the room reads along, what is covered because of it, and the better place. Nothing on a phone. */
export function RoomSees(): JSX.Element | null {
  if (!roomSees()) return null;
  if (!covered())
    return (
      <div class="alert warn row" role="status">
        <span class="grow">{t.uncovered}</span>
        <button class="button" onClick={cover}>
          {t.cover}
        </button>
      </div>
    );
  return (
    <section class="card room-sees">
      <div class="stack grow">
        <p>
          <b>{t.roomSees}</b>
        </p>
        <p>{t.isCovered}</p>
        <button class="button" onClick={() => (uncovered.value = true)}>
          {t.uncover}
        </button>
      </div>
      <PhoneCode size={150} />
    </section>
  );
}

/** What the invigilator's telephone scans. */
export function PhoneCode(props: { size: number }): JSX.Element {
  return <img src="/invigilate/qr.svg" alt={t.phone} width={props.size} height={props.size} />;
}
