import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { clockLength, day, dayAndTime, timeOfDay } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { marks } from "./axis";
import {
  drawable,
  facets,
  type History,
  type Lane,
  shares,
  sources,
  stateTone,
  stateWord,
  type Stretch,
} from "./history";

const MOST_MARKS = 8;
const MOST_DRAWN = 400;

const w = dictionary({
  pick: { vi: "Chạm vào một quãng để xem rõ.", en: "Touch a stretch to read it." },
  legend: { vi: "Chú giải", en: "Legend" },
  told: { vi: "điểm cầu kể lại sau", en: "told by the site afterwards" },
  nobody: { vi: "không ai thấy", en: "seen by nobody" },
});

const word = (facet: string): string => (facets as Record<string, string>)[facet] ?? facet;

/** Everything that is followed of a site, one line each, along one time axis. */
export function Timeline({ history }: { history: History }): JSX.Element {
  const [picked, pick] = useState<{ facet: string; stretch: Stretch } | null>(null);
  const { from_ms, until_ms } = history;
  return (
    <figure class="timeline">
      {history.lanes.map((lane) => (
        <LaneRow
          key={lane.facet}
          lane={lane}
          fromMs={from_ms}
          untilMs={until_ms}
          onPick={(stretch) => pick({ facet: lane.facet, stretch })}
        />
      ))}
      <Axis fromMs={from_ms} untilMs={until_ms} />
      <figcaption class="num" aria-live="polite">
        {picked ? (
          <Told facet={picked.facet} stretch={picked.stretch} />
        ) : (
          <span class="muted">{w.pick}</span>
        )}
        <span class="legend muted">
          <i class="swatch afterwards" /> {w.told} <i class="swatch nobody" /> {w.nobody}
        </span>
      </figcaption>
    </figure>
  );
}

function LaneRow(props: {
  lane: Lane;
  fromMs: number;
  untilMs: number;
  onPick: (stretch: Stretch) => void;
}): JSX.Element {
  const { lane, fromMs, untilMs } = props;
  const of = untilMs - fromMs;
  const find = (event: JSX.TargetedMouseEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = fromMs + ((event.clientX - box.left) / box.width) * of;
    const found = lane.stretches.find(({ until_ms }) => until_ms > at) ?? lane.stretches.at(-1);
    if (found) props.onPick(found);
  };
  return (
    <div class="lane">
      <span class="lane-name">{word(lane.facet)}</span>
      <span class="lane-bar" role="img" aria-label={described(lane)} onClick={find}>
        {drawable(lane, fromMs, untilMs, MOST_DRAWN).map((stretch) => (
          <i
            key={stretch.from_ms}
            class={`stretch tone-${stateTone(lane.facet, stretch.state)} ${stretch.source}`}
            style={{ width: `${((stretch.until_ms - stretch.from_ms) / of) * 100}%` }}
            title={told(lane.facet, stretch)}
          />
        ))}
      </span>
    </div>
  );
}

function described(lane: Lane): string {
  const parts = shares(lane).map(
    ([state, share]) => `${stateWord(lane.facet, state)} ${Math.round(share * 100)} %`,
  );
  return `${word(lane.facet)}: ${parts.join(", ")}`;
}

function told(facet: string, stretch: Stretch): string {
  return `${timeOfDay(stretch.from_ms, true)}–${timeOfDay(stretch.until_ms, true)} ${stateWord(facet, stretch.state)}`;
}

function Told({ facet, stretch }: { facet: string; stretch: Stretch }): JSX.Element {
  return (
    <span>
      <b>{word(facet)}</b>: {dayAndTime(stretch.from_ms, true)} – {timeOfDay(stretch.until_ms, true)} (
      {clockLength(stretch.until_ms - stretch.from_ms)}) ·{" "}
      <b class={`tone-${stateTone(facet, stretch.state)}`}>{stateWord(facet, stretch.state)}</b> ·{" "}
      {sources[stretch.source]}
    </span>
  );
}

function Axis({ fromMs, untilMs }: { fromMs: number; untilMs: number }): JSX.Element {
  return (
    <div class="lane axis num" aria-hidden="true">
      <span class="lane-name" />
      <span class="lane-bar">
        {marks(fromMs, untilMs - (untilMs - fromMs) / 25, MOST_MARKS).map(({ atMs, day: isDay }) => (
          <span
            key={atMs}
            class={`mark ${isDay ? "day" : ""}`}
            style={{ left: `${((atMs - fromMs) / (untilMs - fromMs)) * 100}%` }}
          >
            {isDay ? day(atMs).slice(0, 5) : timeOfDay(atMs)}
          </span>
        ))}
      </span>
    </div>
  );
}
