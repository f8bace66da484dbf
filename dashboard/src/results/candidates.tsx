import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { decimal } from "../shared/format";
import { worded } from "../shared/i18n";
import { matches } from "../shared/site";
import { type Candidate, sorted, type SortKey } from "./model";
import { bandWord, candidateStates, t } from "./words";

/** More rows than this at once only slow the page down; a search finds the rest. */
const PAGE = 200;

export function Candidates({
  of,
  siteName,
  names = {},
}: {
  of: Candidate[];
  siteName: (site: string) => string;
  names?: Record<string, string>;
}): JSX.Element {
  const [wanted, want] = useState("");
  const [by, order] = useState<SortKey>("number");
  const [limit, grow] = useState(PAGE);
  const found = useMemo(
    () =>
      sorted(
        of.filter(({ name, number, site }) => matches(wanted, name, number, site, siteName(site))),
        by,
      ),
    [of, wanted, by, siteName],
  );
  const heading = (key: SortKey, word: string, number = false): JSX.Element => (
    <th class={number ? "num" : ""} aria-sort={by === key ? "ascending" : "none"}>
      <button class="sort" onClick={() => order(key)}>
        {word} {by === key ? "▾" : ""}
      </button>
    </th>
  );
  return (
    <section class="card stack">
      <div class="row">
        <h2 class="grow">{t.candidates}</h2>
        <input
          class="search"
          placeholder={t.search}
          value={wanted}
          onInput={(event) => want(event.currentTarget.value)}
        />
        <span class="muted num">{t.shown(Math.min(limit, found.length), of.length)}</span>
      </div>
      <div class="scroll-x" role="region" aria-label={t.candidates} tabIndex={0}>
        <table class="candidates">
          <thead>
            <tr>
              {heading("number", t.number)}
              {heading("name", t.name)}
              {heading("site", t.site)}
              <th>{t.code}</th>
              <th class="num">{t.correct}</th>
              {heading("mark", t.mark, true)}
              <th>{t.band}</th>
              <th>{t.state}</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, limit).map((each) => (
              <tr key={`${each.site} ${each.number}`}>
                <td class="num left">{each.number}</td>
                <td class="who">{each.name}</td>
                <td class="where">{siteName(each.site)}</td>
                <td>{each.code}</td>
                <td class="num">{each.correct}</td>
                <td class="num">
                  <b>{decimal(each.mark, 2)}</b>
                </td>
                <td>{each.band && bandWord(each.band, names)}</td>
                <td class={each.state === "conflict" ? "tone-bad" : "muted"}>
                  {worded(candidateStates, each.state)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {found.length > limit && (
        <div>
          <button class="button" onClick={() => grow(limit + PAGE)}>
            {t.more}
          </button>
        </div>
      )}
    </section>
  );
}
