import "./phone.css";
import { signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { api } from "./api";
import { type Claim, type Duty, standing } from "./duty";
import { dictionary } from "./i18n";
import { Icon } from "./icons";
import { can, me } from "./signed";

const w = dictionary({
  theirs: { vi: (name: string) => `${name} đang gọi`, en: (name: string) => `${name} is calling` },
});

const EVERY_MS = 5000;

const claims = signal<Claim[]>([]);
let watchers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

async function ask(): Promise<void> {
  if (document.hidden || !can("wall.see")) return;
  try {
    claims.value = (await api.get<Duty>("/api/v1/duty")).claims;
  } catch {
    // Without an answer what was known holds until its time is over.
  }
}

/** Asks who calls whom, once for all numbers on the page, for as long as one of them is shown. */
function watch(): () => void {
  if (watchers++ === 0) {
    void ask();
    timer = setInterval(() => void ask(), EVERY_MS);
  }
  return () => {
    if (--watchers === 0) clearInterval(timer);
  };
}

/** Who else is calling this site now, by pages that do not hear the wall's feed. */
export function useCaller(site: string): string | null {
  useEffect(watch, []);
  return callerOf(claims.value, site, Date.now(), me.value?.person.id);
}

/** The name of somebody other than `person` who has claimed the site. */
export function callerOf(
  known: readonly Claim[],
  site: string,
  nowMs: number,
  person?: string,
): string | null {
  const claim = standing(known, site, nowMs);
  return claim && claim.person !== person ? claim.name : null;
}

/** A number to tap, or who is calling it already: nobody is called twice. */
export function Phone(props: {
  site: string;
  phone: string;
  class?: string;
  title?: string;
  children?: ComponentChildren;
}): JSX.Element | null {
  const caller = useCaller(props.site);
  if (caller) return <Theirs name={caller} />;
  if (!props.phone) return null;
  return (
    <a class={props.class ?? "num"} href={`tel:${props.phone.replace(/[^+\d]/g, "")}`} title={props.title}>
      {props.children ?? props.phone}
    </a>
  );
}

export function Theirs({ name }: { name: string }): JSX.Element {
  return (
    <span class="theirs-calling">
      <Icon name="phone" /> {w.theirs(name)}
    </span>
  );
}
