// Web vitals as web.dev defines them, on entries as browsers give them.
import { describe, expect, it } from "vitest";
import { Interactions, LayoutShifts } from "./vital-values.ts";

const entry = (more: object) => ({ name: "", startTime: 0, duration: 0, ...more });

describe("LayoutShifts", () => {
  const measured = (shifts: readonly [atMs: number, value: number, recent?: true][]) => {
    const all = new LayoutShifts();
    for (const [startTime, value, hadRecentInput = false] of shifts)
      all.add(entry({ startTime, value, hadRecentInput }));
    return all.value;
  };

  it.each([
    ["nothing is no shift", [], 0],
    [
      "shifts less than a second apart are one window",
      [
        [0, 0.1],
        [900, 0.1],
        [1800, 0.1],
      ],
      0.3,
    ],
    [
      "a second without one ends it",
      [
        [0, 0.2],
        [1000, 0.1],
      ],
      0.2,
    ],
    [
      "a later window may be the largest",
      [
        [0, 0.1],
        [2000, 0.2],
        [2100, 0.2],
      ],
      0.4,
    ],
    [
      "five seconds end it",
      [
        [0, 0.1],
        [900, 0.1],
        [1800, 0.1],
        [2700, 0.1],
        [3600, 0.1],
        [4500, 0.1],
        [5000, 0.1],
      ],
      0.6,
    ],
    [
      "what follows an input does not count",
      [
        [0, 0.1],
        [100, 5, true],
      ],
      0.1,
    ],
  ] as const)("%s", (_, shifts, expected) => {
    expect(measured(shifts as never)).toBeCloseTo(expected, 10);
  });
});

describe("Interactions", () => {
  const measured = (durations: readonly number[]) => {
    const all = new Interactions();
    durations.forEach((duration, at) => {
      all.add(entry({ interactionId: at + 1, duration }));
    });
    return all.value;
  };

  it("has no value without any, and ignores events that belong to none", () => {
    const all = new Interactions();
    all.add(entry({ duration: 500, interactionId: 0 }));
    expect(all.value).toBeUndefined();
  });

  it("is the slowest, and of each interaction its slowest event", () => {
    const all = new Interactions();
    for (const duration of [40, 120, 80]) all.add(entry({ interactionId: 7, duration }));
    all.add(entry({ interactionId: 8, duration: 90 }));
    expect(all.value).toBe(120);
  });

  it("leaves one of fifty out of account", () => {
    const fast = Array.from({ length: 49 }, () => 50);
    expect(measured([...fast.slice(1), 900])).toBe(900);
    expect(measured([...fast, 900])).toBe(50);
    expect(measured([...fast, ...fast, 900, 800])).toBe(50);
    expect(measured([...fast, ...fast, 900, 800].slice(1))).toBe(800);
  });
});
