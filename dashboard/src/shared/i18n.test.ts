import { afterEach, expect, test } from "vitest";
import { dictionary, language, speak, worded } from "./i18n";

const t = dictionary({
  title: { vi: "Toàn cảnh", en: "Overview" },
  rooms: { vi: (n: number) => `${n} phòng`, en: (n: number) => `${n} rooms` },
});

afterEach(() => speak("vi"));

test("a page speaks Vietnamese first", () => {
  expect(language.value).toBe("vi");
  expect(t.title).toBe("Toàn cảnh");
});

test("a change of language reaches words that were already handed out", () => {
  speak("en");
  expect(t.title).toBe("Overview");
  expect(t.rooms(3)).toBe("3 rooms");
});

test("a word that this page does not know is shown bare", () => {
  expect(worded(t, "title")).toBe("Toàn cảnh");
  expect(worded(t, "uplink_lost")).toBe("uplink lost");
  expect(worded(t, "toString")).toBe("toString");
  expect(worded(t, null)).toBe("");
});
