import "./phone.css";
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { api, Refusal, sentence } from "./api";
import { type Claim, standing } from "./duty";
import { dictionary } from "./i18n";
import { Icon } from "./icons";
import { centreNowMs, useSections } from "./live";
import { can, me } from "./signed";

const w = dictionary({
  theirs: { vi: (name: string) => `${name} đang gọi`, en: (name: string) => `${name} is calling` },
  mine: { vi: "Bạn đang gọi · ghi kết quả", en: "You are calling · write the result" },
});

export interface Calls {
  /** Who else is calling the site. */
  theirs: string | null;
  mine: boolean;
}

/** Who calls this site now, on pages that do not follow the whole wall. */
function useCalls(site: string): Calls {
  const known = useSections();
  return known ? callsOf(known.claims, site, centreNowMs(known), me.value?.person.id) : NOBODY;
}

const NOBODY: Calls = { theirs: null, mine: false };

export function callsOf(known: readonly Claim[], site: string, nowMs: number, person?: string): Calls {
  const claim = standing(known, site, nowMs);
  if (!claim) return NOBODY;
  return claim.person === person ? { theirs: null, mine: true } : { theirs: claim.name, mine: false };
}

interface Dialled {
  site: string;
  phone: string;
  class?: string;
  title?: string;
  children?: ComponentChildren;
}

/** A number to tap, which claims the room for who taps it, or who is calling it already: nobody is called twice. */
export function Phone(props: Dialled): JSX.Element | null {
  return <KnownPhone {...props} calls={useCalls(props.site)} />;
}

/** Likewise on a page that follows the whole wall and so knows who calls; `onResult` opens the place where it writes
 * down what a call came to, elsewhere the site's own page. */
export function KnownPhone(props: Dialled & { calls: Calls; onResult?: () => void }): JSX.Element | null {
  const { site, phone, onResult } = props;
  const { theirs, mine } = props.calls;
  const [fault, tell] = useState("");
  if (theirs) return <Theirs name={theirs} />;
  if (!phone) return null;
  const href = `tel:${phone.replace(/[^+\d]/g, "")}`;
  const call = async (event: MouseEvent): Promise<void> => {
    if (!can("duty.call")) return;
    event.preventDefault();
    tell("");
    const held = await claim(site);
    if (held) tell(held);
    else location.href = href;
  };
  return (
    <>
      <a class={props.class ?? "num"} href={href} title={props.title} onClick={(event) => void call(event)}>
        {props.children ?? phone}
      </a>
      {mine && can("duty.call") && <Mine site={site} onResult={onResult} />}
      {fault && (
        <span class="tone-warn" role="alert">
          {" "}
          {fault}
        </span>
      )}
    </>
  );
}

function Mine({ site, onResult }: { site: string; onResult: (() => void) | undefined }): JSX.Element {
  if (!onResult)
    return (
      <a class="mine-calling" href={`/site/${site}`}>
        {w.mine}
      </a>
    );
  return (
    <button class="button small mine-calling" onClick={onResult}>
      {w.mine}
    </button>
  );
}

/** Says that this person calls; the sentence when somebody else was faster. Whatever else fails keeps nobody from
 * calling. */
async function claim(site: string): Promise<string> {
  try {
    await api.post(`/api/v1/sites/${site}/claim`);
  } catch (caught) {
    if (caught instanceof Refusal && caught.code === "held") return sentence(caught);
  }
  return "";
}

function Theirs({ name }: { name: string }): JSX.Element {
  return (
    <span class="theirs-calling">
      <Icon name="phone" /> {w.theirs(name)}
    </span>
  );
}
