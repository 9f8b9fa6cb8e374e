// What a replayed range meets in the table: the same rows, some of them, others around them, or none. The table and its views are exact each time.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { silentLog } from "../telemetry/log.ts";
import { encodeSlice, type Range, slicesOf } from "./encode-block.ts";
import { deduplicationToken } from "./insert-slice.ts";
import { createTableWriter, type TableWriter } from "./table-writer.ts";
import { DeliveryFixture, EngineFixture } from "./test-delivery.ts";

const READING = "Reading.1.0";
const WAIT = { timeout: 60_000 };
const limit = () => AbortSignal.timeout(60_000);
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const sumOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("a replayed range", { timeout: 90_000 }, () => {
  let engine: EngineFixture;
  let delivery: DeliveryFixture;
  let writer: TableWriter | undefined;

  beforeAll(async () => {
    engine = await EngineFixture.start();
  });
  afterAll(() => engine.stop());
  beforeEach(async () => {
    delivery = await DeliveryFixture.create(engine);
  });
  afterEach(async () => {
    delivery.database.fault = () => undefined;
    await writer?.stop();
    writer = undefined;
    await delivery.dispose();
  });

  function start(): TableWriter {
    const { stream, database, catalog } = delivery;
    writer = createTableWriter({ stream, database, catalog, quarantine: delivery.quarantine(), log: silentLog });
    writer.start();
    return writer;
  }

  async function dieAndStartAgain(): Promise<TableWriter> {
    delivery.database.fault = () => undefined;
    await delivery.reopen();
    return start();
  }

  async function expectStored(values: readonly number[]): Promise<void> {
    expect(await delivery.values()).toEqual(values);
    expect(await delivery.viewTotals()).toEqual({ readings: values.length, total: sumOf(values) });
  }

  /** An earlier writer inserted this range, as one block under its token. */
  async function insertEarlier(range: Range): Promise<void> {
    const source = { stream: delivery.stream, name: READING, partition: 0, tablePartition: 0 };
    for await (const slice of slicesOf(source, range)) {
      const block = encodeSlice(slice, source, delivery.catalog);
      await delivery.database.insertNative("Reading", block, { deduplicationToken: deduplicationToken(source, slice) });
    }
  }

  /** And its last word in the log was this. */
  async function recordEarlier(committed: number, pending: Range): Promise<void> {
    const membership = await delivery.stream.join("table", { assigned: () => {}, revoked: async () => {} });
    await membership.follow([READING]);
    await delivery.stream.saveProgress("table", READING, 0, { committed, pending });
    await membership.leave();
  }

  it.each([
    ["the same: it arrived as a whole", { first: 100, last: 200 }],
    ["new: nothing of it arrived", undefined],
  ])("%s, and the tokens are known", async (_, arrived) => {
    await delivery.append(0, 300);
    await insertEarlier({ first: 0, last: 100 });
    if (arrived !== undefined) await insertEarlier(arrived);
    await recordEarlier(100, { first: 100, last: 200 });
    await start().drain("Reading", limit());
    await expectStored(numbers(0, 300));
  });

  it.each([
    ["the same", [{ first: 100, last: 200 }]],
    ["overlapping at its begin", [{ first: 60, last: 130 }]],
    ["overlapping at its end", [{ first: 170, last: 240 }]],
    ["containing what is there", [{ first: 120, last: 150 }]],
    [
      "containing two pieces",
      [
        { first: 110, last: 120 },
        { first: 180, last: 190 },
      ],
    ],
    ["contained in what is there", [{ first: 90, last: 260 }]],
    ["new", []],
  ])("%s, of ranges that were cut otherwise, in a table that knows no tokens", async (_, arrived) => {
    for (const table of ["Reading", "ReadingTotals"]) {
      await delivery.database.command(`ALTER TABLE ${table} MODIFY SETTING non_replicated_deduplication_window = 0`);
    }
    await delivery.append(0, 300);
    const begin = Math.min(100, ...arrived.map(({ first }) => first));
    const end = Math.max(200, ...arrived.map(({ last }) => last));
    await insertEarlier({ first: 0, last: begin });
    for (const range of arrived) await insertEarlier(range);
    await recordEarlier(begin, { first: begin, last: end });
    await start().drain("Reading", limit());
    await expectStored(numbers(0, 300));
  });

  it("is cut as it was recorded, though batches are of another size now", async () => {
    delivery.database.fault = () => "process dies";
    await delivery.append(0, 777);
    start();
    await expect.poll(() => delivery.values(), WAIT).toHaveLength(777);
    const recorded = (await delivery.stream.progress("table", READING, 0)).pending;
    await delivery.append(777, 2000);
    delivery.flush({ rows: 300 });
    await (await dieAndStartAgain()).drain("Reading", limit());
    expect(recorded).toEqual({ first: 0, last: 777 });
    await expectStored(numbers(0, 2000));
  });

  it.each([1, 2, 4, 7, 11, 16])(
    "is exact after a crash at insert %i of a block that is cut for a row to blame",
    async (at) => {
      await delivery.database.command("ALTER TABLE Reading ADD CONSTRAINT small CHECK value NOT IN (3, 40)");
      let inserts = 0;
      delivery.database.fault = () => (++inserts === at ? "process dies" : undefined);
      await delivery.append(0, 64);
      start();
      await expect.poll(() => inserts, WAIT).toBeGreaterThanOrEqual(at);
      await (await dieAndStartAgain()).drain("Reading", limit());
      await expectStored(numbers(0, 64).filter((n) => n !== 3 && n !== 40));
    },
  );

  it("reaches a view that refused it, once that can take it, and doubles nothing where it has arrived", async () => {
    const { database } = delivery;
    await database.command(
      "CREATE TABLE Strict (total UInt64) ENGINE = MergeTree ORDER BY total SETTINGS non_replicated_deduplication_window = 1000",
    );
    await database.command(
      "CREATE MATERIALIZED VIEW Strict_view TO Strict AS SELECT sum(value + throwIf(value = 13)) AS total FROM Reading",
    );
    await delivery.append(0, 100);
    const running = start();
    await expect.poll(() => database.attempts.length, WAIT).toBeGreaterThan(3);
    // Whether the table has finished when the view refuses is chance, at each attempt.
    await expect.poll(() => delivery.values(), WAIT).toEqual(numbers(0, 100));
    await database.command("ALTER TABLE Strict_view MODIFY QUERY SELECT sum(value) AS total FROM Reading");
    await running.drain("Reading", limit());
    await expectStored(numbers(0, 100));
    const { rows } = await database.query("SELECT count(), sum(total) FROM Strict");
    expect(rows[0]!.map(Number)).toEqual([1, sumOf(numbers(0, 100))]);
  });

  it("never leaves in a view what its table has not, when views run side by side and one of them refuses", async () => {
    const { database } = delivery;
    const settings = "ENGINE = MergeTree ORDER BY number SETTINGS non_replicated_deduplication_window = 1000";
    const views = ["Above", "Middle", "Under"];
    for (const name of [...views, "Strict"]) {
      await database.command(`CREATE TABLE ${name} (number UInt64) ${settings}`);
      const number = name === "Strict" ? "_offset + throwIf(value % 10 = 7)" : "_offset";
      await database.command(
        `CREATE MATERIALIZED VIEW ${name}_view TO ${name} AS SELECT ${number} AS number FROM Reading`,
      );
    }
    await delivery.append(0, 400);
    const ranges = Array.from({ length: 40 }, (_, i) => ({ first: i * 10, last: i * 10 + 10 }));
    for (const range of ranges) await expect(insertEarlier(range)).rejects.toMatchObject({ extra: { inView: true } });
    const countOf = async (sql: string) => Number((await database.query(sql)).rows[0]![0]);
    for (const name of views) {
      expect(await countOf(`SELECT count() FROM ${name} WHERE number NOT IN (SELECT _offset FROM Reading)`)).toBe(0);
    }
    await database.command("ALTER TABLE Strict_view MODIFY QUERY SELECT _offset AS number FROM Reading");
    for (const range of ranges) await insertEarlier(range);
    await expectStored(numbers(0, 400));
    for (const name of [...views, "Strict"]) {
      expect(await countOf(`SELECT count() FROM ${name}`)).toBe(400);
      expect(await countOf(`SELECT uniqExact(number) FROM ${name}`)).toBe(400);
    }
  });
});
