import "./essay.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { mount } from "../shared/mount";
import { LanguageSwitch, ThemeSwitch } from "../shared/parts";
import { keepPass, keptPass, type Pass } from "./centre";
import { Door } from "./door";
import { Desk } from "./desk";
import { SitePage } from "./site";
import { t } from "./words";

/** A person of the centre comes with a site's pass in the address; it is taken out of sight at once. */
function brought(): Pass | null {
  const token = new URLSearchParams(location.hash.slice(1)).get("site");
  if (!token) return null;
  history.replaceState(null, "", location.pathname);
  return { kind: "site", token };
}

function Page(): JSX.Element {
  const [pass, take] = useState<Pass | null>(() => brought() ?? keptPass());
  const enter = (next: Pass | null): void => {
    keepPass(next);
    take(next);
  };
  return (
    <>
      <header class="topbar noprint">
        <span class="brand grow">{t.title}</span>
        <LanguageSwitch />
        <ThemeSwitch />
        {pass && (
          <button class="button small" onClick={() => enter(null)}>
            {t.leave}
          </button>
        )}
      </header>
      <main class="content narrow">
        {pass === null && <Door onEnter={enter} />}
        {pass?.kind === "candidate" && <Desk token={pass.token} onOver={() => enter(null)} />}
        {pass?.kind === "site" && <SitePage token={pass.token} onOver={() => enter(null)} />}
      </main>
    </>
  );
}

mount(<Page />);
