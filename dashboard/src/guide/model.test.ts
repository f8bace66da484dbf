import { expect, test } from "vitest";
import type { Check, CheckState } from "../shared/checks";
import {
  checksOf,
  firstStep,
  half,
  minutesTo,
  type Ready,
  STEPS,
  tidyCode,
  tidyServer,
  worst,
} from "./model";

function check(name: string, state: CheckState): Check {
  return { name, state, reason: "", note: "", at_ns: 0, figures: {} };
}

function ready(...checks: Check[]): Ready {
  return {
    paired: true,
    code: "T1",
    name: "Trường 1",
    server: "",
    hotline: "",
    now_ms: 0,
    busy: false,
    looking: [],
    phone: "",
    rehearsal: null,
    checks,
  };
}

test("every step says the worst of its checks", () => {
  expect(worst(["good", "weak", "bad"])).toBe("bad");
  expect(worst(["good", "waiting"])).toBe("waiting");
  expect(worst([])).toBe("waiting");
});

test("the guide begins at what is wrong first, at the overview when nothing is", () => {
  expect(STEPS[firstStep(ready(check("camera", "good"), check("speaker", "bad")))]?.name).toBe("sound");
  expect(STEPS[firstStep(ready(check("camera", "good"), check("phone", "waiting")))]?.name).toBe("done");
  expect(STEPS[firstStep({ ...ready(), paired: false })]?.name).toBe("pair");
});

test("the overview lists every check in the order of the steps", () => {
  const all = ready(check("paper", "good"), check("paired", "good"), check("speaker", "bad"));
  const last = STEPS[STEPS.length - 1];
  expect(last && checksOf(last, all).map((each) => each.name)).toEqual(["paired", "speaker", "paper"]);
});

test("a sentence in two languages is read in one", () => {
  expect(half("Sai mã. / Wrong code.", "vi")).toBe("Sai mã.");
  expect(half("Sai mã. / Wrong code.", "en")).toBe("Wrong code.");
  expect(half("Chỉ một.", "en")).toBe("Chỉ một.");
});

test("a code is put in groups as it is typed, an address gets its scheme", () => {
  expect(tidyCode("ab1c 2ef3-4gh5x")).toBe("AB1C-2EF3-4GH5-X");
  expect(tidyServer("cau.example.vn")).toBe("https://cau.example.vn");
  expect(tidyServer("http://127.0.0.1:8080")).toBe("http://127.0.0.1:8080");
  expect(tidyServer(" ")).toBe("");
});

test("minutes to the start are never less than none", () => {
  expect(minutesTo(61_000, 0)).toBe(2);
  expect(minutesTo(0, 61_000)).toBe(0);
});
