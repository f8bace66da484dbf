import { expect, test } from "vitest";
import { besideSaid, listed, nextOpen, plain, type Room, type Wish, withPictures } from "./model";

function room(code: string, rest: Partial<Room> = {}): Room {
  return {
    site: code,
    code,
    name: `Trường ${code}`,
    district: "Huyện Yên Hà",
    level: "tieu_hoc",
    contact: "",
    phone: "",
    expected: 30,
    camera: 30,
    minimum: 30,
    maximum: 30,
    quality: 1,
    still: 0,
    hand_ratio: null,
    about: null,
    reason: "",
    verified: true,
    moment_ms: 1,
    received_ms: 1,
    late: false,
    said: null,
    declared: [],
    signed_in: null,
    signed_in_from: "",
    signed_in_told_ms: null,
    corrections: [],
    difference: 0,
    state: "agreed",
    number: 30,
    picture: true,
    ...rest,
  };
}

const WISH: Wish = { order: "difference", show: "all", district: "", search: "" };
const codes = (rooms: Room[]): string[] => rooms.map(({ code }) => code);

test("rooms that somebody must ask about come first, the largest difference on top", () => {
  const rooms = [
    room("A"),
    room("B", { difference: 4, state: "asked" }),
    room("C", { difference: 20, state: "corrected" }),
    room("D", { difference: 9, state: "explained" }),
  ];
  expect(codes(listed(rooms, WISH))).toEqual(["D", "B", "C", "A"]);
});

test("a name is found without its tones", () => {
  const rooms = [room("A", { name: "Trường Mầm non Hoa Sen" }), room("B", { contact: "Đặng Thị Ánh" })];
  expect(codes(listed(rooms, { ...WISH, search: "mam hoa" }))).toEqual(["A"]);
  expect(codes(listed(rooms, { ...WISH, search: "DANG anh" }))).toEqual(["B"]);
  expect(plain("Đông Sơn Hạ")).toBe("dong son ha");
});

test("a district and a state narrow the list, codes stand as people count", () => {
  const rooms = [
    room("TH10", { state: "silent" }),
    room("TH9", { state: "waiting" }),
    room("TH1", { state: "waiting", district: "Huyện Phú Vân" }),
    room("TH2"),
  ];
  const wish: Wish = { ...WISH, order: "code", show: "unanswered", district: "Huyện Yên Hà" };
  expect(codes(listed(rooms, wish))).toEqual(["TH9", "TH10"]);
});

test("only rooms with a picture are gone through", () => {
  expect(
    codes(withPictures([room("A", { picture: false }), room("B"), room("C", { difference: 9 })])),
  ).toEqual(["C", "B"]);
});

test("after a verdict comes the next picture that nobody judged", () => {
  const judged = new Set([0, 1, 3]);
  expect(nextOpen(5, 1, (place) => judged.has(place))).toBe(2);
  expect(nextOpen(5, 2, (place) => judged.has(place) || place === 2)).toBe(4);
  expect(nextOpen(5, 4, (place) => judged.has(place) || place === 4)).toBe(2);
  expect(nextOpen(3, 1, () => true)).toBe(2);
});

test("a number that nobody signed stands beside the signed one before it", () => {
  const signed = { number: 30, at_ms: 1, by: "site", signed_by: "Lê Thị Mai", word: "", listed: null };
  const typed = { number: 28, at_ms: 2, by: "person-op", signed_by: "", word: "", listed: null };
  expect(besideSaid(room("A", { said: signed, declared: [signed, typed] }))).toBe(typed);
  expect(besideSaid(room("A", { said: signed, declared: [typed, signed] }))).toBeNull();
  expect(besideSaid(room("A"))).toBeNull();
});
