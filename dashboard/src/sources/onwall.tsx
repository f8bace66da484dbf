import type { JSX } from "preact";
import type { SourceOnAir } from "../shared/feed";
import { worded } from "../shared/i18n";
import { place } from "./model";
import { onWall } from "./words";

/** What the wall says of the source on air, empty while nobody is. */
export function sourceName(source: SourceOnAir): string {
  if (source.way === "file")
    return onWall.film(source.name, source.left_s === null ? "" : place(source.left_s));
  if (source.way === "browser" || !source.way) return worded(onWall, source.way);
  return `${source.name} (${worded(onWall, source.way)})`;
}

/** Which source is in trouble, in a sentence; empty when none is. */
export function sourceTrouble({ trouble, troubled }: SourceOnAir): string {
  if (trouble === "not_sending") return onWall.not_sending(troubled);
  if (trouble === "overloaded") return onWall.overloaded(troubled);
  return trouble ? onWall.failed(troubled) : "";
}

/** In the session's strip: where the lecture comes from, and what is amiss with it. */
export function SourceLine({ source }: { source: SourceOnAir | undefined }): JSX.Element | null {
  if (!source) return null;
  const trouble = sourceTrouble(source);
  return (
    <>
      {trouble && (
        <span class={source.trouble === "overloaded" ? "air on" : "air off"} role="alert">
          {trouble}
        </span>
      )}
      {source.way && <span class="ellipsis num">{sourceName(source)}</span>}
    </>
  );
}
