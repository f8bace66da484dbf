import { expect, test } from "vitest";
import type { SourceOnAir } from "../shared/feed";
import { sourceName, sourceTrouble } from "./onwall";

const NOTHING: SourceOnAir = { way: "", name: "", left_s: null, trouble: "", troubled: "" };

test("the wall names the source on air and what is left of a film", () => {
  expect(sourceName(NOTHING)).toBe("");
  expect(sourceName({ ...NOTHING, way: "browser" })).toBe("từ trình duyệt");
  expect(sourceName({ ...NOTHING, way: "srt_in", name: "OBS" })).toBe("OBS (SRT)");
  expect(sourceName({ ...NOTHING, way: "file", name: "Chuyên đề 1", left_s: 754 })).toBe(
    "Phim “Chuyên đề 1”, còn 12:34",
  );
});

test("the wall says which source is in trouble", () => {
  expect(sourceTrouble(NOTHING)).toBe("");
  expect(sourceTrouble({ ...NOTHING, trouble: "not_sending", troubled: "OBS" })).toBe("OBS: KHÔNG GỬI HÌNH");
  expect(sourceTrouble({ ...NOTHING, trouble: "news", troubled: "OBS" })).toBe("OBS: CÓ LỖI");
});
