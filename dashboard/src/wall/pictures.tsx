import type { JSX } from "preact";
import { memo } from "preact/compat";
import { useEffect, useRef } from "preact/hooks";
import { timeOfDay } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Icon, type IconName } from "../shared/icons";
import { cell } from "./cells";
import { heads, tileIcon, tileTone } from "./look";
import { see, sight, type Sight, startLooking } from "./looking";
import { shown, want, wish } from "./shown";
import { shortName } from "./shortname";

const w = dictionary({
  figures: { vi: "Số liệu", en: "Figures" },
  pictures: { vi: "Hình phòng", en: "Rooms" },
  count_only: { vi: "Phòng chỉ đếm người, không gửi hình", en: "This room only counts and sends no picture" },
  away: { vi: "Máy điểm cầu chưa nối", en: "The site's computer is not linked" },
  awaited: { vi: "Đang chờ hình…", en: "Waiting for a picture…" },
  blurred: { vi: "đã làm mờ", en: "blurred" },
  room: { vi: (name: string) => `Phòng ${name}`, en: (name: string) => `Room of ${name}` },
});

const PLATES: Record<string, IconName> = { count_only: "people", away: "plug", awaited: "clock" };

/** Between figures and pictures of the rooms. */
export function ViewSwitch(): JSX.Element {
  const { pictures } = wish.value;
  return (
    <div class="views" role="group">
      <button class="button small" aria-pressed={!pictures} onClick={() => want({ pictures: false })}>
        {w.figures}
      </button>
      <button class="button small" aria-pressed={pictures} onClick={() => want({ pictures: true })}>
        <Icon name="camera" /> {w.pictures}
      </button>
    </div>
  );
}

/** The rooms themselves, trouble first; only those on the screen are asked for pictures. */
export function Rooms(props: { onOpen: (id: string) => void }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const ids = shown.value;
  useEffect(startLooking, []);
  useEffect(() => {
    const watch = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const site = (target as HTMLElement).dataset["site"];
          if (site) see(site, isIntersecting);
        }
      },
      { root: box.current },
    );
    for (const each of box.current?.children ?? []) watch.observe(each);
    return () => watch.disconnect();
  }, [ids]);
  return (
    <div ref={box} class="rooms">
      {ids.map((id) => (
        <RoomTile key={id} id={id} onOpen={props.onOpen} />
      ))}
    </div>
  );
}

const RoomTile = memo(function RoomTile(props: {
  id: string;
  onOpen: (id: string) => void;
}): JSX.Element | null {
  const tile = cell(props.id)?.value;
  if (!tile) return null;
  const name = shortName(tile.name);
  return (
    <button
      class={`room-tile face-${tileTone(tile)}`}
      data-site={props.id}
      onClick={() => props.onOpen(props.id)}
    >
      <View sight={sight(props.id).value} name={name} />
      <span class="room-words">
        <span class="tile-mark">
          <Icon name={tileIcon(tile)} />
        </span>
        <span class="room-name">{name}</span>
        <span class="num">
          {heads(tile)}/{tile.expected}
        </span>
      </span>
    </button>
  );
});

/** The picture, or a drawn plate that says why there is none. */
function View({ sight, name }: { sight: Sight | null; name: string }): JSX.Element {
  if (!sight?.url) {
    const why = sight?.why || "awaited";
    return (
      <span class="plate">
        <Icon name={PLATES[why] ?? "camera"} />
        <span>{worded(w, why)}</span>
      </span>
    );
  }
  return (
    <span class="plate">
      <img src={sight.url} alt={w.room(name)} />
      <small class="num">
        {sight.at_ms !== null && timeOfDay(sight.at_ms, true)}
        {sight.policy === "blurred" && ` · ${w.blurred}`}
      </small>
    </span>
  );
}
