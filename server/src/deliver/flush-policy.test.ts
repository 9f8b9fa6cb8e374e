// The flush and retry policies, as tables of what they answer.
import { describe, expect, it } from "vitest";
import { retryDelayMs } from "../lib/retry-delay.ts";
import { flushLimits, isFull, msUntilFlush } from "./flush-policy.ts";

const limits = { rows: 1000, bytes: 50_000, ms: 100 };

describe("flush policy", () => {
  it.each([
    ["the first event ever goes at once", { rows: 1, bytes: 10, sinceLastInsertMs: Number.POSITIVE_INFINITY }, 0],
    ["after a pause an event goes at once", { rows: 1, bytes: 10, sinceLastInsertMs: 100 }, 0],
    ["soon after an insert it waits for the rest", { rows: 1, bytes: 10, sinceLastInsertMs: 30 }, 70],
    ["a block full of rows does not wait", { rows: 1000, bytes: 10, sinceLastInsertMs: 0 }, 0],
    ["a block full of bytes does not wait", { rows: 1, bytes: 50_000, sinceLastInsertMs: 0 }, 0],
  ])("%s", (_name, backlog, wanted) => {
    expect(msUntilFlush(backlog, limits)).toBe(wanted);
  });

  it("takes the model's limits and its own for the rest", () => {
    const spec = { name: "Flight", version: "1.0", fields: [], extra: "reject", flush: { rows: 5 } } as const;
    expect(flushLimits(spec)).toEqual({ rows: 5, bytes: 8 * 1024 * 1024, ms: 100 });
    expect(flushLimits(undefined).rows).toBe(100_000);
    expect(isFull({ rows: 5, bytes: 0 }, flushLimits(spec))).toBe(true);
  });
});

describe("retry policy", () => {
  it("doubles up to five seconds and never waits for less than half", () => {
    const waits = [1, 2, 3, 6, 7, 1000].map((attempt) => [retryDelayMs(attempt, 0), retryDelayMs(attempt, 1)]);
    expect(waits).toEqual([
      [50, 100],
      [100, 200],
      [200, 400],
      [1600, 3200],
      [2500, 5000],
      [2500, 5000],
    ]);
  });
});
