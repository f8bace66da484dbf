import { expect, test } from "vitest";
import { counterOffered } from "./whep";

test("a refusal is an offer to answer only when it brings a session description", () => {
  expect(counterOffered(406, "application/sdp")).toBe(true);
  expect(counterOffered(406, "application/sdp; valid-until=1")).toBe(true);
  expect(counterOffered(406, "application/json")).toBe(false);
  expect(counterOffered(201, "application/sdp")).toBe(false);
  expect(counterOffered(406, null)).toBe(false);
});
