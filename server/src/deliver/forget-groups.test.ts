// The group of a function that is gone holds its stream back for a while, and then no longer: with the real log and the real engine.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../lib/clock.ts";
import { functionGroup, functionStateStream } from "../model/manifest.ts";
import { recordsOf } from "../model/record-rows.ts";
import { silentLog } from "../telemetry/log.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { ForgetGroups } from "./forget-groups.ts";
import { StreamRetention } from "./stream-retention.ts";
import { createTableWriter, type TableWriter } from "./table-writer.ts";
import { DeliveryFixture, EngineFixture, rememberingLog } from "./test-delivery.ts";

const READING = "Reading.1.0";
const GROUP = functionGroup("enrich");
const STATE = functionStateStream("enrich", READING);
/** When the fixture's events were received. */
const RECEIVED_MS = 1_700_000_000_000;
const HOUR_MS = 3_600_000;

describe("a group that no function has", { timeout: 90_000 }, () => {
  let engine: EngineFixture;
  let delivery: DeliveryFixture;
  let writer: TableWriter;
  let hours: number;
  let isExpected: boolean;

  beforeAll(async () => {
    engine = await EngineFixture.start();
  });
  afterAll(() => engine.stop());
  beforeEach(async () => {
    hours = 100;
    isExpected = false;
    delivery = await DeliveryFixture.create(engine);
    const { stream, database, catalog } = delivery;
    writer = createTableWriter({ stream, database, catalog, quarantine: delivery.quarantine(), log: silentLog });
    await delivery.append(0, 1000);
    writer.start();
    await writer.drain("Reading", AbortSignal.timeout(60_000));
    const membership = await stream.join(GROUP, { assigned: () => {}, revoked: async () => {} });
    await membership.follow([READING]);
    await stream.saveProgress(GROUP, READING, 0, { committed: 300 });
    await membership.leave();
    await stream.ensureStream(STATE, { partitions: 1 });
    await stream.append(STATE, recordsOf(["{}", "{}"], "abc", 0));
  });
  afterEach(async () => {
    await writer.stop();
    await delivery.dispose();
  });

  function retention() {
    const metrics = createMetrics();
    const { log, warnings } = rememberingLog();
    const { stream, database, catalog } = delivery;
    const now = () => RECEIVED_MS + hours * HOUR_MS;
    const parts = { stream, now, log, metrics };
    const forgetGroups = new ForgetGroups({ ...parts, isExpected: () => isExpected, afterHours: 24 });
    const limits = { hours: 1 };
    const retained = new StreamRetention({ ...parts, database, catalog, limits, clock: systemClock, forgetGroups });
    return { round: () => retained.round(), metrics, warnings };
  }

  const start = () => delivery.stream.startOffset(READING, 0);

  it("keeps what it has not read for as long as configured; then its progress and its state are gone, said aloud", async () => {
    const { round, metrics, warnings } = retention();
    await round();
    hours += 23;
    await round();
    expect(start()).toBe(300);
    expect(await metrics.text()).toContain(`moose_group_unused_seconds{group="${GROUP}",stream="${READING}"} 82800`);
    expect(warnings).toEqual([]);
    hours += 1;
    await round();
    expect(start()).toBe(1000);
    expect(await delivery.stream.groups()).toEqual(["table"]);
    expect(delivery.stream.startOffset(STATE, 0)).toBe(2);
    expect(warnings).toEqual([expect.stringContaining("forgotten")]);
    const text = await metrics.text();
    expect(text).toContain(`moose_groups_forgotten_total{group="${GROUP}",stream="${READING}"} 1`);
    expect(text).not.toMatch(/moose_group_(unused_seconds|lag_events)\{group="functions/);
    expect(await delivery.values()).toHaveLength(1000);
  });

  it("counts the time over a restart", async () => {
    await retention().round();
    await writer.stop();
    await delivery.reopen();
    hours += 24;
    await retention().round();
    expect(await delivery.stream.groups()).toEqual(["table"]);
  });

  it("is not forgotten while the project has its function, whether it runs or not", async () => {
    isExpected = true;
    const { round } = retention();
    await round();
    hours += 1000;
    await round();
    expect(start()).toBe(300);
    isExpected = false;
    await round();
    hours += 23;
    await round();
    expect(start()).toBe(300);
  });

  it("never forgets the table writer, though it be away", async () => {
    await writer.stop();
    const { round } = retention();
    await round();
    hours += 1000;
    await round();
    expect(await delivery.stream.progress("table", READING, 0)).toMatchObject({ committed: 1000 });
  });
});
