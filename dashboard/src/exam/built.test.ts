import { parse, type Node } from "acorn";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

/** The page as it is built, held to the oldest browsers it promises: Chrome and WebView 70, iOS 12.4. */
const PAGES = resolve(
  process.env["DIEMCAU_TEST_PAGES"] ?? resolve(import.meta.dirname, "../../../site_agent/pages"),
);
const MOST_BYTES = 150_000;

/** Properties and globals that came after Chrome 70 or iOS 12.4. */
const TOO_NEW = new Set(
  (
    "globalThis flat flatMap fromEntries matchAll replaceAll allSettled any at findLast findLastIndex toSorted " +
    "toReversed toSpliced hasOwn structuredClone queueMicrotask randomUUID replaceChildren BigInt BigInt64Array " +
    "setBigUint64 WeakRef FinalizationRegistry AggregateError ResizeObserver showModal checkVisibility inert " +
    "requestIdleCallback getOrInsert groupBy isWellFormed trimStart trimEnd subtle serviceWorker"
  ).split(" "),
);
/** `shims.ts` brings these along. */
const BROUGHT = new Set(["hasOwn", "queueMicrotask", "BigInt", "setBigUint64"]);

/** Statements that both browsers lack; `gap` and others are judged with the rule they stand in. */
const TOO_NEW_CSS =
  /:(?:is|where|has)\(|\b(?:min|max|clamp)\(|\bdvh\b|aspect-ratio|[;{]inset:|container-type|@layer|color-mix|oklch|margin-inline|padding-inline|place-content:[^;}]* /;

function filesOf(page: string, kind: "js" | "css", later = true): string[] {
  const html = readFileSync(resolve(PAGES, page), "utf8");
  const named = Array.from(html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g), (found) => found[1] ?? "");
  const all = new Set(named.filter((name) => name.endsWith(kind)));
  if (!later) return Array.from(all, (name) => resolve(PAGES, name));
  // What those fetch while nobody waits for it belongs to the page too.
  for (const name of Array.from(all).filter((each) => each.endsWith("js")))
    for (const later of readFileSync(resolve(PAGES, name), "utf8").matchAll(/"\.\/([\w-]+\.js)"/g))
      all.add(`assets/${later[1] ?? ""}`);
  return Array.from(all, (name) => resolve(PAGES, name)).filter((file) => existsSync(file));
}

function newSyntax(code: string): string[] {
  const found: string[] = [];
  const walk = (node: Node): void => {
    const any = node as Node & Record<string, unknown>;
    if (any.type === "ChainExpression") found.push("?.");
    if (any.type === "LogicalExpression" && any["operator"] === "??") found.push("??");
    if (any.type === "AssignmentExpression" && /^(?:\|\||&&|\?\?)=$/.test(String(any["operator"])))
      found.push("||=");
    if (any.type === "Literal" && any["bigint"] !== undefined) found.push("bigint");
    if (any.type === "PropertyDefinition" || any.type === "PrivateIdentifier" || any.type === "StaticBlock")
      found.push("class field");
    const called = any.type === "CallExpression" ? (any["callee"] as Record<string, unknown>) : {};
    const word = called["type"] === "MemberExpression" ? nameOf(called["property"]) : nameOf(any);
    if (TOO_NEW.has(word) && !BROUGHT.has(word) && (word !== "at" || any.type === "CallExpression"))
      found.push(word);
    for (const value of Object.values(any)) {
      if (Array.isArray(value)) value.forEach((each) => isNode(each) && walk(each));
      else if (isNode(value)) walk(value);
    }
  };
  walk(parse(code, { ecmaVersion: "latest", sourceType: "module" }));
  return Array.from(new Set(found));
}

const nameOf = (value: unknown): string => (value as { name?: string } | null)?.name ?? "";
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

/** Selectors of rules that lay out with flex and `gap`, and that no later rule of the page takes the gap from. */
function flexGaps(css: string): string[] {
  const rules = Array.from(css.matchAll(/([^{}]+)\{([^{}]*)\}/g), (found) => ({
    selectors: (found[1] ?? "").split(",").map((each) => each.trim()),
    body: found[2] ?? "",
  }));
  const cleared = new Set(
    rules.filter(({ body }) => /(?:^|;)gap:0(?:;|$)/.test(body)).flatMap(({ selectors }) => selectors),
  );
  return rules
    .filter(({ body }) => /display:(?:inline-)?flex/.test(body) && /(?:^|;)gap:[^0]/.test(body))
    .flatMap(({ selectors }) => selectors)
    .filter((selector) => !cleared.has(selector));
}

test("no script of the page needs a browser newer than Chrome 70 and iOS 12.4", () => {
  const files = filesOf("exam.html", "js");
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) expect([file, newSyntax(readFileSync(file, "utf8"))]).toEqual([file, []]);
});

test("no style of the page needs one either", () => {
  const css = filesOf("exam.html", "css")
    .map((file) => readFileSync(file, "utf8"))
    .join("");
  // The page has no <dialog>; a rule that only outlines may be lost, for exam.css outlines on :focus.
  const used = css.replace(/dialog[^{}]*\{[^{}]*\}|[^{}]*\{outline[^{}]*\}/g, "");
  expect(TOO_NEW_CSS.exec(used)?.[0]).toBeUndefined();
  expect(flexGaps(css)).toEqual([]);
});

test("the check would find what is too new", () => {
  expect(newSyntax("a?.b; c ?? d; e.at(-1); 1n; class F { x = 1 }; globalThis.g ||= 2")).toEqual(
    expect.arrayContaining(["?.", "??", "at", "bigint", "class field", "globalThis", "||="]),
  );
  expect(flexGaps(".a{display:flex;gap:8px}.b{display:inline-flex;gap:1px}.b{gap:0}")).toEqual([".a"]);
});

/** As long as the paper of a 50-question exam: questions of 240 characters, four options of 90. */
function fiftyQuestions(): string {
  const words =
    "Theo Thông tư 22, khi đánh giá thường xuyên học sinh tiểu học, giáo viên nên làm gì trước tiên? ";
  const id = (kind: string, n: number): string => `${kind}-${String(n * 7919).padStart(20, "0")}`;
  const items = Array.from({ length: 50 }, (_, n) => ({
    id: id("item", n),
    text: (words + words + words).slice(n, n + 240),
    options: Array.from({ length: 4 }, (__, o) => ({
      id: id("opt", n * 4 + o),
      text: words.slice(o, o + 90) + n,
    })),
  }));
  return JSON.stringify({ type: "opened", exam: "exam-x", code: "101", items });
}

test("page and paper without images are at most 150 KB, and compressed with what is fetched later too", () => {
  const page = [resolve(PAGES, "exam.html"), ...filesOf("exam.html", "css")];
  const bytesOf = (files: string[]): Buffer[] =>
    files.map((file) => readFileSync(file)).concat(Buffer.from(fiftyQuestions()));
  const raw = bytesOf([...page, ...filesOf("exam.html", "js", false)]).reduce(
    (sum, each) => sum + each.length,
    0,
  );
  const packed = bytesOf([...page, ...filesOf("exam.html", "js")]).reduce(
    (sum, each) => sum + gzipSync(each).length,
    0,
  );
  console.info(`exam page and 50 questions: ${raw} bytes to open; compressed, all of it ${packed}`);
  expect(raw).toBeLessThanOrEqual(MOST_BYTES);
  expect(packed).toBeLessThanOrEqual(MOST_BYTES);
});
