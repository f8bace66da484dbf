import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { api, passes, sentence } from "./api";
import { backoff } from "./backoff";
import { signedOut } from "./signed";

export interface Asked<T> {
  value: T | null;
  fault: string;
  again: () => void;
}

const RETRY_MS = 2000;

/** What the centre answers at `path` (null asks nothing), asked anew every `everyMs` while the page is looked at. */
export function useAsked<T>(path: string | null, everyMs = 0): Asked<T> {
  const [value, found] = useState<T | null>(null);
  const [fault, tell] = useState("");
  const turn = useRef(0);
  const vain = useRef(0);
  const ask = useCallback(() => {
    if (path === null) return;
    const mine = ++turn.current;
    api.get<T>(path).then(
      (answer) => {
        if (mine !== turn.current) return;
        vain.current = 0;
        found(answer);
        tell("");
      },
      (caught: unknown) => {
        if (mine !== turn.current || signedOut(caught)) return;
        tell(sentence(caught));
        // Otherwise it is asked only once: a line that fails for a moment must not leave the page without it.
        if (everyMs || !passes(caught)) return;
        const rest = backoff(vain.current++, Math.random(), RETRY_MS, 60_000);
        setTimeout(() => mine === turn.current && ask(), rest);
      },
    );
  }, [path, everyMs]);
  useEffect(() => {
    found(null);
    ask();
    const timer = everyMs ? setInterval(() => document.hidden || ask(), everyMs) : undefined;
    return () => {
      turn.current++;
      clearInterval(timer);
    };
  }, [ask, everyMs]);
  return { value, fault, again: ask };
}

export interface Doing {
  busy: boolean;
  fault: string;
  /** Runs one deed at a time; its refusal becomes `fault`. True when it was done. */
  run: (deed: () => Promise<unknown>) => Promise<boolean>;
}

export function useDoing(): Doing {
  const [busy, hold] = useState(false);
  const [fault, tell] = useState("");
  const run = async (deed: () => Promise<unknown>): Promise<boolean> => {
    hold(true);
    tell("");
    try {
      await deed();
      return true;
    } catch (caught) {
      if (!signedOut(caught)) tell(sentence(caught));
      return false;
    } finally {
      hold(false);
    }
  };
  return { busy, fault, run };
}
