// When ingest turns events away for want of disk, and when it takes them again.
import { expect, it } from "vitest";
import { overloadOfProcess } from "./overload-policy.ts";

const MEBIBYTE = 1024 * 1024;
const quiet = { loopDelayMs: 0, memoryBytes: 0, maxMemoryBytes: Number.POSITIVE_INFINITY };
const limits = { maxLagBytes: 1, maxLoopDelayMs: 1_000 };

it.each([
  // What is kept free, and what has to be free beyond that before events are taken again.
  [20 * MEBIBYTE, 2 * MEBIBYTE],
  [64 * 1024 * MEBIBYTE, 8 * MEBIBYTE],
])("with %d bytes kept free, it wants %d more before it goes on", (minFreeDiskBytes, ease) => {
  const at = (freeDiskBytes: number, current: "disk" | undefined) =>
    overloadOfProcess({ ...quiet, freeDiskBytes }, { ...limits, minFreeDiskBytes }, current)?.reason;
  expect(at(minFreeDiskBytes, undefined)).toBeUndefined();
  expect(at(minFreeDiskBytes - 1, undefined)).toBe("disk");
  expect(at(minFreeDiskBytes + ease - 1, "disk")).toBe("disk");
  expect(at(minFreeDiskBytes + ease, "disk")).toBeUndefined();
});
