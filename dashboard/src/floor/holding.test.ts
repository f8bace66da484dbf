import { describe, expect, it } from "vitest";
import { asking, CONNECT_MS, DEAF_MS, due, failed, heard, looked, MEND_MS, off } from "./holding";

const open = heard(asking(off, 0), "connected", 100, 0.5);

describe("a connection that is open from the start", () => {
  it("stays as it is for hours while nobody speaks", () => {
    expect(looked(open, 0, false, 3_600_000, 0.5).phase).toBe("open");
  });

  it("is asked for anew when somebody speaks and nothing comes", () => {
    expect(looked(open, 0, true, 100 + DEAF_MS, 0.5).phase).toBe("open");
    const deaf = looked(open, 0, true, 101 + DEAF_MS, 0.5);
    expect(deaf.phase).toBe("waiting");
    expect(due(deaf, deaf.askAtMs)).toBe(true);
  });

  it("counts the silence from when somebody begins to speak", () => {
    const quiet = looked(open, 0, false, 60_000, 0.5);
    expect(looked(quiet, 0, true, 60_000 + DEAF_MS, 0.5).phase).toBe("open");
  });

  it("is not given up for a short break", () => {
    const broken = heard(open, "disconnected", 5000, 0.5);
    expect(heard(looked(broken, 0, false, 5000 + MEND_MS, 0.5), "connected", 7000, 0.5).phase).toBe("open");
    expect(looked(broken, 0, false, 5001 + MEND_MS, 0.5).phase).toBe("waiting");
  });

  it("is given up when it does not come about, and waits longer each time", () => {
    const once = looked(asking(off, 0), 0, false, CONNECT_MS + 1, 0.5);
    const twice = failed(asking(once, once.askAtMs), 20_000, 0.5);
    expect(twice.attempt).toBe(2);
    expect(twice.askAtMs - 20_000).toBeGreaterThan(once.askAtMs - CONNECT_MS - 1);
  });

  it("begins with short waits again once something came", () => {
    const third = { ...open, attempt: 3 };
    expect(looked(third, 20, true, 200, 0.5).attempt).toBe(0);
  });

  it("does nothing once it is off", () => {
    expect(failed(off, 1, 0.5)).toBe(off);
    expect(heard(off, "failed", 1, 0.5)).toBe(off);
  });
});
