import type { JSX } from "preact";
import { whole } from "../shared/format";
import { worded } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { MARKS } from "./marks";
import { districts, type Line, VERDICTS } from "./model";
import { t, verdicts } from "./words";

/** One number of each verdict for every district; a tap shows its sites only. */
export function Districts(props: {
  all: Line[];
  chosen: string;
  onPick: (name: string) => void;
}): JSX.Element | null {
  const found = districts(props.all);
  if (found.length < 2) return null;
  return (
    <section class="ready-districts">
      <h2>{t.districts}</h2>
      <ul>
        {found.map(({ name, sums, total }) => (
          <li key={name}>
            <button
              aria-pressed={props.chosen === name}
              onClick={() => props.onPick(props.chosen === name ? "" : name)}
            >
              <span class="name">{name}</span>
              <span class="share" aria-hidden="true">
                {VERDICTS.map((verdict) => (
                  <i
                    key={verdict}
                    class={`v-${verdict}`}
                    style={{ width: `${(100 * sums[verdict]) / total}%` }}
                  />
                ))}
              </span>
              <span class="figures">
                {VERDICTS.map((verdict) => (
                  <span
                    key={verdict}
                    class={`num v-${verdict} ${sums[verdict] ? "" : "zero"}`}
                    title={worded(verdicts, verdict)}
                  >
                    <Icon name={MARKS[verdict]} />
                    <span class="visually-hidden">{worded(verdicts, verdict)}</span> {whole(sums[verdict])}
                  </span>
                ))}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
