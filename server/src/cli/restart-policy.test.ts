// When a dead worker starts again.
import { expect, test } from "vitest";
import { afterDeath, newWorkerRecord } from "./restart-policy.ts";

test("a worker that keeps dying young waits longer and longer, up to half a minute", () => {
  const delays: number[] = [];
  let record = newWorkerRecord;
  for (let death = 0; death < 9; death++) {
    const next = afterDeath(record, 1_000);
    record = next.record;
    delays.push(next.delayMs);
  }
  expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test("a worker that ran for a minute begins anew", () => {
  expect(afterDeath({ earlyDeaths: 7 }, 60_000)).toEqual({ record: { earlyDeaths: 1 }, delayMs: 500 });
});
