import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Alert } from "../shared/parts";
import { insideApp, keepsThings } from "./surroundings";
import type * as wayout from "./wayout";
import { t } from "./words";

type Fetched = typeof wayout;

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

/** Fetched by those few only: the page must stay small. */
function WayOut(): JSX.Element | null {
  const [come, show] = useState<Fetched | null>(null);
  useEffect(() => {
    import("./wayout").then(show, () => undefined);
  }, []);
  return come && <come.WayOut />;
}
