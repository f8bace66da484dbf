import { expect, test } from "vitest";
import { counting, type Version } from "./centre";

const version = (place: number, late: boolean, state: Version["state"] = "good"): Version => ({
  id: `v${place}`,
  place,
  form: "pdf",
  name: "",
  size: 1,
  sha256: "",
  receipt: "",
  received_ms: place,
  late,
  state,
  reason: "",
  pages: null,
  words: null,
});

test("the last version in time counts, also when a late one follows", () => {
  expect(counting([version(1, false), version(2, false), version(3, true)])?.place).toBe(2);
});

test("of late ones the last counts, and refused ones never", () => {
  expect(counting([version(1, true), version(2, true)])?.place).toBe(2);
  expect(counting([version(1, false, "refused")])).toBeUndefined();
});
