// What is trimmed is in its table for good and read by all, with the real log and the real engine; and what is not, stays.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../lib/clock.ts";
import { silentLog } from "../telemetry/log.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import type { RetentionLimits } from "./retention-policy.ts";
import { StreamRetention } from "./stream-retention.ts";
import { createTableWriter, type TableWriter } from "./table-writer.ts";
import { DeliveryFixture, EngineFixture, rememberingLog } from "./test-delivery.ts";

const READING = "Reading.1.0";
/** When the fixture's events were received. */
const RECEIVED_MS = 1_700_000_000_000;
const HOUR_MS = 3_600_000;
const limit = () => AbortSignal.timeout(60_000);

describe("the retention of a stream", { timeout: 90_000 }, () => {
  let engine: EngineFixture;
  let delivery: DeliveryFixture;
  let writer: TableWriter;

  beforeAll(async () => {
    engine = await EngineFixture.start();
  });
  afterAll(() => engine.stop());
  beforeEach(async () => {
    delivery = await DeliveryFixture.create(engine);
    const { stream, database, catalog } = delivery;
    writer = createTableWriter({ stream, database, catalog, quarantine: delivery.quarantine(), log: silentLog });
  });
  afterEach(async () => {
    await writer.stop();
    await delivery.dispose();
  });

  function retention(limits: RetentionLimits, parts: { hoursLater?: number; log?: typeof silentLog } = {}) {
    const metrics = createMetrics();
    const now = () => RECEIVED_MS + (parts.hoursLater ?? 0) * HOUR_MS;
    const { stream, database, catalog } = delivery;
    const log = parts.log ?? silentLog;
    return {
      metrics,
      ...{
        round: () =>
          new StreamRetention({ stream, database, catalog, limits, clock: systemClock, now, log, metrics }).round(),
      },
    };
  }

  const start = () => delivery.stream.startOffset(READING, 0);

  it("frees what is too old, but only what is in the table", async () => {
    await delivery.append(0, 1000);
    await retention({ hours: 1 }, { hoursLater: 2 }).round();
    expect(start()).toBe(0);
    writer.start();
    await writer.drain("Reading", limit());
    await retention({ hours: 3 }, { hoursLater: 2 }).round();
    expect(start()).toBe(0);
    await retention({ hours: 1 }, { hoursLater: 2 }).round();
    expect(start()).toBe(1000);
    await delivery.append(1000, 1500);
    await writer.drain("Reading", limit());
    expect(await delivery.values()).toHaveLength(1500);
  });

  it("frees nothing that another group has still to read, and says how far it is behind", async () => {
    await delivery.append(0, 1000);
    writer.start();
    await writer.drain("Reading", limit());
    const membership = await delivery.stream.join("functions.x", { assigned: () => {}, revoked: async () => {} });
    await membership.follow([READING]);
    await delivery.stream.saveProgress("functions.x", READING, 0, { committed: 300 });
    const { round, metrics } = retention({ hours: 1 }, { hoursLater: 2 });
    await round();
    expect(start()).toBe(300);
    const text = await metrics.text();
    expect(text).toContain(`moose_group_lag_events{group="functions.x",stream="${READING}"} 700`);
    expect(text).toContain(`moose_group_lag_events{group="table",stream="${READING}"} 0`);
    expect(text).toMatch(/moose_stream_bytes\{stream="Reading\.1\.0"\} [1-9]/);
  });

  it("frees the oldest of what is too much", async () => {
    for (let from = 0; from < 20_000; from += 1000) await delivery.append(from, from + 1000);
    writer.start();
    await writer.drain("Reading", limit());
    const { bytes } = await delivery.stream.size(READING);
    await retention({ bytes: bytes * 2 }).round();
    expect(start()).toBe(0);
    await retention({ bytes: bytes / 2 }).round();
    expect(start()).toBeGreaterThan(9000);
    expect(start()).toBeLessThan(12_000);
    expect((await delivery.stream.size(READING)).bytes).toBeLessThan(bytes * 0.6);
  });

  it("keeps a stream whole whose table does not sync what is inserted, and says so once", async () => {
    await delivery.database.command("ALTER TABLE Reading MODIFY SETTING fsync_after_insert = 0");
    await delivery.append(0, 100);
    writer.start();
    await writer.drain("Reading", limit());
    const { log, warnings } = rememberingLog();
    const { stream, database, catalog } = delivery;
    const limits = { hours: 1 };
    const now = () => RECEIVED_MS + 9 * HOUR_MS;
    const kept = new StreamRetention({ stream, database, catalog, limits, clock: systemClock, now, log });
    await kept.round();
    await kept.round();
    expect(start()).toBe(0);
    expect(warnings).toHaveLength(1);
  });
});
