import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { can } from "../shared/signed";
import { Bands } from "./bandgrid";
import { bigTiles, gridFor, scrolls } from "./density";
import { inTrouble, picture } from "./live";
import { Rooms } from "./pictures";
import { grouping, MANY, shown, wish } from "./shown";
import { SiteTile } from "./tile";
import { t } from "./words";

interface Size {
  width: number;
  height: number;
}

/** The size of an element in CSS pixels, followed. */
export function useSize(of: RefObject<HTMLElement>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const box = of.current;
    if (!box) return;
    const watch = new ResizeObserver(() => setSize({ width: box.clientWidth, height: box.clientHeight }));
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  return size;
}

/** All sites at once, as large as the room they have allows. */
export function Sites(props: { onOpen: (id: string) => void }): JSX.Element {
  const room = useRef<HTMLDivElement>(null);
  const size = useSize(room);
  const ids = shown.value;
  if (wish.value.pictures && can("wall.pictures") && ids.length > 0) return <Rooms onOpen={props.onOpen} />;
  const banded = ids.length > MANY || grouping.value !== "none";
  return (
    <div ref={room} class="room">
      {ids.length === 0 && <p class="muted">{picture.value?.sites.size ? t.noneFits : t.noSites}</p>}
      {size.width > 0 &&
        ids.length > 0 &&
        (banded ? (
          <Bands size={size} onOpen={props.onOpen} />
        ) : (
          <Mosaic ids={ids} size={size} onOpen={props.onOpen} />
        ))}
    </div>
  );
}

/** Few sites: one grid, trouble first and larger. */
function Mosaic(props: { ids: readonly string[]; size: Size; onOpen: (id: string) => void }): JSX.Element {
  const { ids, size } = props;
  const narrow = scrolls(size.width);
  const loud = inTrouble.value;
  const big = narrow ? 0 : bigTiles(ids.length, loud);
  const gap = 10;
  const grid = gridFor(ids.length, big, size.width, size.height, gap);
  const style = narrow
    ? {}
    : { gridTemplate: `repeat(${grid.rows}, minmax(0, 1fr)) / repeat(${grid.columns}, minmax(0, 1fr))`, gap };
  return (
    <div class={`sites ${narrow ? "narrow" : ""}`} style={style}>
      {ids.map((id, at) => {
        const large = at < Math.min(big, loud);
        return (
          <div key={id} class={large ? "cell big" : "cell"}>
            <SiteTile
              id={id}
              density={narrow ? "m" : large ? grid.bigDensity : grid.density}
              onOpen={props.onOpen}
            />
          </div>
        );
      })}
    </div>
  );
}
