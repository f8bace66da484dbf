import { expect, test } from "vitest";
import { shortName } from "./shortname";

test.each([
  ["Trường Tiểu học Nguyễn Thị Minh Khai", "TH Nguyễn Thị Minh Khai"],
  ["Trường Mầm non Hoa Sen", "MN Hoa Sen"],
  ["Trường Trung học cơ sở Lê Lợi", "THCS Lê Lợi"],
  ["Trường THPT Trần Phú", "THPT Trần Phú"],
  ["Trường Tiểu học và Trung học cơ sở Trà Leng", "TH&THCS Trà Leng"],
  ["Trường Phổ thông Dân tộc nội trú Nam Trà My", "PTDTNT Nam Trà My"],
  ["Hội trường Sở", "Hội trường Sở"],
])("%s is %s on a small tile", (name, short) => {
  expect(shortName(name)).toBe(short);
});
