import { expect, test } from "vitest";
import type { WallSession } from "../shared/feed";
import { airLine, standing } from "./onair";

function session(id: string, change: Partial<WallSession> = {}): WallSession {
  return {
    id,
    state: "live",
    starts_ms: 5,
    topic: id,
    lecturer_name: "",
    ends_ms: 9,
    sites: 1,
    on_air: true,
    air: "lecturer",
    air_why: "preferred",
    air_since_ms: 6,
    finding: "",
    trouble: 0,
    watching: 0,
    hearing: 0,
    ...change,
  };
}

const ids = (sessions: readonly WallSession[]): string[] => sessions.map(({ id }) => id);

test("every session on screens has a row, lectures first, and those that are over have none", () => {
  const { rows, more } = standing([
    session("old", { state: "ended" }),
    session("lobby", { state: "lobby" }),
    session("second", { starts_ms: 7 }),
    session("first"),
    session("planned", { state: "planned" }),
  ]);
  expect(ids(rows)).toEqual(["first", "second", "lobby"]);
  expect(more).toEqual([]);
});

test("while none runs the next one stands there", () => {
  const plan = [session("later", { state: "planned", starts_ms: 9 }), session("next", { state: "planned" })];
  expect(ids(standing(plan).rows)).toEqual(["next"]);
  expect(standing([session("old", { state: "ended" })])).toEqual({ rows: [], more: [] });
});

test("of more than three, one in trouble stays in sight, in its usual place", () => {
  const five = ["a", "b", "c", "d", "e"].map((id, at) => session(id, { starts_ms: at }));
  expect(ids(standing(five).rows)).toEqual(["a", "b", "c"]);
  expect(ids(standing(five).more)).toEqual(["d", "e"]);
  const lost = five.map((each) =>
    each.id === "e" ? { ...each, trouble: 3, finding: "lecturer_lost" } : each,
  );
  expect(ids(standing(lost).rows)).toEqual(["a", "b", "e"]);
  expect(ids(standing(lost).more)).toEqual(["c", "d"]);
});

test("who is on air and why is said while all is well", () => {
  expect(airLine(session("a"))).toEqual({
    tone: "on",
    word: "ĐANG PHÁT",
    why: "Giảng viên · như thường lệ",
    sinceMs: null,
  });
  expect(airLine(session("a", { air_why: "ordered" }))?.why).toBe("Giảng viên · theo lệnh");
});

test("what is amiss is said with its reason and since when", () => {
  const standby = { air: "standby", finding: "standby_on_air", trouble: 1 };
  expect(airLine(session("a", { ...standby, air_why: "lecturer_silent" }))).toEqual({
    tone: "on",
    word: "Dự phòng đang lên sóng",
    why: "giảng viên không gửi hình",
    sinceMs: 6,
  });
  expect(airLine(session("a", { ...standby, air_why: "standby_kept" }))?.why).toBe(
    "chờ lệnh trả sóng cho giảng viên",
  );
  const dark = { on_air: false, air: "", finding: "nothing_on_air", trouble: 3, air_why: "relay_down" };
  expect(airLine(session("a", dark))).toMatchObject({ tone: "grave", why: "máy chủ hình ảnh dừng" });
  const slate = { on_air: false, air: "slate", finding: "slate_ordered", trouble: 1, air_why: "ordered" };
  expect(airLine(session("a", slate))).toMatchObject({ word: "Màn chờ theo lệnh", why: "" });
});

test("a film is on air on purpose; a break and a lobby have the slate without alarm", () => {
  const film = { way: "file", name: "Chuyên đề 1", left_s: 9, trouble: "", troubled: "" };
  const played = { air: "standby", air_why: "ordered", finding: "standby_on_air", trouble: 1, source: film };
  expect(airLine(session("a", played))).toMatchObject({ tone: "on", word: "ĐANG PHÁT", why: "theo lệnh" });
  const waiting = { on_air: false, air: "slate" };
  expect(airLine(session("a", { ...waiting, state: "break", air_why: "break" }))).toMatchObject({
    tone: "quiet",
    why: "Màn chờ",
  });
  expect(airLine(session("a", { ...waiting, state: "lobby", air_why: "lecturer_silent" }))?.why).toBe(
    "Màn chờ · giảng viên không gửi hình",
  );
  expect(airLine(session("a", { state: "planned" }))).toBeNull();
});

test("before the relay was looked at, a live session has no picture", () => {
  expect(airLine(session("a", { on_air: false, air: "", air_why: "" }))).toMatchObject({
    tone: "off",
    word: "CHƯA CÓ HÌNH",
    why: "",
  });
});
