import "./onwall.css";
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import type { Tile, WallFloor } from "../shared/feed";
import { countdown } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { floorAt } from "../wall/live";
import { shortName } from "../wall/shortname";

const t = dictionary({
  speaks: { vi: "đang phát biểu", en: "speaks" },
  hands: { vi: (n: number) => `${n} giơ tay`, en: (n: number) => `${n} hands up` },
  aside: { vi: "nói riêng", en: "private word" },
  open: { vi: "Điều hành phát biểu", en: "The floor" },
});

/** In a session's strip: who speaks and how many hands are up; it leads to where the floor is given. */
export function FloorLine(props: {
  floor: WallFloor | undefined;
  session: string;
  sites: ReadonlyMap<string, Tile>;
  nowMs: number;
}): JSX.Element {
  const { floor, session, sites, nowMs } = props;
  const speaker = floor?.speaker ? sites.get(floor.speaker) : undefined;
  return (
    <a class="floor-line" href={`/floor/${encodeURIComponent(session)}`} title={t.open}>
      <Icon name="hand" />
      {floor?.speaker && (
        <b class="num">
          {speaker && <span class="ellipsis">{shortName(speaker.name)}</span>} {t.speaks}{" "}
          {countdown(floor.until_ms, nowMs)}
        </b>
      )}
      <span class="num">{t.hands(floor?.hands.length ?? 0)}</span>
    </a>
  );
}

/** On a room's tile. Drawn again for itself alone. */
export function FloorMarkOf({ id }: { id: string }): JSX.Element | null {
  const mark = useComputed(() => floorAt.value.get(id)).value;
  if (mark === undefined) return null;
  const word = mark === "speaks" ? t.speaks : mark === "aside" ? t.aside : `${mark}`;
  return (
    <span class={`tile-floor ${mark === "speaks" ? "now" : ""}`} title={word}>
      <Icon name={mark === "aside" ? "phone" : mark === "speaks" ? "sound" : "hand"} />
      {typeof mark === "number" && <span class="num">{mark}</span>}
    </span>
  );
}
