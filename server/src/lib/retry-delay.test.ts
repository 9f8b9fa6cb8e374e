// The waits between tries: their growth, their cap, and how much of them is chance.
import { expect, it } from "vitest";
import { retryDelayMs } from "./retry-delay.ts";

it("doubles up to two seconds and never waits for less than half", () => {
  const waits = [1, 2, 3, 5, 6, 1000].map((attempt) => [retryDelayMs(attempt, 0), retryDelayMs(attempt, 1)]);
  expect(waits).toEqual([
    [50, 100],
    [100, 200],
    [200, 400],
    [800, 1600],
    [1000, 2000],
    [1000, 2000],
  ]);
});
