import type { JSX } from "preact";
import type { Counters } from "../shared/feed";
import { whole } from "../shared/format";
import { Icon, type IconName } from "../shared/icons";
import type { Tone } from "../shared/parts";
import { stateLook } from "./look";
import { counts, want, wish } from "./shown";
import type { Kind } from "./wish";
import { t } from "./words";

function Figure(props: { kind: Kind; icon: IconName; tone: Tone; value: number; word: string }): JSX.Element {
  const { kinds } = wish.value;
  const pressed = kinds.includes(props.kind);
  const toggled = pressed ? kinds.filter((kind) => kind !== props.kind) : [...kinds, props.kind];
  return (
    <button
      class={`figure pick tone-${props.value ? props.tone : "idle"}`}
      aria-pressed={pressed}
      title={t.only(props.word)}
      onClick={() => want({ kinds: toggled })}
    >
      <span class="num">
        <Icon name={props.icon} /> {whole(props.value)}
      </span>
      <small>{props.word}</small>
    </button>
  );
}

/** The counters are the filters: each counts what it would show. */
export function StateCounters({ counters }: { counters: Counters }): JSX.Element {
  const now = counts.value;
  return (
    <section class="counters">
      {(["online", "late", "silent", "unknown", "never"] as const).map((state) => (
        <Figure key={state} kind={state} {...stateLook(state)} value={now[state]} word={t[state]} />
      ))}
      <Figure kind="trouble" icon="warning" tone="bad" value={now.trouble} word={t.trouble} />
      <div class="figure wide">
        <span class="num">
          <Icon name="people" /> {whole(counters.counted)}
          <span class="of">/{whole(counters.expected)}</span>
        </span>
        <small>
          {t.heads} · {t.declared.toLowerCase()} <b class="num">{whole(counters.declared)}</b>
        </small>
      </div>
    </section>
  );
}
