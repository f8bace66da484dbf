import type { JSX } from "preact";
import { OrderButton } from "../orders/give";
import { worded } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { can } from "../shared/signed";
import { picture } from "./live";
import { ViewSwitch } from "./pictures";
import { choices, missed, shown, want, wantEverything, wish } from "./shown";
import { GROUPINGS, isEverything } from "./wish";
import { levels, t } from "./words";

/** What is looked for, by place, level and words; the states stand in the header, on their counters. */
export function Toolbar(): JSX.Element {
  const asked = wish.value;
  const { districts, levels: some } = choices.value;
  return (
    <search class="toolbar">
      {can("wall.pictures") && <ViewSwitch />}
      <input
        class="find"
        type="search"
        value={asked.text}
        placeholder={t.find}
        aria-label={t.find}
        onInput={(event) => want({ text: event.currentTarget.value }, false)}
      />
      <Choice
        word={t.allDistricts}
        value={asked.district}
        options={[...districts].sort(([a], [b]) => a.localeCompare(b, "vi", { numeric: true }))}
        onChoose={(district) => want({ district })}
      />
      <Choice
        word={t.allLevels}
        value={asked.level}
        options={[...some].map(([key, count]) => [key, count] as const)}
        shown={(level) => worded(levels, level)}
        onChoose={(level) => want({ level })}
      />
      <select
        aria-label={t.grouped}
        value={asked.by}
        onChange={(event) =>
          want({ by: GROUPINGS.find((each) => each === event.currentTarget.value) ?? "auto" })
        }
      >
        {GROUPINGS.map((each) => (
          <option key={each} value={each}>
            {t[`by_${each}`]}
          </option>
        ))}
      </select>
      {!isEverything(asked) && (
        <>
          <span class="num found">{t.found(shown.value.length)}</span>
          <button class="button small" onClick={wantEverything}>
            {t.showAll}
          </button>
          {missed.value > 0 && (
            <button class="button small missed" onClick={wantEverything}>
              <Icon name="warning" /> {t.missed(missed.value)}
            </button>
          )}
        </>
      )}
      <OrderButton
        count={shown.value.length}
        targets={() =>
          shown.value.map((id) => ({ id, away: picture.value?.sites.get(id)?.state !== "online" }))
        }
        scope={[asked.district, asked.level && worded(levels, asked.level), asked.text]
          .filter(Boolean)
          .join(", ")}
      />
    </search>
  );
}

function Choice(props: {
  word: string;
  value: string;
  options: readonly (readonly [string, number])[];
  shown?: (key: string) => string;
  onChoose: (key: string) => void;
}): JSX.Element {
  const known = props.options.some(([key]) => key === props.value);
  return (
    <select
      aria-label={props.word}
      value={props.value}
      onChange={(event) => props.onChoose(event.currentTarget.value)}
    >
      <option value="">{props.word}</option>
      {props.value && !known && <option value={props.value}>{props.value} (0)</option>}
      {props.options.map(([key, count]) => (
        <option key={key} value={key}>
          {props.shown ? props.shown(key) : key} ({count})
        </option>
      ))}
    </select>
  );
}
