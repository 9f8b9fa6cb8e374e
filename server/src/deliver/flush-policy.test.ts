// The flush and retry policies, as tables of what they answer.
import { describe, expect, it } from "vitest";
import { flushLimits, isFull, msUntilFlush } from "./flush-policy.ts";

const limits = { rows: 1000, bytes: 50_000, ms: 100 };

describe("flush policy", () => {
  const never = { sinceLastInsertMs: Number.POSITIVE_INFINITY, lastInsertTookMs: 0 };
  const took20 = { lastInsertTookMs: 20 };

  it.each([
    ["the first event ever goes at once", { rows: 1, bytes: 10, ...never }, 0],
    ["after a pause an event goes at once", { rows: 1, bytes: 10, sinceLastInsertMs: 100, ...took20 }, 0],
    ["soon after an insert it waits for the rest", { rows: 1, bytes: 10, sinceLastInsertMs: 30, ...took20 }, 70],
    ["a block full of rows does not wait", { rows: 1000, bytes: 10, sinceLastInsertMs: 0, ...took20 }, 0],
    ["a block full of bytes does not wait", { rows: 1, bytes: 50_000, sinceLastInsertMs: 0, ...took20 }, 0],
    ["a sixteenth of the rows waits for 1.5 inserts", { rows: 63, bytes: 10, sinceLastInsertMs: 21, ...took20 }, 9],
    ["a sixteenth of the bytes as well", { rows: 1, bytes: 3_125, sinceLastInsertMs: 21, ...took20 }, 9],
    ["and no longer", { rows: 63, bytes: 10, sinceLastInsertMs: 30, ...took20 }, 0],
    ["less than that waits for the rest", { rows: 62, bytes: 3_124, sinceLastInsertMs: 30, ...took20 }, 70],
    ["slow inserts come no later", { rows: 63, bytes: 10, sinceLastInsertMs: 90, lastInsertTookMs: 5_000 }, 10],
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
