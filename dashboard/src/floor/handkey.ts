import { useLayoutEffect, useRef } from "preact/hooks";
import { HAND_KEY } from "./local";

/** Calls the newest `pressed` on F2. The key works from the moment on in which its button can be seen. */
export function useHandKey(pressed: () => void): void {
  const latest = useRef(pressed);
  latest.current = pressed;
  useLayoutEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (event.key !== HAND_KEY || event.repeat) return;
      event.preventDefault();
      latest.current();
    };
    addEventListener("keydown", down);
    return () => removeEventListener("keydown", down);
  }, []);
}
