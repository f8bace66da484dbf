import type { JSX } from "preact";
import { memo } from "preact/compat";
import { useMemo } from "preact/hooks";
import { worded } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { bandsFor, type Plan, scrolling } from "./bands";
import type { Density } from "./density";
import { scrolls } from "./density";
import { picture } from "./live";
import { type Group, grouping, groups, loud, loudNow, want } from "./shown";
import { SiteTile } from "./tile";
import { isInTrouble } from "./wish";
import { levels, t } from "./words";

type Open = (id: string) => void;

const GAP = 2;
const LABEL = 178;
/** Tiles of sites in trouble: as large as a name and a sentence need. */
const LOUD = { width: 228, height: 112, gap: 6 };
const HEAD = 40;
const LOUD_ON_PHONE = 40;

/** Many sites: trouble above, large; below it every site at a place that never moves, by group. */
export function Bands(props: { size: { width: number; height: number }; onOpen: Open }): JSX.Element {
  const { width, height } = props.size;
  const all = groups.value;
  const narrow = scrolls(width);
  const sizes = all.map(({ ids }) => ids.length);
  const rows = loudRows(
    sizes.reduce((sum, size) => sum + size, 0),
    height,
  );
  const above = narrow ? 0 : HEAD + rows * (LOUD.height + LOUD.gap);
  const label = all.length > 1 && !narrow ? LABEL : 0;
  const plan = useMemo(
    () =>
      narrow
        ? scrolling(sizes, { width, height, gap: GAP * 2, label: 0 })
        : bandsFor(sizes, { width, height: height - above, gap: GAP, label }),
    [sizes.join(), width, height, above, label, narrow],
  );
  const columns = Array.from({ length: plan.columns }, (_, column) =>
    all.filter((_, band) => plan.at[band] === column),
  );
  return (
    <div class={`banded ${narrow ? "narrow" : ""} ${plan.scrolls ? "scrolls" : ""}`}>
      <Loud room={narrow ? LOUD_ON_PHONE : rows * perRow(width)} narrow={narrow} onOpen={props.onOpen} />
      <div class="bands" style={{ gridTemplateColumns: `repeat(${plan.columns}, minmax(0, 1fr))` }}>
        {columns.map((bands, column) => (
          <div key={column} class="bands-column">
            {bands.map((group) => (
              <Band key={group.key} group={group} plan={plan} label={label} onOpen={props.onOpen} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function loudRows(count: number, height: number): number {
  return count > 250 && height > 700 ? 2 : 1;
}

function perRow(width: number): number {
  return Math.max(1, Math.floor((width + LOUD.gap) / (LOUD.width + LOUD.gap)));
}

/** The place of trouble: always the same size, so that one more site in trouble does not move the others. */
function Loud(props: { room: number; narrow: boolean; onOpen: Open }): JSX.Element {
  const ids = loud.value;
  const now = loudNow.value;
  const more = now - props.room;
  const first = ids.slice(0, props.room);
  return (
    <section class="loudest">
      <h2>
        <Icon name={now ? "warning" : "check"} /> {now ? t.inTrouble(now) : t.noTrouble}
        {more > 0 && (
          <button class="button small" onClick={() => want({ kinds: ["trouble"], by: "none" })}>
            {t.moreTrouble(more)}
          </button>
        )}
      </h2>
      <div
        class="loud-tiles"
        style={props.narrow ? {} : { gridTemplateColumns: `repeat(auto-fill, minmax(${LOUD.width}px, 1fr))` }}
      >
        {first.map((id) => (
          <div key={id} class="cell" style={{ height: `${LOUD.height}px` }}>
            <SiteTile id={id} density="m" onOpen={props.onOpen} />
          </div>
        ))}
      </div>
    </section>
  );
}

interface BandProps {
  group: Group;
  plan: Plan;
  label: number;
  onOpen: Open;
}

function Band({ group, plan, label, onOpen }: BandProps): JSX.Element {
  return (
    <section
      class="band"
      style={{ gridTemplateColumns: label ? `${label}px minmax(0, 1fr)` : "minmax(0, 1fr)" }}
    >
      {grouping.value !== "none" && <BandLabel group={group} />}
      <BandTiles ids={group.ids} plan={plan} density={plan.density} onOpen={onOpen} />
    </section>
  );
}

/** The tiles of a band: made anew only when sites come or go, or the room changes. */
const BandTiles = memo(function BandTiles(props: {
  ids: readonly string[];
  plan: Plan;
  density: Density;
  onOpen: Open;
}): JSX.Element {
  const { plan } = props;
  const cell = { width: `${plan.width}px`, height: `${plan.height}px` };
  return (
    <div class="band-tiles" style={{ gap: `${GAP}px` }}>
      {props.ids.map((id) => (
        <div key={id} class="cell" style={cell}>
          <SiteTile id={id} density={props.density} onOpen={props.onOpen} />
        </div>
      ))}
    </div>
  );
});

function BandLabel({ group }: { group: Group }): JSX.Element {
  const sites = picture.value?.sites;
  let online = 0;
  let trouble = 0;
  for (const id of group.ids) {
    if (sites?.get(id)?.state === "online") online++;
    if (isInTrouble(sites?.get(id))) trouble++;
  }
  const by = grouping.value;
  const choose = (): void => {
    if (by === "district") want({ district: group.key });
    else if (by === "level") want({ level: group.key });
  };
  return (
    <button
      class={`band-label ${trouble ? "hurt" : ""}`}
      onClick={choose}
      disabled={by === "state"}
      title={named(group.key)}
    >
      <span class="band-name">{named(group.key)}</span>
      <span class="num band-figures">
        {trouble > 0 && (
          <b class="tone-bad">
            <Icon name="warning" /> {trouble}{" "}
          </b>
        )}
        {online}/{group.ids.length}
      </span>
    </button>
  );
}

function named(key: string): string {
  const by = grouping.value;
  return by === "level" ? worded(levels, key) : by === "state" ? worded(t, key) : key || t.noDistrict;
}
