// A disk that fails under the log: nothing is acknowledged any more, and the process ends so that a new one reads what the disk holds.
import { expect, it } from "vitest";
import { exitCodes } from "../../server/src/cli/exit-codes.ts";
import { failSystemCalls } from "../faults/failing-system-calls.ts";
import { newAnswers, sendEvents } from "./event-load.ts";
import { servedWithClickHouse } from "./served-with-clickhouse.ts";

const served = servedWithClickHouse();

const faults = [
  { what: "an fsync", name: "a", fault: { calls: ["fdatasync", "fsync", "msync"], error: "EIO", from: 20 } },
  // The disk has room when the commit begins, and none when its pages are written.
  { what: "a write", name: "b", fault: { calls: ["pwrite64", "pwritev"], error: "ENOSPC", from: 20 } },
] as const;

it.each(faults)(
  "ends at once when $what of the log fails, and what was acknowledged is there with the next process",
  async ({ name, fault }) => {
    const first = await served.project.serve([], served.clickhouse.environment);
    const before = await served.clickhouse.count("Reading").then(
      ({ ids }) => ids,
      () => 0,
    );
    const answers = newAnswers();
    const ending = new AbortController();
    const load = {
      url: () => first.url,
      model: "Reading",
      name,
      senders: 3,
      rowsPerRequest: 20,
      textBytes: 10,
      pauseMs: 20,
    };
    const loading = sendEvents(load, answers, ending.signal);
    await expect.poll(() => answers.acknowledged.size, { timeout: 20_000 }).toBeGreaterThan(100);
    const failing = failSystemCalls(first.pid, fault, 30_000);
    // Killed by its own hand: there is no code.
    expect(await first.running.exitCode, first.running.output()).toBe(null);
    expect(first.running.output()).toContain("A write of the log failed; this process ends");
    ending.abort();
    await Promise.all([loading, failing]);

    const second = await served.project.serve([], served.clickhouse.environment);
    const { size } = answers.acknowledged;
    await expect
      .poll(async () => (await served.clickhouse.count("Reading")).ids - before, { timeout: 30_000 })
      .toBeGreaterThanOrEqual(size);
    const { rows, ids } = await served.clickhouse.count("Reading");
    expect(rows).toBe(ids);
    expect(await second.end()).toBe(exitCodes.ok);
  },
  120_000,
);
