import type { JSX } from "preact";
import type { Tile } from "../shared/feed";
import { clockLength, timeOfDay } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { RungFact } from "../wall/rung";
import { type History, sinceItBegan, stateTone, stateWord } from "./history";

const w = dictionary({
  title: { vi: "Bài giảng tới phòng này", en: "What of the lecture comes here" },
  before: { vi: "Trong buổi học này", en: "During this session" },
});

const MOST = 12;

/** How much of the lecture the room gets, why, since when, and what may be ordered. Nothing while no session is on. */
export function LadderHere(props: {
  tile: Tile;
  history: History | null;
  changed: () => void;
}): JSX.Element | null {
  const { tile, history, changed } = props;
  if (!tile.session) return null;
  const lane = history?.lanes.find(({ facet }) => facet === "rung");
  const steps = lane ? sinceItBegan(lane).reverse().slice(0, MOST) : [];
  return (
    <section class="card ladder-here">
      <h2>{w.title}</h2>
      <div class="facts">
        <dl>
          <RungFact tile={tile} changed={changed} />
        </dl>
      </div>
      {steps.length > 0 && (
        <>
          <h3>{w.before}</h3>
          <ul class="book happened">
            {steps.map(({ from_ms, until_ms, state }) => (
              <li key={from_ms}>
                <time class="num">{timeOfDay(from_ms, true)}</time>
                <span>
                  <b class={`tone-${stateTone("rung", state)}`}>{stateWord("rung", state)}</b>{" "}
                  <span class="muted num">({clockLength(until_ms - from_ms)})</span>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
