import { expect, test } from "vitest";
import { declare, numberOf } from "./declare";

test("a whole number of people is understood, with spaces and dots", () => {
  expect(["42", " 42 ", "1.200", "0", "10000"].map(numberOf)).toEqual([42, 42, 1200, 0, 10_000]);
});

test("anything else is not a number of people", () => {
  expect(["", "-1", "3,5", "bốn", "10001", "1e3", "123456"].map(numberOf)).toEqual(Array(7).fill(null));
});

test("the number goes to this computer's own program", async () => {
  const seen: [string, RequestInit][] = [];
  await declare(41, (path, init) => {
    seen.push([path, init]);
    return Promise.resolve(new Response("{}"));
  });
  expect(seen[0]?.[0]).toBe("/local/declared");
  expect(seen[0]?.[1]).toMatchObject({ method: "POST", body: '{"number":41}' });
});

test("a refusal keeps its sentence", async () => {
  const refusing = () =>
    Promise.resolve(new Response('{"code":"x","message":"Không ghi được"}', { status: 500 }));
  await expect(declare(1, refusing)).rejects.toThrow("Không ghi được");
  await expect(declare(1, () => Promise.resolve(new Response("?", { status: 502 })))).rejects.toThrow("");
});
