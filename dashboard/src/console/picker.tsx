import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type Branch, matches, type Site, treeOf, under } from "../shared/site";
import { t } from "./words";

/** Chosen site ids; null stands for all of them, also those that come later. */
export type Choice = ReadonlySet<string> | null;

/** All sites, or some by the tree of places. */
export function SitePicker(props: {
  sites: readonly Site[];
  choice: Choice;
  onChoose: (choice: Choice) => void;
}): JSX.Element {
  const { sites, choice, onChoose } = props;
  const [wanted, want] = useState("");
  const shown = sites.filter((site) => matches(wanted, site.code, site.name, ...site.path));
  const toggle = (ids: string[], on: boolean): void => {
    const next = new Set(choice);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    onChoose(next);
  };
  return (
    <fieldset class="picker">
      <legend>{t.chooseSites}</legend>
      <label class="row">
        <input type="radio" checked={choice === null} onChange={() => onChoose(null)} />
        {t.allSites(sites.length)}
      </label>
      <label class="row">
        <input type="radio" checked={choice !== null} onChange={() => onChoose(new Set())} />
        {t.someSites}
      </label>
      {choice !== null && (
        <>
          <div class="row">
            <input
              class="grow"
              placeholder={t.search}
              value={wanted}
              onInput={(event) => want(event.currentTarget.value)}
            />
            <b class="num">{t.chosen(choice.size)}</b>
          </div>
          <div class="picker-tree">
            {treeOf(shown).branches.map((branch) => (
              <PickBranch key={branch.key} branch={branch} choice={choice} toggle={toggle} />
            ))}
          </div>
        </>
      )}
    </fieldset>
  );
}

interface PickProps {
  branch: Branch;
  choice: ReadonlySet<string>;
  toggle: (ids: string[], on: boolean) => void;
}

function PickBranch({ branch, choice, toggle }: PickProps): JSX.Element {
  const ids = under(branch).map(({ id }) => id);
  const chosen = ids.filter((id) => choice.has(id)).length;
  return (
    <details open={branch.total <= 30}>
      <summary>
        <label class="row" onClick={(event) => event.stopPropagation()}>
          <input
            type="checkbox"
            checked={chosen === ids.length}
            indeterminate={chosen > 0 && chosen < ids.length}
            onChange={(event) => toggle(ids, event.currentTarget.checked)}
          />
          {branch.name}{" "}
          <span class="muted num">
            {chosen}/{ids.length}
          </span>
        </label>
      </summary>
      {branch.branches.map((inner) => (
        <PickBranch key={inner.key} branch={inner} choice={choice} toggle={toggle} />
      ))}
      {branch.sites.map((site) => (
        <label key={site.id} class="row leaf">
          <input
            type="checkbox"
            checked={choice.has(site.id)}
            onChange={(event) => toggle([site.id], event.currentTarget.checked)}
          />
          <span>
            <span class="muted num">{site.code}</span> {site.name}
          </span>
        </label>
      ))}
    </details>
  );
}
