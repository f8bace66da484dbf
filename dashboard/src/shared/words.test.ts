import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const LETTERS = /\p{L}{2,}/u;
/** What a reader or a screen reader is told by an attribute. */
const SPOKEN = new Set(["title", "alt", "placeholder", "aria-label", "aria-description", "label", "summary"]);
/** Names, units, addresses and file endings that are the same in both languages. */
const SAME =
  /Điểm cầu|Diem Cau|\b(PIN|QR|USB|XLSX|CSV|PDF|DOCX|GIFT|Aiken|QTI|Word|Excel|SHA-256|UDP|TCP|TLS|STARTTLS|CPU|Aa)\b|\b(fps|ms|jitter|kbps|dBFS|MB|px)\b|\(\.\w+\)|\[Hình|https?:\/\/\S+|^\/\S*$/gu;

interface Found {
  where: string;
  what: string;
}

function pages(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return pages(path);
    return /\.tsx?$/.test(entry.name) && !/\.(test|fixture)\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function read(path: string): ts.SourceFile {
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(path, readFileSync(path, "utf-8"), ts.ScriptTarget.Latest, true, kind);
}

function at(file: ts.SourceFile, node: ts.Node): string {
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return `${relative(ROOT, file.fileName)}:${line + 1}`;
}

function walk(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  node.forEachChild((child) => walk(child, look));
}

/** The text that a phrase surely has: of a template or a function, its fixed parts. */
function fixedText(node: ts.Node): string {
  const parts: string[] = [];
  walk(node, (each) => {
    if (ts.isStringLiteralLike(each) || ts.isTemplateLiteralToken(each)) parts.push(each.text);
  });
  return parts.join(" ").trim();
}

/** Every word of a dictionary whose Vietnamese or English is missing or empty. */
function unspoken(file: ts.SourceFile): { entries: number; faults: Found[] } {
  const faults: Found[] = [];
  let entries = 0;
  walk(file, (node) => {
    if (!ts.isObjectLiteralExpression(node)) return;
    const named = new Map(
      node.properties.flatMap((each) =>
        ts.isPropertyAssignment(each) ? [[each.name.getText(file), each.initializer] as const] : [],
      ),
    );
    if (!named.has("vi") && !named.has("en")) return;
    entries += 1;
    for (const language of ["vi", "en"]) {
      const said = named.get(language);
      const empty = said !== undefined && fixedText(said) === "" && ts.isStringLiteralLike(said);
      if (said === undefined || empty) faults.push({ where: at(file, node), what: `no ${language}` });
    }
  });
  return { entries, faults };
}

/** Words that a page says past its dictionary, in one language only. */
function bare(file: ts.SourceFile): Found[] {
  const faults: Found[] = [];
  const note = (node: ts.Node, text: string): void => {
    const said = text.trim();
    if (LETTERS.test(said.replace(SAME, ""))) faults.push({ where: at(file, node), what: said });
  };
  walk(file, (node) => {
    if (ts.isJsxText(node)) note(node, node.text);
    const attribute = ts.isJsxAttribute(node) ? node : null;
    if (attribute && !SPOKEN.has(attribute.name.getText(file))) return;
    const value = attribute ? attribute.initializer : node;
    if (attribute && value && ts.isStringLiteral(value)) note(node, value.text);
    if (!value || !ts.isJsxExpression(value) || !value.expression) return;
    if (!attribute && ts.isJsxAttribute(value.parent)) return;
    const said = value.expression;
    if (ts.isStringLiteralLike(said)) note(node, said.text);
    if (ts.isTemplateExpression(said)) {
      note(
        node,
        [said.head, ...said.templateSpans.map((span) => span.literal)].map((part) => part.text).join(" "),
      );
    }
  });
  return faults;
}

describe("every page speaks Vietnamese and English", () => {
  const files = pages(ROOT).map(read);

  test("each word of each dictionary has both", () => {
    const seen = files.map(unspoken);
    expect(seen.flatMap(({ faults }) => faults)).toEqual([]);
    expect(seen.reduce((sum, { entries }) => sum + entries, 0)).toBeGreaterThan(1000);
  });

  test("no page says a word past its dictionary", () => {
    expect(files.flatMap(bare)).toEqual([]);
  });

  test("the search finds what is missing", () => {
    const source = (text: string): ts.SourceFile =>
      ts.createSourceFile("page.tsx", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
    expect(unspoken(source('const w = { a: { vi: "một" }, b: { vi: "hai", en: "" } };')).faults).toHaveLength(
      2,
    );
    expect(
      bare(source('const p = <p title="Tên" alt={t.x}>Xin chào {"bạn ơi"} {t.name} PIN</p>;')),
    ).toHaveLength(3);
  });
});
