import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { language } from "../shared/i18n";
import { bigTiles, gridFor, scrolls } from "./density";
import { callerAt, inTrouble, matterAt, tiles } from "./live";
import { SiteTile } from "./tile";
import { t } from "./words";

/** All sites at once, as large as the room they have allows. */
export function Sites(props: { onOpen: (id: string) => void }): JSX.Element {
  const room = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const box = room.current;
    if (!box) return;
    const watch = new ResizeObserver(() => setSize({ width: box.clientWidth, height: box.clientHeight }));
    watch.observe(box);
    return () => watch.disconnect();
  }, []);

  const all = tiles.value;
  const narrow = scrolls(size.width);
  const big = narrow ? 0 : bigTiles(all.length, inTrouble.value);
  const gap = all.length > 60 ? 5 : 10;
  const grid = gridFor(all.length, big, size.width, size.height, gap);
  const style = narrow
    ? {}
    : { gridTemplate: `repeat(${grid.rows}, minmax(0, 1fr)) / repeat(${grid.columns}, minmax(0, 1fr))`, gap };
  return (
    <div ref={room} class={`sites ${narrow ? "narrow" : ""}`} style={style}>
      {all.length === 0 && <p class="muted">{t.noSites}</p>}
      {size.width > 0 &&
        all.map((tile, at) => (
          <div key={tile.id} class={at < Math.min(big, inTrouble.value) ? "cell big" : "cell"}>
            <SiteTile
              tile={tile}
              density={narrow ? "m" : at < Math.min(big, inTrouble.value) ? grid.bigDensity : grid.density}
              onOpen={props.onOpen}
              language={language.value}
              caller={callerAt.value.get(tile.id)}
              matter={matterAt.value.has(tile.id)}
            />
          </div>
        ))}
    </div>
  );
}
