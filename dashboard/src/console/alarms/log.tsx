import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAsked } from "../../shared/asked";
import { clockLength, dayAndTime } from "../../shared/format";
import { worded } from "../../shared/i18n";
import { Alert, Chip, Field } from "../../shared/parts";
import type { Site } from "../../shared/site";
import { scopes, troubles } from "../../wall/alarmwords";
import { t } from "../words";
import { dayField, districtsOf, type Log, type LogLine, sentenceOf } from "./model";
import { severities, w } from "./words";

const TONES = ["idle", "minor", "warn", "bad"] as const;

/** Who has the night wants the evening with it. */
const NIGHT_MS = 6 * 3_600_000;

function length(seconds: number | null): string {
  return seconds === null ? "–" : clockLength(seconds * 1000);
}

/** The incident log: in order, by day, district and site; to print and as a sheet. */
export function IncidentLog(): JSX.Element {
  const today = dayField(Date.now());
  const [from, setFrom] = useState(dayField(Date.now() - NIGHT_MS));
  const [until, setUntil] = useState(today);
  const [district, setDistrict] = useState("");
  const [site, setSite] = useState("");
  const sites = useAsked<Site[]>("/api/v1/sites");
  const query = new URLSearchParams({ from, until, ...(district && { district }), ...(site && { site }) });
  const log = useAsked<Log>(`/api/v1/alarms/log?${query}`, 10_000);
  const known = sites.value ?? [];
  const codes = new Map(known.map((each) => [each.id, each.code]));
  const names = new Map(known.map((each) => [each.id, `${each.code} ${each.name}`]));
  const within = known.filter(({ path }) => !district || path[1] === district);
  return (
    <>
      <section class="card columns noprint">
        <Field label={w.from}>
          <input type="date" value={from} onInput={(e) => setFrom(e.currentTarget.value)} />
        </Field>
        <Field label={w.until}>
          <input type="date" value={until} onInput={(e) => setUntil(e.currentTarget.value)} />
        </Field>
        <Field label={w.district}>
          <select
            value={district}
            onChange={(e) => {
              setDistrict(e.currentTarget.value);
              setSite("");
            }}
          >
            <option value="">{w.everywhere}</option>
            {districtsOf(known).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </Field>
        <Field label={t.site}>
          <select value={site} onChange={(e) => setSite(e.currentTarget.value)}>
            <option value="">{w.everywhere}</option>
            {within.map((each) => (
              <option key={each.id} value={each.id}>
                {each.code} {each.name}
              </option>
            ))}
          </select>
        </Field>
        <div class="row tight nowrap">
          {["pdf", "xlsx", "csv"].map((kind) => (
            <a key={kind} class="button small" href={`/api/v1/alarms/log.${kind}?${query}`} download>
              {kind.toUpperCase()}
            </a>
          ))}
        </div>
      </section>
      {log.fault && <Alert tone="bad">{log.fault}</Alert>}
      {log.value && <Figures figures={log.value.figures} />}
      {log.value?.cut && <Alert tone="warn">{w.cut}</Alert>}
      {log.value && log.value.lines.length === 0 && <p class="muted">{w.nothing}</p>}
      {log.value && log.value.lines.length > 0 && (
        <div class="card scroll-x" tabIndex={0}>
          <table class="tight">
            <thead>
              <tr>
                <th>{t.time}</th>
                <th>{w.alarm}</th>
                <th>{w.happened}</th>
                <th>{w.who}</th>
              </tr>
            </thead>
            <tbody>
              {log.value.lines.map((line) => (
                <Row key={line.seq} line={line} codes={codes} names={names} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Figures({ figures }: { figures: Log["figures"] }): JSX.Element {
  return (
    <p class="row num">
      <b>{w.figures(figures.alarms, figures.grave, figures.sites)}</b>
      {figures.taken > 0 && <span>{w.takenAfter(figures.taken, length(figures.median_taken_s))}</span>}
      {figures.longest_s !== null && <span>{w.longest(length(figures.longest_s))}</span>}
    </p>
  );
}

function Row(props: {
  line: LogLine;
  codes: ReadonlyMap<string, string>;
  names: ReadonlyMap<string, string>;
}): JSX.Element {
  const { line, codes, names } = props;
  const strong = line.kind === "raised" || line.kind === "cleared";
  const cause = line.name ? (names.get(line.name) ?? line.name) : worded(scopes, line.scope);
  return (
    <tr>
      <td class="nowrap">
        <span class="num">{dayAndTime(line.at_ms, true)}</span>
      </td>
      <td>
        {line.trouble && (
          <>
            <Chip tone={TONES[line.severity] ?? "idle"}>{worded(severities, String(line.severity))}</Chip>{" "}
            {worded(troubles, line.trouble)}: {cause}
          </>
        )}
      </td>
      <td class="detail">{strong ? <b>{sentenceOf(line, codes)}</b> : sentenceOf(line, codes)}</td>
      <td>{line.who}</td>
    </tr>
  );
}
