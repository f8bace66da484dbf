import { describe, expect, it } from "vitest";
import {
  type Answer,
  districts,
  EVERYTHING,
  type Finding,
  kinds,
  lines,
  path,
  type Room,
  type Row,
  step,
  sums,
  wanted,
} from "./model";

const DARK: Finding = {
  check: "camera",
  reason: "dark",
  grade: "no_go",
  note: "",
  figures: {},
  waiver: null,
};
const UDP: Finding = { ...DARK, check: "path", reason: "udp_blocked", grade: "care" };

function row(site: string, verdict: Row["verdict"], findings: Finding[] = []): Row {
  return { site, verdict, findings, made_ms: 1, online: true, starts_ms: null, agent_version: "1" };
}

function room(site: string, name: string, district: string): Room {
  return { site, code: site.toUpperCase(), name, district, level: "thcs", contact: "Cô Lan", phone: "0912" };
}

function answer(part: Partial<Answer>): Answer {
  const empty = { scope: "", fresh_s: 86_400, centre_ms: 0, boot: "b", version: 1, whole: false };
  return { ...empty, rows: [], gone: [], rooms: [], ...part };
}

const FIRST = answer({
  whole: true,
  rows: [
    row("a", "go"),
    row("b", "no_go", [DARK, UDP]),
    row("c", "care", [UDP]),
    row("d", "unknown", [{ ...DARK, check: "certificate", reason: "none", grade: "unknown" }]),
  ],
  rooms: [
    room("a", "THCS Hoà Bình", "Lộc Ninh"),
    room("b", "Tiểu học Đồng Tâm", "Đồng Phú"),
    room("c", "THPT Lê Quý Đôn", "Lộc Ninh"),
    room("d", "Mầm non Hoa Sen", "Lộc Ninh"),
  ],
});

describe("the picture", () => {
  it("keeps what did not change and forgets what is gone", () => {
    const before = step(null, FIRST, 0);
    const after = step(before, answer({ version: 2, rows: [row("b", "go")], gone: ["a"] }), 5);
    expect([...after.rows.keys()]).toEqual(["b", "c", "d"]);
    expect(after.rows.get("b")?.verdict).toBe("go");
    expect(after.rooms.get("c")?.name).toBe("THPT Lê Quý Đôn");
  });

  it("begins anew with a whole answer", () => {
    const after = step(step(null, FIRST, 0), answer({ whole: true, rows: [row("z", "go")] }), 5);
    expect([...after.rows.keys()]).toEqual(["z"]);
  });

  it("asks for what comes after it, in the scope that is looked at", () => {
    expect(path("", null)).toBe("/api/v1/readiness/board?");
    expect(path("course-1", step(null, FIRST, 0))).toBe(
      "/api/v1/readiness/board?course=course-1&since=1&boot=b",
    );
  });
});

describe("what is shown", () => {
  const all = lines(step(null, FIRST, 0));

  it("puts trouble first", () => {
    expect(all.map((line) => line.site)).toEqual(["b", "d", "c", "a"]);
  });

  it("counts each verdict, in all and by district", () => {
    expect(sums(all)).toEqual({ go: 1, care: 1, no_go: 1, unknown: 1 });
    expect(districts(all).map((each) => [each.name, each.total])).toEqual([
      ["Đồng Phú", 1],
      ["Lộc Ninh", 3],
    ]);
  });

  it("names what is missing by its gravest grade and its number of sites", () => {
    expect(kinds(all).map((kind) => [kind.key, kind.sites])).toEqual([
      ["camera.dark", 1],
      ["certificate.none", 1],
      ["path.udp_blocked", 2],
    ]);
  });

  it("counts a site once among those with something put off, however much it is", () => {
    const later = (check: string): Finding => ({ ...DARK, check, reason: "not_now", grade: "care" });
    const put = lines(
      step(null, answer({ whole: true, rows: [row("e", "care", [later("flush"), later("counting")])] }), 0),
    );
    expect(kinds(put).map((kind) => [kind.key, kind.sites])).toEqual([["not_now", 1]]);
    expect(wanted(put, { ...EVERYTHING, kind: "not_now" })).toHaveLength(1);
  });

  it("finds all sites with one thing missing, and names without their marks", () => {
    const ids = (part: object): string[] => wanted(all, { ...EVERYTHING, ...part }).map((line) => line.site);
    expect(ids({ kind: "path.udp_blocked" })).toEqual(["b", "c"]);
    expect(ids({ verdict: "care" })).toEqual(["c"]);
    expect(ids({ text: "dong tam" })).toEqual(["b"]);
    expect(ids({ district: "Lộc Ninh", verdict: "go" })).toEqual(["a"]);
  });
});
