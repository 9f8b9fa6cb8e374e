// When a partition's events are inserted, with time standing still: what has gathered decides.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "../lib/clock.ts";
import { silentLog } from "../telemetry/log.ts";
import { createTableWriter, type TableWriter } from "./table-writer.ts";
import { DeliveryFixture, EngineFixture } from "./test-delivery.ts";

const READING = "Reading.1.0";
const WAIT_MS = 20_000;

/** Nothing is ever due by its age. */
const frozen: Clock = {
  nowMs: () => 0,
  wait: (_, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
};

describe("partition writer", () => {
  let engine: EngineFixture;
  let delivery: DeliveryFixture;
  let writer: TableWriter;

  beforeAll(async () => {
    engine = await EngineFixture.start();
  });
  afterAll(() => engine.stop());
  beforeEach(async () => {
    delivery = await DeliveryFixture.create(engine);
    delivery.flush({ rows: 1600 });
    const { stream, database, catalog } = delivery;
    writer = createTableWriter({
      stream,
      database,
      catalog,
      quarantine: delivery.quarantine(),
      log: silentLog,
      clock: frozen,
    });
    writer.start();
  });
  afterEach(async () => {
    await writer.stop();
    await delivery.dispose();
  });

  const delivered = (offset: number) => writer.waitFor(new Map([[READING, [offset]]]), AbortSignal.timeout(WAIT_MS));

  it("inserts the first event at once, then waits until a sixteenth of a full block has gathered", async () => {
    await delivery.append(0, 1);
    await delivered(1);
    await delivery.append(1, 50);
    await delivery.append(50, 100);
    expect(writer.position().get(READING)).toEqual([1]);
    await delivery.append(100, 101);
    await delivered(101);
    expect(delivery.database.attempts).toEqual(["Reading", "Reading"]);
    expect(await delivery.values()).toEqual(Array.from({ length: 101 }, (_, n) => n));
  });
});
