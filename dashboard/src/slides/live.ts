import { signal } from "@preact/signals";
import { api } from "../shared/api";

/** The slides of one session, as `/api/v1/sessions/{id}/slides` tells them. */

export interface SlidePage {
  small: string;
  large: string;
  width: number;
  height: number;
}

export interface Deck {
  id: string;
  name: string;
  size: number;
  state: "uploading" | "converting" | "ready" | "refused";
  reason: string;
  at_page: number;
  pages: SlidePage[];
}

export type Layout = "both" | "slides" | "video";

export interface Show {
  version: number;
  deck: string | null;
  page: number;
  layout: Layout;
}

export interface Slides {
  decks: Deck[];
  show: Show;
  rooms: { sites: number; ready: number; shown: number };
  /** PowerPoint files are taken as well. */
  office: boolean;
  largest: number;
}

const POLL_MS = 3000;
const AGAIN_MS = 2000;

export const slides = signal<Slides | null>(null);

export function slidesPath(session: string): string {
  return `/api/v1/sessions/${encodeURIComponent(session)}/slides`;
}

/** Which of two shows is the newer one; equal versions: the one that the centre told. */
export function newer(known: Show, told: Show): Show {
  return told.version >= known.version ? told : known;
}

/** Turns that the centre has not answered yet. */
let turning = 0;

/** What stands after an answer that says nothing of a turn that is on its way: the page drawn here does not jump back. */
function afterLook(known: Show | undefined, told: Show): Show {
  if (!known) return told;
  return turning && told.version === known.version ? known : newer(known, told);
}

export async function lookAgain(session: string): Promise<void> {
  const told = await api.get<Slides>(slidesPath(session));
  slides.value = { ...told, show: afterLook(slides.value?.show, told.show) };
}

function take(show: Show): void {
  if (slides.value) slides.value = { ...slides.value, show: newer(slides.value.show, show) };
}

/** Shows a page from now on, here at once and in the rooms as soon as the centre has it. */
export async function turn(session: string, wish: Omit<Show, "version">): Promise<void> {
  const before = slides.value;
  if (before) slides.value = { ...before, show: { ...wish, version: before.show.version } };
  turning++;
  try {
    take(await api.post<Show>(`${slidesPath(session)}/turn`, wish));
  } catch (caught) {
    if (before) slides.value = before;
    throw caught;
  } finally {
    turning--;
  }
}

/** Follows decks, rooms and whoever else turns, until the function that it returns is called. */
export function follow(session: string): () => void {
  let here = true;
  const rest = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
  const decks = async (): Promise<void> => {
    while (here) {
      await lookAgain(session).catch(() => undefined);
      await rest(POLL_MS);
    }
  };
  const turns = async (): Promise<void> => {
    while (here) {
      const known = slides.value;
      if (!known) {
        await rest(200);
        continue;
      }
      try {
        take(await api.get<Show>(`${slidesPath(session)}/now?after=${known.show.version}`));
      } catch {
        await rest(AGAIN_MS);
      }
    }
  };
  void decks();
  void turns();
  return () => {
    here = false;
    slides.value = null;
  };
}
