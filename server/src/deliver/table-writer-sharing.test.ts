// Several table writers share the partitions of a stream: nothing twice and nothing lost, whoever dies, comes, goes or hangs.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { StreamLog } from "../ports/stream-log.ts";
import { silentLog } from "../telemetry/log.ts";
import { createTableWriter, type TableWriter } from "./table-writer.ts";
import { DeliveryFixture, EngineFixture, type FaultyDatabase } from "./test-delivery.ts";

const READING = "Reading.1.0";
const PARTITIONS = 4;
const WAIT = { timeout: 60_000 };
const limit = () => AbortSignal.timeout(60_000);
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const sumOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("table writers", { timeout: 90_000 }, () => {
  let engine: EngineFixture;
  let delivery: DeliveryFixture;
  let writers: TableWriter[];
  let logs: StreamLog[];

  beforeAll(async () => {
    engine = await EngineFixture.start();
  });
  afterAll(() => engine.stop());
  beforeEach(async () => {
    delivery = await DeliveryFixture.create(engine, { partitions: PARTITIONS, shared: true });
    writers = [];
    logs = [];
  });
  afterEach(async () => {
    await Promise.all(writers.map((writer) => writer.stop()));
    await Promise.all(logs.map((log) => log.close()));
    await delivery.dispose();
  });

  function start(stream = delivery.stream, database: FaultyDatabase = delivery.database): TableWriter {
    const { catalog } = delivery;
    const quarantine = delivery.quarantine(silentLog, stream);
    const options = { stream, database, catalog, quarantine, log: silentLog, partitions: PARTITIONS, stopLimitMs: 500 };
    const writer = createTableWriter(options);
    writer.start();
    writers.push(writer);
    return writer;
  }

  async function startAnother(): Promise<{ stream: StreamLog; database: FaultyDatabase; writer: TableWriter }> {
    const stream = await delivery.openAnother();
    logs.push(stream);
    const database = delivery.database.another();
    return { stream, database, writer: start(stream, database) };
  }

  /** Numbers from 0 on, in turn to each partition. Returns how many there are now. */
  let appended = 0;
  beforeEach(() => {
    appended = 0;
  });
  async function pour(rounds: number, rows: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const from = appended;
      appended += rows;
      await delivery.append(from, from + rows, delivery.schemas.reading, round % PARTITIONS);
    }
  }

  async function expectStored(): Promise<void> {
    expect(await delivery.values()).toEqual(numbers(appended));
    expect(await delivery.viewTotals()).toEqual({ readings: appended, total: sumOf(numbers(appended)) });
    const { rows } = await delivery.database.query(
      "SELECT _partition, count(), uniqExact(_offset), max(_offset) + 1 FROM Reading GROUP BY _partition ORDER BY _partition",
    );
    expect(rows.map(([partition]) => Number(partition))).toEqual(numbers(PARTITIONS));
    for (const [, count, distinct, end] of rows) expect([distinct, end]).toEqual([count, count]);
  }

  it("share one log in one process, and go on alone when the other is stopped in the middle", async () => {
    const first = start();
    const second = start();
    const pouring = pour(60, 50);
    await expect.poll(() => delivery.values().then(({ length }) => length), WAIT).toBeGreaterThan(200);
    await first.stop();
    await pouring;
    await second.drain("Reading", limit());
    await expectStored();
  });

  it("share the log among processes, and know how far the others are", async () => {
    const one = start();
    const { writer: other, database } = await startAnother();
    await pour(40, 20);
    for (const writer of [one, other]) await writer.drain("Reading", limit());
    await expectStored();
    expect(one.position().get(READING)).toEqual(other.position().get(READING));
    expect(database.attempts.length).toBeGreaterThan(0);
    expect(delivery.database.attempts.length).toBeGreaterThan(0);
  });

  it("take over what a dead process had in doubt, whether it had arrived or not", async () => {
    const one = start();
    for (const fault of ["process dies", "never arrives"] as const) {
      const { stream, database, writer } = await startAnother();
      await pour(8, 10);
      await one.drain("Reading", limit());
      // From now on its inserts arrive and nobody lives to hear it, or they never arrive.
      database.fault = () => fault;
      const attempts = database.attempts.length;
      await pour(8, 10);
      await expect.poll(() => database.attempts.length, WAIT).toBeGreaterThan(attempts);
      await writer.stop();
      await stream.close();
      await pour(8, 10);
      await one.drain("Reading", limit());
      await expectStored();
    }
  });

  it("move a partition only after the insert under way, and double nothing when that takes too long", async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    delivery.database.hold = () => held;
    const one = start();
    await pour(PARTITIONS, 10);
    await expect.poll(() => delivery.database.attempts.length, WAIT).toBe(PARTITIONS);
    const { writer: other, database } = await startAnother();
    release();
    await pour(PARTITIONS, 10);
    for (const writer of [one, other]) await writer.drain("Reading", limit());
    expect(database.attempts.length).toBeGreaterThan(0);
    await expectStored();
  });

  it("stay within the window of tokens while a range of another is in doubt, so that its views are exact, too", async () => {
    for (const table of ["Reading", "ReadingTotals"]) {
      await delivery.database.command(`ALTER TABLE ${table} MODIFY SETTING non_replicated_deduplication_window = 60`);
    }
    const one = start();
    const { stream, database, writer } = await startAnother();
    await pour(PARTITIONS, 1);
    await one.drain("Reading", limit());
    database.fault = () => "process dies";
    const inserted = () => delivery.database.attempts.length;
    const before = inserted();
    const attempts = database.attempts.length;
    await pour(PARTITIONS, 1);
    await expect.poll(() => database.attempts.length, WAIT).toBeGreaterThan(attempts);
    // More inserts than the window counts, if nobody stops them.
    for (let round = 0; round < 80; round++) {
      await pour(PARTITIONS, 1);
      const ends = Array.from({ length: PARTITIONS }, (_, index) => delivery.stream.endOffset(READING, index));
      await one.waitFor(new Map([[READING, ends]]), AbortSignal.timeout(40)).catch(() => {});
    }
    expect(inserted() - before).toBeLessThan(60);
    await writer.stop();
    await stream.close();
    await one.drain("Reading", limit());
    await expectStored();
  });
});
