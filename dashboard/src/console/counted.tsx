import type { JSX } from "preact";
import { aboutOf, type Counted, qualityOf, spanOf, stillOf } from "./countnotes";

/** What stands beside a number that a camera counted. */
export function Beside({ counted }: { counted: Counted }): JSX.Element {
  const plain = [spanOf(counted), qualityOf(counted)].filter(Boolean).join(" · ");
  const about = aboutOf(counted);
  const still = stillOf(counted);
  return (
    <>
      {plain && <small class="muted block">{plain}</small>}
      {about && <small class="block">{about}</small>}
      {still && <small class="tone-warn block">{still}</small>}
    </>
  );
}
