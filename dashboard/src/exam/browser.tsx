import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Alert } from "../shared/parts";
import { ownAddress } from "./session";
import { copy, insideApp, isApple, keepsThings } from "./surroundings";
import { t } from "./words";

const app = insideApp(navigator.userAgent);
const keeps = keepsThings();

/** Inside a chat app's browser: a calm hint if it will do, the way out if it will not. */
export function InsideApp(): JSX.Element | null {
  if (app === null && keeps) return null;
  if (keeps) {
    return (
      <details class="inside-app">
        <summary>{t.insideApp(app ?? "")}</summary>
        <WayOut />
      </details>
    );
  }
  return (
    <Alert tone="warn">
      <p>{app === null ? t.drawerFull : t.insideAppBad(app)}</p>
      {app !== null && <WayOut />}
    </Alert>
  );
}

function WayOut(): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  return (
    <div class="way-out">
      <p>{isApple(navigator.userAgent) ? t.howApple : t.howAndroid}</p>
      <label class="field">
        <span>{t.address}</span>
        <input ref={field} readOnly value={ownAddress()} />
      </label>
      <button
        class="button"
        type="button"
        onClick={() => setCopied(field.current !== null && copy(field.current))}
      >
        {copied ? t.copied : t.copyAddress}
      </button>
    </div>
  );
}
