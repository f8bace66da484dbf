import { useLayoutEffect, useState } from "preact/hooks";

/** What follows the sign # in the page's address, followed. */
export function useFragment(): string {
  const [fragment, go] = useState(here);
  useLayoutEffect(() => {
    const moved = (): void => go(here());
    addEventListener("hashchange", moved);
    // It may have changed between the first drawing and now, and nobody says so again.
    moved();
    return () => removeEventListener("hashchange", moved);
  }, []);
  return fragment;
}

function here(): string {
  return location.hash.slice(1);
}
