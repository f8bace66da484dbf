import { useEffect, useRef, useState } from "preact/hooks";
import { api, sentence } from "../shared/api";
import { signedOut } from "../shared/signed";
import { type Floor, floorPath } from "./model";

const POLL_MS = 1000;

export interface LiveFloor {
  floor: Floor | null;
  /** Centre time now. */
  nowMs: number;
  fault: string;
  /** Does something and shows what came of it; a fault becomes a sentence. */
  act: (path: string, body?: unknown) => Promise<Floor | null>;
}

/** The floor of a session, asked for every second. */
export function useFloor(session: string): LiveFloor {
  const [floor, take] = useState<Floor | null>(null);
  const [fault, tell] = useState("");
  /** The line, as long as it is broken; a deed that was refused is told until the next one. */
  const [lost, lose] = useState("");
  const [nowMs, tick] = useState(Date.now());
  const offset = useRef(0);
  const newest = useRef(0);

  /** An answer that is overtaken by a newer one is not shown. */
  function taken(told: Floor): void {
    offset.current = told.now_ms - Date.now();
    if (told.now_ms < newest.current) return;
    newest.current = told.now_ms;
    take(told);
  }

  useEffect(() => {
    let current = true;
    const look = async (): Promise<void> => {
      try {
        const told = await api.get<Floor>(floorPath(session));
        if (!current) return;
        taken(told);
        lose("");
      } catch (caught) {
        if (current && !signedOut(caught)) lose(sentence(caught));
      }
    };
    void look();
    const poll = setInterval(() => {
      tick(Date.now() + offset.current);
      void look();
    }, POLL_MS);
    return () => {
      current = false;
      clearInterval(poll);
    };
  }, [session]);

  async function act(path: string, body: unknown = {}): Promise<Floor | null> {
    try {
      const told = await api.post<Floor>(`${floorPath(session)}/${path}`, body);
      tell("");
      taken(told);
      return told;
    } catch (caught) {
      if (!signedOut(caught)) tell(sentence(caught));
      return null;
    }
  }

  return { floor, nowMs, fault: fault || lost, act };
}
