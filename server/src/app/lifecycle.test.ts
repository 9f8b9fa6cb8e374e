// The order and the limits in which parts close.
import { expect, test } from "vitest";
import type { Log } from "../telemetry/log.ts";
import { createLifecycle, type Stopping } from "./lifecycle.ts";

function collectWarnings(): { log: Log; warnings: string[] } {
  const warnings: string[] = [];
  const log: Log = {
    debug() {},
    info() {},
    warn: (message, fields) => void warnings.push(`${message}: ${fields?.reason}`),
    error() {},
    child: () => log,
  };
  return { log, warnings };
}

test("parts close in the reverse order, also when one of them fails, and each once", async () => {
  const { log, warnings } = collectWarnings();
  const lifecycle = createLifecycle(log);
  const closed: string[] = [];
  lifecycle.onStop("first", () => void closed.push("first"));
  lifecycle.onStop("second", async () => {
    closed.push("second");
    throw new Error("jammed");
  });
  lifecycle.onStop("third", () => void closed.push("third"));
  const how = { drain: false, deadlineMs: 1_000 };
  await Promise.all([lifecycle.stop(how), lifecycle.stop(how)]);
  expect(closed).toEqual(["third", "second", "first"]);
  expect(warnings).toEqual(["could not stop second cleanly: jammed"]);
});

test("a part that does not end is left behind, and the others still close", async () => {
  const { log, warnings } = collectWarnings();
  const lifecycle = createLifecycle(log);
  const closed: string[] = [];
  lifecycle.onStop("first", () => void closed.push("first"));
  lifecycle.onStop("stuck", () => new Promise<void>(() => {}));
  await lifecycle.stop({ drain: true, deadlineMs: 20 });
  expect(closed).toEqual(["first"]);
  expect(warnings).toEqual(["could not stop stuck cleanly: it did not end in time"]);
});

test("each part is told how much time is left, in whole milliseconds", async () => {
  const { log } = collectWarnings();
  let nowMs = 0;
  const lifecycle = createLifecycle(log, () => nowMs);
  const left: number[] = [];
  const take = ({ remainingMs }: Stopping): void => {
    left.push(remainingMs());
    nowMs += 399.9;
  };
  for (const name of ["a", "b", "c", "d"]) lifecycle.onStop(name, take);
  await lifecycle.stop({ drain: true, deadlineMs: 1_000 });
  expect(left).toEqual([1_000, 600, 200, 0]);
});
