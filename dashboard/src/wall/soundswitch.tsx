import type { JSX } from "preact";
import { Icon } from "../shared/icons";
import { ringing, rung, turnOff, turnOn } from "./bell";
import { t } from "./words";

/** Off until a person turns it on: no browser makes a sound before a click, and no page should. */
export function SoundSwitch(): JSX.Element {
  const on = ringing.value;
  return (
    <button
      class="button small sound"
      aria-pressed={on}
      data-rung={rung.value.join(" ")}
      title={on ? t.soundOn : t.soundOff}
      onClick={() => (on ? turnOff() : void turnOn())}
    >
      <Icon name={on ? "sound" : "mute"} /> <span>{on ? t.soundOn : t.soundOff}</span>
    </button>
  );
}
