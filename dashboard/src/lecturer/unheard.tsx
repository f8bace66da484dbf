import type { JSX } from "preact";
import { worded } from "../shared/i18n";
import { Alert } from "../shared/parts";
import type { Doubt } from "./microphone";
import { MicrophoneChooser } from "./setup";
import { microphoneFault } from "./sources";
import { faults, t } from "./words";

/** That nobody hears the lecturer, or perhaps not, and what to do. `deaf`: they speak, and no room hears it. */
export function Unheard({ doubt, deaf }: { doubt: Doubt | null; deaf: boolean }): JSX.Element | null {
  if (doubt === "dead") {
    return (
      <div class="shout">
        <div role="alert">
          {t.nobody}
          <small>{microphoneFault.value ? worded(faults, microphoneFault.value) : t.deadHelp}</small>
        </div>
        <MicrophoneChooser label={t.otherMicrophone} />
      </div>
    );
  }
  if (deaf) {
    return (
      <div class="shout" role="alert">
        {t.nobody}
        <small>{t.nobodyHelp}</small>
      </div>
    );
  }
  if (doubt !== "faint") return null;
  return (
    <Alert tone="warn">
      <p>
        <b>{t.rightMicrophone}</b> {t.rightHelp}
      </p>
      <MicrophoneChooser label={t.otherMicrophone} />
    </Alert>
  );
}
