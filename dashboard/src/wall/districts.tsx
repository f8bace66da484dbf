import type { JSX } from "preact";
import type { DistrictCount } from "../shared/feed";
import { whole } from "../shared/format";
import { Icon } from "../shared/icons";
import { want } from "./shown";
import { t } from "./words";

/** More than this would push the events off the wall. */
const SHOWN = 9;

/** The districts with most trouble first; those beyond the limit are a number. */
export function Districts({ districts }: { districts: readonly DistrictCount[] }): JSX.Element {
  const ordered = [...districts].sort(
    (a, b) => b.trouble - a.trouble || a.district.localeCompare(b.district, "vi"),
  );
  const hidden = ordered.length - SHOWN;
  return (
    <div class="districts">
      <ul>
        {ordered.slice(0, SHOWN).map((each) => (
          <DistrictRow key={each.district} district={each} />
        ))}
      </ul>
      {hidden > 0 && <p class="muted">{t.moreDistricts(hidden)}</p>}
    </div>
  );
}

function DistrictRow({ district }: { district: DistrictCount }): JSX.Element {
  const { total, online, trouble } = district;
  return (
    <li>
      <button class="district-name" onClick={() => want({ district: district.district })}>
        {district.district}
      </button>
      <span class="num">
        {trouble > 0 && (
          <b class="tone-bad">
            <Icon name="warning" /> {trouble}{" "}
          </b>
        )}
        {online}/{total}
      </span>
      <span class="district-bar">
        <span class="ok" style={{ flexGrow: Math.max(0, online - trouble) }} />
        <span class="hurt" style={{ flexGrow: trouble }} />
        <span class="off" style={{ flexGrow: Math.max(0, total - Math.max(online, trouble)) }} />
      </span>
      <span class="num district-heads">
        {whole(district.counted)}/{whole(district.expected)}
      </span>
    </li>
  );
}
