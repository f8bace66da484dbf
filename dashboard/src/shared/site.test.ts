import { expect, test } from "vitest";
import { matches, plain, type Site, treeOf, under } from "./site";

function site(code: string, ...path: string[]): Site {
  return {
    id: code,
    code,
    path,
    name: code,
    level: "thcs",
    place: "",
    expected: 1,
    contact: "",
    phone: "",
    participants: 0,
    paired: true,
    revoked: false,
    provider: "VNPT",
    last_seen_ms: null,
  };
}

test("sites stand in the tree of their places, floors in order", () => {
  const tree = treeOf([
    site("B2", "Tỉnh", "Đại Lộc"),
    site("A1", "Tỉnh", "Ái Nghĩa"),
    site("B1", "Tỉnh", "Đại Lộc"),
  ]);
  const province = tree.branches[0];
  expect(province?.total).toBe(3);
  expect(province?.branches.map(({ name, total }) => [name, total])).toEqual([
    ["Ái Nghĩa", 1],
    ["Đại Lộc", 2],
  ]);
  expect(under(tree).map(({ code }) => code)).toEqual(["A1", "B1", "B2"]);
});

test("two communes of the same name in different districts stay apart", () => {
  const tree = treeOf([site("A", "Tỉnh", "Huyện 1", "Xã X"), site("B", "Tỉnh", "Huyện 2", "Xã X")]);
  expect(tree.branches[0]?.branches).toHaveLength(2);
});

test("a search does not mind accents or case", () => {
  expect(plain("Đại Lộc")).toBe("dai loc");
  expect(matches("dai l", "QN001", "Trường Đại Lộc")).toBe(true);
  expect(matches("zz", "Trường Đại Lộc")).toBe(false);
  expect(matches("  ")).toBe(true);
});
