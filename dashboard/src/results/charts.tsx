import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { decimal, whole } from "../shared/format";
import { FEW, type Group, shares } from "./model";
import { o } from "./outcomewords";
import { bandWord, t } from "./words";

/** Charts as plain SVG: each says in words what it draws, and tells parts apart by pattern as well as colour. */

const WIDE = 640;

/** Hatchings over the colours of the bands: none, rising, falling, dots, crossed, upright. */
function Patterns({ id }: { id: string }): JSX.Element {
  const marks = ["", "M0 8L8 0", "M0 0L8 8", "M4 3v2", "M0 8L8 0M0 0L8 8", "M4 0v8"];
  return (
    <defs>
      {marks.map((path, at) => (
        <pattern key={at} id={`${id}-${at}`} width="8" height="8" patternUnits="userSpaceOnUse">
          <rect width="8" height="8" class={`fill b${at}`} />
          {path && <path d={path} class="hatch" />}
        </pattern>
      ))}
    </defs>
  );
}

export function BandChart({ of, names }: { of: Group; names: Record<string, string> }): JSX.Element {
  const id = useId();
  const rows = shares(of.bands);
  const most = Math.max(0.01, ...rows.map(({ share }) => share));
  const said = rows.map(({ band, count }) => `${bandWord(band, names)} ${count}`).join(", ");
  return (
    <figure>
      <svg
        class="chart"
        viewBox={`0 0 ${WIDE} ${rows.length * 36}`}
        role="img"
        aria-labelledby={`${id}t ${id}d`}
      >
        <title id={`${id}t`}>{`${t.bands}: ${of.name}`}</title>
        <desc id={`${id}d`}>{said}</desc>
        <Patterns id={id} />
        {rows.map(({ band, count, share }, at) => (
          <g key={band} transform={`translate(0 ${at * 36})`}>
            <text x="0" y="22">
              {bandWord(band, names)}
            </text>
            <rect
              x="150"
              y="5"
              width={Math.max(1, (share / most) * 330)}
              height="24"
              class="edge"
              fill={`url(#${id}-${at % 6})`}
            />
            <text x={160 + Math.max(1, (share / most) * 330)} y="22" class="num">
              {`${whole(count)} (${decimal(share * 100)} %)`}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}

/** How many people have marks in each step of one point, beside the shares of the whole as outlines. */
export function Histogram({ of, whole: all }: { of: Group; whole?: Group }): JSX.Element {
  const id = useId();
  const total = Math.max(1, of.opened);
  const parts = of.histogram.map((count) => count / total);
  const others = all ? all.histogram.map((count) => count / Math.max(1, all.opened)) : [];
  const most = Math.max(0.01, ...parts, ...others);
  const step = WIDE / Math.max(1, parts.length);
  const said = of.histogram.map((count, bin) => `${bin}–${bin + 1}: ${count}`).join("; ");
  return (
    <figure>
      <svg class="chart" viewBox={`0 0 ${WIDE} 210`} role="img" aria-labelledby={`${id}t ${id}d`}>
        <title id={`${id}t`}>{o.histogramOf(of.name, of.opened)}</title>
        <desc id={`${id}d`}>{said}</desc>
        {parts.map((share, bin) => {
          const high = (share / most) * 150;
          const outline = ((others[bin] ?? 0) / most) * 150;
          return (
            <g key={bin} transform={`translate(${bin * step} 0)`}>
              <rect class="column" x="4" y={175 - high} width={step - 8} height={high} />
              {all && <rect class="outline" x="4" y={175 - outline} width={step - 8} height={outline} />}
              <text class="num small" x={step / 2} y={170 - Math.max(high, outline)} text-anchor="middle">
                {of.histogram[bin]}
              </text>
              <text class="num small" x={step / 2} y="195" text-anchor="middle">{`${bin}–${bin + 1}`}</text>
            </g>
          );
        })}
        <path class="axis" d={`M0 175H${WIDE}`} />
      </svg>
      {all && (
        <figcaption class="muted">
          ▢ {o.whole} ({t.mean} {decimal(all.mean, 2)})
        </figcaption>
      )}
    </figure>
  );
}

const LEFT = 230;
const SCALE = (WIDE - LEFT - 60) / 10;

/** The mean of each group with its interval on the 10-point scale, and the mean of the whole as a line through all. */
export function Intervals({ groups, whole: all }: { groups: readonly Group[]; whole: Group }): JSX.Element {
  const id = useId();
  const shown = groups.filter(({ opened, mean }) => opened >= FEW && mean !== null);
  const height = shown.length * 30 + 26;
  const at = (mark: number): number => LEFT + mark * SCALE;
  const said = shown
    .map(
      ({ name, mean, low, high }) => `${name} ${decimal(mean, 2)} (${decimal(low, 1)}–${decimal(high, 1)})`,
    )
    .join("; ");
  return (
    <figure>
      <svg class="chart" viewBox={`0 0 ${WIDE} ${height}`} role="img" aria-labelledby={`${id}t ${id}d`}>
        <title id={`${id}t`}>{o.intervals}</title>
        <desc id={`${id}d`}>{said}</desc>
        {[0, 2, 4, 6, 8, 10].map((mark) => (
          <g key={mark}>
            <path class="grid" d={`M${at(mark)} 0V${height - 20}`} />
            <text class="num small" x={at(mark)} y={height - 4} text-anchor="middle">
              {mark}
            </text>
          </g>
        ))}
        {all.mean !== null && <path class="mean" d={`M${at(all.mean)} 0V${height - 20}`} />}
        {shown.map((group, row) => (
          <g key={group.key} transform={`translate(0 ${row * 30})`}>
            <text class="name" x="0" y="20">
              {short(group.name)}
            </text>
            {group.low !== null && group.high !== null && (
              <path class="interval" d={`M${at(group.low)} 15H${at(group.high)}`} />
            )}
            <circle class={`dot ${group.against ?? ""}`} cx={at(group.mean ?? 0)} cy="15" r="6" />
            <text class="num small" x={WIDE} y="20" text-anchor="end">
              {decimal(group.mean, 2)}
            </text>
          </g>
        ))}
      </svg>
      <figcaption class="muted">{o.intervalsHint}</figcaption>
    </figure>
  );
}

function short(name: string): string {
  return name.length > 28 ? `${name.slice(0, 27)}…` : name;
}
