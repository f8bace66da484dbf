/** The register of sites as `/api/v1/sites` and `/api/v1/places` tell it. */

export interface Site {
  id: string;
  code: string;
  name: string;
  level: string;
  place: string;
  path: string[];
  expected: number;
  contact: string;
  phone: string;
  /** Who sells its line; empty when nobody said. */
  provider: string;
  participants: number;
  paired: boolean;
  revoked: boolean;
  last_seen_ms: number | null;
}

export interface Branch {
  name: string;
  /** The place as a path, unique in the tree. */
  key: string;
  sites: Site[];
  branches: Branch[];
  total: number;
}

const collator = new Intl.Collator("vi", { numeric: true });

/** Sites as the tree of their places, each floor by name; the root is the whole register. */
export function treeOf(sites: readonly Site[]): Branch {
  const root: Branch = { name: "", key: "", sites: [], branches: [], total: 0 };
  for (const site of sites) {
    let at = root;
    at.total++;
    for (const name of site.path) {
      const key = `${at.key}/${name}`;
      let next = at.branches.find((branch) => branch.key === key);
      if (!next) {
        next = { name, key, sites: [], branches: [], total: 0 };
        at.branches.push(next);
      }
      at = next;
      at.total++;
    }
    at.sites.push(site);
  }
  sortBranch(root);
  return root;
}

function sortBranch(branch: Branch): void {
  branch.branches.sort((a, b) => collator.compare(a.name, b.name));
  branch.sites.sort((a, b) => collator.compare(a.code, b.code));
  branch.branches.forEach(sortBranch);
}

/** All sites under a branch. */
export function under(branch: Branch): Site[] {
  return [...branch.sites, ...branch.branches.flatMap(under)];
}

/** Letters without marks, so that "hoa sen" and "Hoa Sén" find each other. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase();
}

export function matches(wanted: string, ...texts: string[]): boolean {
  const needle = plain(wanted.trim());
  return !needle || texts.some((text) => plain(text).includes(needle));
}
