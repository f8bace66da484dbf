import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { clockLength, whole } from "../shared/format";
import { worded } from "../shared/i18n";
import type { Line } from "./model";
import { clocks, t, words } from "./words";

const TILE = { width: 292, height: 118, gap: 8 };
const BESIDE = 3;

/** All sites, the urgent ones first. Only the tiles in sight are drawn: a thousand sites scroll as fast as ten. */
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
  const across = Math.max(1, Math.floor((seen.width + TILE.gap) / (TILE.width + TILE.gap)));
  const step = TILE.height + TILE.gap;
  const rows = Math.ceil(props.lines.length / across);
  const first = Math.max(0, Math.floor(seen.top / step) - BESIDE);
  const last = Math.min(rows, Math.ceil((seen.top + seen.height) / step) + BESIDE);
  const width = (seen.width - TILE.gap * (across - 1)) / across;
  return (
    <div class="board-grid" ref={box} tabIndex={0} role="list" aria-label={t.sites}>
      <div class="board-all" style={{ height: `${rows * step}px` }}>
        {props.lines.slice(first * across, last * across).map((line, place) => {
          const at = first * across + place;
          const style = {
            transform: `translate(${(at % across) * (width + TILE.gap)}px, ${Math.floor(at / across) * step}px)`,
            width: `${width}px`,
            height: `${TILE.height}px`,
          };
          return <Tile key={line.site} line={line} style={style} />;
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

function Tile(props: { line: Line; style: Record<string, string> }): JSX.Element {
  const { line } = props;
  const share = line.registered ? line.handed_in / line.registered : 0;
  return (
    <article class={`board-tile word-${line.word}`} style={props.style} role="listitem">
      <p class="first">
        <span class="code num">{line.code}</span>
        <b class="word">{worded(words, line.word)}</b>
      </p>
      <p class="name" title={`${line.name} · ${line.district}`}>
        {line.name}
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
      <p class="remark">
        {line.rank < 8 && line.phone ? (
          <a class="num" href={`tel:${line.phone}`} title={line.contact}>
            {line.phone}
          </a>
        ) : null}{" "}
        {remarks(line).join(" · ")}
      </p>
    </article>
  );
}
