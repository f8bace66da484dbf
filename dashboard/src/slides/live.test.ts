import { afterEach, expect, test, vi } from "vitest";
import { api } from "../shared/api";
import { lookAgain, newer, slides, turn, type Show, type Slides } from "./live";

const show = (version: number, page: number): Show => ({ version, page, deck: "d", layout: "both" });

afterEach(() => {
  vi.restoreAllMocks();
  slides.value = null;
});

test("an answer that was overtaken changes nothing; of equal ones the centre's counts", () => {
  expect(newer(show(5, 7), show(4, 6)).page).toBe(7);
  expect(newer(show(5, 8), show(5, 7)).page).toBe(7);
  expect(newer(show(5, 8), show(6, 9)).page).toBe(9);
});

test("a look that was answered before a turn arrived does not turn the page back", async () => {
  const told = (now: Show): Slides => ({
    decks: [],
    show: now,
    rooms: { sites: 1, ready: 1, shown: 1 },
    office: false,
    largest: 1,
  });
  slides.value = told(show(5, 7));
  let arrive: (now: Show) => void = () => undefined;
  vi.spyOn(api, "post").mockReturnValue(new Promise((done) => (arrive = done)));
  const looked = vi.spyOn(api, "get").mockResolvedValue(told(show(5, 7)));
  const turned = turn("s", { deck: "d", page: 8, layout: "both" });
  await lookAgain("s");
  expect(slides.value.show.page).toBe(8);
  looked.mockResolvedValue(told(show(6, 9)));
  await lookAgain("s");
  expect(slides.value.show.page).toBe(9);
  arrive(show(7, 8));
  await turned;
  expect(slides.value.show).toEqual(show(7, 8));
  looked.mockResolvedValue(told(show(7, 8)));
  await lookAgain("s");
  expect(slides.value.show).toEqual(show(7, 8));
});
