// The change of a value over a time.
import { describe, expect, it } from "vitest";
import { ValueHistory } from "./value-history.ts";

describe("ValueHistory", () => {
  it("tells the change over a time, once it knows that long", () => {
    const history = new ValueHistory();
    history.add(0, 100);
    history.add(5000, 130);
    expect(history.changeOver(5000, 10_000)).toBeUndefined();
    history.add(10_000, 180);
    expect(history.changeOver(10_000, 10_000)).toBe(80);
    expect(history.changeOver(15_000, 10_000)).toBe(50);
  });

  it("stays small however often the value changes", () => {
    const history = new ValueHistory();
    for (let atMs = 0; atMs < 300_000; atMs += 10) history.add(atMs, atMs);
    expect(history.points.length).toBeLessThanOrEqual(243);
    expect(history.changeOver(300_000, 10_000)).toBeGreaterThan(9000);
  });
});
