import { expect, test } from "vitest";
import { declare, listedOf, numberOf } from "./declare";

test("a whole number of people is understood, with spaces and dots", () => {
  expect(["42", " 42 ", "1.200", "0", "10000"].map(numberOf)).toEqual([42, 42, 1200, 0, 10_000]);
});

test("anything else is not a number of people", () => {
  expect(["", "-1", "3,5", "bốn", "10001", "1e3", "123456"].map(numberOf)).toEqual(Array(7).fill(null));
});

test("a list that nobody counted is not nought, and words are no number of signatures", () => {
  expect(["", "  ", "0", "35", "35/40"].map(listedOf)).toEqual([undefined, undefined, 0, 35, null]);
});

test("the number goes to this computer's own program", async () => {
  const seen: [string, RequestInit][] = [];
  const send = (path: string, init: RequestInit) => {
    seen.push([path, init]);
    return Promise.resolve(new Response("{}"));
  };
  await declare({ number: 41 }, undefined, send);
  const signature = { who: "Cô Hoa", pin: "482915", roll_call: "r", word: "Hai người về sớm" };
  await declare({ number: 40, listed: 38 }, signature, send);
  expect(seen[0]?.[0]).toBe("/local/declared");
  expect(seen[0]?.[1]).toMatchObject({ method: "POST", body: '{"number":41}' });
  expect(seen[1]?.[1].body).toBe(
    '{"number":40,"listed":38,"who":"Cô Hoa","pin":"482915","roll_call":"r","word":"Hai người về sớm"}',
  );
});

test("a refusal keeps its sentence", async () => {
  const refusing = () =>
    Promise.resolve(new Response('{"code":"x","message":"Không ghi được"}', { status: 500 }));
  await expect(declare({ number: 1 }, undefined, refusing)).rejects.toThrow("Không ghi được");
  await expect(
    declare({ number: 1 }, undefined, () => Promise.resolve(new Response("?", { status: 502 }))),
  ).rejects.toThrow("");
});

test("a sentence in two languages is told in one", async () => {
  const refusing = () =>
    Promise.resolve(new Response('{"message":"Sai mã PIN. / Wrong PIN."}', { status: 403 }));
  await expect(declare({ number: 1 }, undefined, refusing)).rejects.toThrow(/^Sai mã PIN\.$/);
});
