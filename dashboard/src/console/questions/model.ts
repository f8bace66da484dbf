/** Questions of the bank as `/api/v1/bank/questions` tells them. */

export interface Finding {
  kind: string;
  reason: string;
  other: string | null;
}

export interface QuestionLine {
  id: string;
  title: string;
  category: string;
  text: string;
  /** In no order that tells the key. */
  options: string[];
  added_ms: number;
  images: string[];
  source: string;
  version: number;
  archived: boolean;
  /** The sealed exam that asks it. */
  held: string | null;
  findings: Finding[];
}

export interface Change {
  version: number;
  what: string;
  who: string;
  at_ms: number;
  title: string;
  category: string;
  text: string;
  options: string[];
  right: number | null;
  images: string[];
}

export interface QuestionPage {
  id: string;
  title: string;
  category: string;
  text: string;
  options: string[];
  right: number | null;
  pinned: number[];
  images: string[];
  source: string;
  version: number;
  added_ms: number;
  archived: boolean;
  held: string | null;
  exams: string[];
  changes: Change[];
}

export interface Draft {
  title: string;
  category: string;
  text: string;
  options: string[];
  right: number;
  pinned: number[];
  images: string[];
  version: number | null;
}

export const LETTERS = "ABCDEFGHIJ";
export const SOURCES: Record<string, string> = {
  gift: "GIFT",
  aiken: "Aiken",
  qti: "QTI",
  docx: "Word",
  xlsx: "Excel",
};

export interface Filter {
  wanted: string;
  /** "" for all. */
  topic: string;
  source: string;
  /** A kind of remark, "any", or "" for all questions. */
  remark: string;
  archived: boolean;
}

/** Lower case without marks: “Đáp án” is found by “dap an”. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
}

export function chosen(lines: readonly QuestionLine[], filter: Filter): QuestionLine[] {
  const wanted = folded(filter.wanted.trim());
  return lines.filter(
    (line) =>
      line.archived === filter.archived &&
      (filter.topic === "" || line.category === filter.topic) &&
      (filter.source === "" || line.source === filter.source) &&
      (filter.remark === "" ||
        line.findings.some(({ kind }) => filter.remark === "any" || kind === filter.remark)) &&
      (wanted === "" || folded([line.title, line.text, ...line.options].join("\n")).includes(wanted)),
  );
}

export function topicsOf(lines: readonly QuestionLine[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const line of lines)
    if (!line.archived) counts.set(line.category, (counts.get(line.category) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a.localeCompare(b, "vi"));
}

export function draftOf(page: QuestionPage | null): Draft {
  if (page === null)
    return {
      title: "",
      category: "",
      text: "",
      options: ["", "", "", ""],
      right: -1,
      pinned: [],
      images: [],
      version: null,
    };
  const { title, category, text, options, right, pinned, images, version } = page;
  return { title, category, text, options, right: right ?? -1, pinned, images, version };
}

/** The draft without one option; key and pins stay with theirs. */
export function withoutOption(draft: Draft, gone: number): Draft {
  const moved = (place: number): number => (place > gone ? place - 1 : place);
  return {
    ...draft,
    options: draft.options.filter((_, place) => place !== gone),
    right: draft.right === gone ? -1 : moved(draft.right),
    pinned: draft.pinned.filter((place) => place !== gone).map(moved),
  };
}

/** The draft without one image: its marks go, those after it count one less. */
export function withoutImage(draft: Draft, gone: number): Draft {
  const told = (text: string): string =>
    text
      .replace(/\[Hình (\d{1,2})\]/g, (mark, number: string) => {
        const place = Number(number) - 1;
        if (place === gone) return "";
        return place > gone && place < draft.images.length ? `[Hình ${place}]` : mark;
      })
      .trim();
  return {
    ...draft,
    text: told(draft.text),
    options: draft.options.map(told),
    images: draft.images.filter((_, place) => place !== gone),
  };
}
