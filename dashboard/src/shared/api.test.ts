import { expect, test } from "vitest";
import { Api, type Fetch, passes, Refusal } from "./api";
import { speak } from "./i18n";

function replying(status: number, text: string, seen: RequestInit[] = []): Fetch {
  return (_path, init) => {
    seen.push(init);
    return Promise.resolve(new Response(text, { status }));
  };
}

test("the token of the sign-in goes with every later change", async () => {
  const seen: RequestInit[] = [];
  const api = new Api(replying(200, JSON.stringify({ csrf: "t-1", actions: [], person: {} }), seen));
  await api.signIn("lan", "mật khẩu");
  await api.post("/api/v1/sessions", { topic: "x" });
  expect(seen[1]?.headers).toMatchObject({ "X-CSRF-Token": "t-1" });
});

test("a refusal carries its code, its sentence and its fields", async () => {
  const rows = [{ row: 3, column: "code", message: "trùng" }];
  const api = new Api(replying(422, JSON.stringify({ code: "import_refused", message: "Tệp có lỗi", rows })));
  const fault = await api.post("/api/v1/sites/import").catch((caught: unknown) => caught);
  expect(fault).toBeInstanceOf(Refusal);
  expect(fault).toMatchObject({
    code: "import_refused",
    message: "Tệp có lỗi",
    status: 422,
    fields: { rows },
  });
});

test("a proxy's error page still gives a sentence", async () => {
  const api = new Api(replying(502, "<html>Bad gateway</html>"));
  await expect(api.get("/api/v1/me")).rejects.toMatchObject({ code: "refused", status: 502 });
});

test("a dead line is a refusal too", async () => {
  const api = new Api(() => Promise.reject(new TypeError("Failed to fetch")));
  await expect(api.get("/api/v1/me")).rejects.toMatchObject({ code: "unreachable", status: 0 });
});

test("an answer that breaks off is a refusal too, and may go well a moment later", async () => {
  const body = new ReadableStream({ start: (made) => made.error(new TypeError("network error")) });
  const api = new Api(() => Promise.resolve(new Response(body, { status: 200 })));
  const fault: unknown = await api.get("/api/v1/me").catch((caught: unknown) => caught);
  expect(fault).toMatchObject({ code: "unreachable", status: 0 });
  expect(passes(fault)).toBe(true);
});

test.each([
  [429, true],
  [503, true],
  [401, false],
  [409, false],
])("whether status %i may go well a moment later: %s", async (status, well) => {
  const fault: unknown = await new Api(replying(status, "")).get("/x").catch((caught: unknown) => caught);
  expect(passes(fault)).toBe(well);
});

test("an empty answer is null", async () => {
  await expect(new Api(replying(200, "")).post("/api/v1/logout")).resolves.toBeNull();
});

test("a sentence in two languages is shown in the reader's own", async () => {
  const api = new Api(replying(409, JSON.stringify({ code: "busy", message: "Đang bận. / Busy." })));
  await expect(api.get("/x")).rejects.toThrow(/^Đang bận\.$/);
  speak("en");
  await expect(api.get("/x")).rejects.toThrow(/^Busy\.$/);
  speak("vi");
});
