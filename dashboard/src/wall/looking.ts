/** Looks at the rooms that stand on the screen, and at no others: the centre asks them for pictures as long as we say so. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { api } from "../shared/api";

export interface Sight {
  site: string;
  tag: string;
  at_ms: number | null;
  policy: string;
  /** Why there is no picture: the room only counts, its computer is away, or it has not sent one yet. */
  why: string;
  url: string;
}

/** The centre lets a look go after 30 s. */
const AGAIN_MS = 4_000;
const MOST = 200;

const sights = new Map<string, Signal<Sight | null>>();
const onScreen = new Set<string>();
let look = "";
let timer: ReturnType<typeof setTimeout> | undefined;

export function sight(site: string): ReadonlySignal<Sight | null> {
  return cellOf(site);
}

function cellOf(site: string): Signal<Sight | null> {
  const known = sights.get(site);
  if (known) return known;
  const made = signal<Sight | null>(null);
  sights.set(site, made);
  return made;
}

/** A room came onto the screen, or left it. */
export function see(site: string, visible: boolean): void {
  if (visible) onScreen.add(site);
  else onScreen.delete(site);
  if (visible && timer !== undefined) soon(150);
}

/** Looks until the function it returns is called; a hidden page looks at nothing. */
export function startLooking(): () => void {
  look = [...crypto.getRandomValues(new Uint8Array(12))]
    .map((each) => each.toString(16).padStart(2, "0"))
    .join("");
  soon(100);
  return () => {
    clearTimeout(timer);
    timer = undefined;
    const ended = look;
    look = "";
    onScreen.clear();
    for (const each of sights.values()) URL.revokeObjectURL(each.value?.url ?? "");
    sights.clear();
    api.post("/api/v1/wall/look", { look: ended, sites: [] }).catch(() => undefined);
  };
}

function soon(ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void once(), ms);
}

async function once(): Promise<void> {
  const mine = look;
  const sites = document.hidden ? [] : [...onScreen].slice(0, MOST);
  try {
    const told = await api.post<Omit<Sight, "url">[]>("/api/v1/wall/look", { look: mine, sites });
    for (const each of told) if (mine === look) await take(each, mine);
  } catch {
    // The wall itself says that the line is down; the next look tries again.
  }
  if (mine === look) soon(AGAIN_MS);
}

/** Fetches a picture that is new; what is shown stays until the new one is here. */
async function take(told: Omit<Sight, "url">, mine: string): Promise<void> {
  const cell = cellOf(told.site);
  const before = cell.value;
  if (before && before.tag === told.tag && before.why === told.why) return;
  let url = "";
  if (told.tag) {
    const path = `/api/v1/wall/pictures/${told.site}?look=${mine}`;
    const reply = await fetch(path, {
      cache: "no-store",
      credentials: "same-origin",
      headers: before?.tag ? { "If-None-Match": `"${before.tag}"` } : {},
    });
    if (!reply.ok) return;
    url = URL.createObjectURL(await reply.blob());
  }
  if (mine !== look) URL.revokeObjectURL(url);
  else cell.value = { ...told, url };
  if (before?.url && mine === look) URL.revokeObjectURL(before.url);
}
