import type { JSX } from "preact";
import { decimal, whole } from "../shared/format";
import { FEW, type Group, quartiles, shares, SMALL } from "./model";
import { o } from "./outcomewords";
import { bandWord, t } from "./words";

/** Bands as one bar, best at the left; each part also carries its number, and the key its words. */
export function Bands({
  bands,
  names = {},
  large = false,
}: {
  bands: Record<string, number>;
  names?: Record<string, string>;
  large?: boolean;
}): JSX.Element {
  return (
    <span class={`bands ${large ? "large" : ""}`}>
      {shares(bands).map(({ band, count, share }, at) =>
        count ? (
          <span
            key={band}
            class={`b${at % 6}`}
            style={{ flexGrow: share }}
            title={`${bandWord(band, names)}: ${count} (${decimal(share * 100)} %)`}
          >
            {share > (large ? 0.03 : 0.12) && count}
          </span>
        ) : null,
      )}
    </span>
  );
}

export function BandKey(props: {
  bands: Record<string, number>;
  names?: Record<string, string>;
}): JSX.Element {
  const { bands, names = {} } = props;
  return (
    <ul class="band-key">
      {shares(bands).map(({ band, count, share }, at) => (
        <li key={band}>
          <i class={`b${at % 6}`} /> {bandWord(band, names)}{" "}
          <b class="num">
            {count} ({decimal(share * 100)} %)
          </b>
        </li>
      ))}
    </ul>
  );
}

export function Figures({ of }: { of: Group }): JSX.Element {
  const figures: [string, string][] = [
    [t.registered, whole(of.registered)],
    [t.present, whole(of.present)],
    [t.submitted, whole(of.submitted)],
    [t.received, whole(of.received)],
    [t.mean, decimal(of.mean, 2)],
    [t.median, decimal(of.median, 2)],
    [t.sd, decimal(of.sd, 2)],
    [t.quartiles, quartiles(of, 2)],
    [o.passed, of.opened ? `${decimal((of.passed / of.opened) * 100)} %` : "–"],
  ].slice(0, of.opened < FEW ? 4 : undefined) as [string, string][];
  return (
    <div class="figures num">
      {figures.map(([word, value]) => (
        <p key={word}>
          <b>{value}</b>
          <span>{word}</span>
        </p>
      ))}
    </div>
  );
}

interface GroupTableProps {
  title: string;
  groups: readonly Group[];
  nameOf?: (group: Group) => string;
  indent?: (group: Group) => number;
  /** The page of a group. */
  href?: (group: Group) => string;
  names?: Record<string, string>;
}

export function GroupTable(props: GroupTableProps): JSX.Element {
  const { title, groups, nameOf, indent, href, names = {} } = props;
  return (
    <section class="card">
      <h2>{title}</h2>
      <div class="scroll-x" role="region" aria-label={title} tabIndex={0}>
        <table class="groups">
          <thead>
            <tr>
              <th>{t.name}</th>
              <th class="num">{t.registered}</th>
              <th class="num">{t.present}</th>
              <th class="num">{t.submitted}</th>
              <th class="num">{t.received}</th>
              <th class="num">{t.mean}</th>
              <th class="num">{t.median}</th>
              <th class="num">{t.sd}</th>
              <th class="num">{t.quartiles}</th>
              <th class="wide">{t.bands}</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr key={group.key} class={group.opened < FEW ? "few" : ""}>
                <td style={{ paddingLeft: `${10 + 22 * (indent?.(group) ?? 0)}px` }}>
                  {href ? (
                    <a href={href(group)}>{nameOf?.(group) ?? group.name}</a>
                  ) : (
                    (nameOf?.(group) ?? group.name)
                  )}
                </td>
                <td class="num">{whole(group.registered)}</td>
                <td class="num">{whole(group.present)}</td>
                <td class="num">{whole(group.submitted)}</td>
                <td class={`num ${group.received < group.registered ? "tone-warn" : ""}`}>
                  {whole(group.received)}
                </td>
                <td class="num">
                  <b>{decimal(group.mean, 2)}</b>
                  {group.opened >= FEW && group.opened < SMALL && (
                    <div class="muted nowrap">{`${decimal(group.low)}–${decimal(group.high)}`}</div>
                  )}
                </td>
                <td class="num">{decimal(group.median, 2)}</td>
                <td class="num">{decimal(group.sd, 2)}</td>
                <td class="num nowrap">{quartiles(group, 1)}</td>
                <td class="wide">
                  <Bands bands={group.bands} names={names} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {groups.some(({ opened }) => opened < FEW) && <p class="muted">{o.fewRows}</p>}
    </section>
  );
}
