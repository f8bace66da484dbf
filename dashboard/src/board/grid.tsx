import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { clockLength, whole } from "../shared/format";
import { worded } from "../shared/i18n";
import { Phone } from "../shared/phone";
import { shortName } from "../wall/shortname";
import { laidOut } from "./layout";
import type { Line } from "./model";
import { clocks, t, words } from "./words";

/** How far out of sight tiles are still drawn, px. */
const BESIDE = 300;

/** All sites, the urgent ones first and large, the calm ones small. Only the tiles in sight are drawn: a thousand sites
 * scroll as fast as ten. */
export function Grid(props: { lines: readonly Line[] }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ width: 1200, height: 800, top: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = (): void =>
      setSeen({ width: element.clientWidth, height: element.clientHeight, top: element.scrollTop });
    look();
    const watch = new ResizeObserver(look);
    watch.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      watch.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
  const { places, height } = laidOut(props.lines, seen.width);
  const inSight = places.filter(
    (place) => place.y + place.height > seen.top - BESIDE && place.y < seen.top + seen.height + BESIDE,
  );
  return (
    <div class="board-grid" ref={box} tabIndex={0} role="list" aria-label={t.sites}>
      <div class="board-all" style={{ height: `${height}px` }}>
        {inSight.map((place) => {
          const style = {
            transform: `translate(${place.x}px, ${place.y}px)`,
            width: `${place.width}px`,
            height: `${place.height}px`,
          };
          return <Tile key={place.line.site} line={place.line} dense={place.dense} style={style} />;
        })}
      </div>
    </div>
  );
}

function remarks(line: Line): string[] {
  const found = [];
  if (line.late_s > 0) found.push(t.lateBy(clockLength(line.late_s * 1000)));
  if (line.silent_s !== null) found.push(t.silentFor(clockLength(line.silent_s * 1000)));
  if (line.incidents) found.push(t.noted(line.incidents));
  if (line.proposals - line.unheld > 0) found.push(t.proposals(line.proposals - line.unheld));
  if (line.unheld) found.push(t.unheld(line.unheld));
  if (line.trouble) found.push(t.troubled(line.trouble));
  if (line.extra_s) found.push(t.plus(String(Math.ceil(line.extra_s / 60))));
  if (line.clock === "blind" || line.clock === "loose")
    found.push(`${t.clocks}: ${worded(clocks, line.clock)}`);
  return found;
}

function Tile(props: { line: Line; dense: boolean; style: Record<string, string> }): JSX.Element {
  const { line } = props;
  const share = line.registered ? line.handed_in / line.registered : 0;
  return (
    <article
      class={`board-tile word-${line.word} ${props.dense ? "dense" : ""}`}
      style={props.style}
      role="listitem"
    >
      {!props.dense && (
        <p class="first">
          <span class="code num">{line.code}</span>
          <b class="word">{worded(words, line.word)}</b>
        </p>
      )}
      <p class="name" title={`${line.code} ${line.name} · ${line.district} · ${worded(words, line.word)}`}>
        {props.dense && <span class="code num">{line.code} </span>}
        {props.dense ? shortName(line.name) : line.name}
      </p>
      <p class="figures num">
        <span title={t.signedIn}>
          {whole(line.signed_in)}/{whole(line.registered)}
        </span>
        <span title={t.handedIn}>✓ {whole(line.handed_in)}</span>
        <span class="track" aria-hidden="true">
          <i style={{ width: `${share * 100}%` }} />
        </span>
      </p>
      {!props.dense && (
        <p class="remark">
          {line.rank < 8 && line.phone ? (
            <Phone site={line.site} phone={line.phone} title={line.contact} />
          ) : null}{" "}
          {remarks(line).join(" · ")}
        </p>
      )}
    </article>
  );
}
