// The table writer on a real log and a real engine: exactly once, whatever fails in between.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { streamName, tableName } from "../model/manifest.ts";
import { recordsOf, rowsOf } from "../model/record-rows.ts";
import { QUARANTINE_STREAM } from "../quarantine/quarantine-models.ts";
import { silentLog } from "../telemetry/log.ts";
import { createTableWriter, type TableWriter } from "./table-writer.ts";
import { DeliveryFixture, EngineFixture, rememberingLog } from "./test-delivery.ts";

const READING = "Reading.1.0";
const LIMIT_MS = 60_000;
const limit = () => AbortSignal.timeout(LIMIT_MS);
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const sumOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("table writer", { timeout: 90_000 }, () => {
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
    delivery.database.refusal = () => undefined;
    await writer?.stop();
    writer = undefined;
    await delivery.dispose();
  });

  function start(log = silentLog): TableWriter {
    const { stream, database, catalog } = delivery;
    writer = createTableWriter({ stream, database, catalog, quarantine: delivery.quarantine(log), log });
    writer.start();
    return writer;
  }

  /** The writer's process is gone: it is not stopped, only left alone, and another begins on the same log. */
  async function dieAndStartAgain(): Promise<TableWriter> {
    delivery.database.fault = () => undefined;
    await delivery.reopen();
    return start();
  }

  async function expectStored(values: readonly number[]): Promise<void> {
    expect(await delivery.values()).toEqual(values);
    expect(await delivery.viewTotals()).toEqual({ readings: values.length, total: sumOf(values) });
  }

  it("moves events into the table and its view, with the offset of each", async () => {
    await delivery.append(0, 500);
    const running = start();
    await delivery.append(500, 1500);
    await running.drain("Reading", limit());
    await expectStored(numbers(0, 1500));
    const { rows } = await delivery.database.query(
      "SELECT _partition, _offset, value, toUnixTimestamp64Milli(_received_at) FROM Reading ORDER BY _offset",
    );
    expect(rows.map((row) => row.map(Number))).toEqual(numbers(0, 1500).map((n) => [0, n, n, 1_700_000_000_000]));
  });

  it("says what is visible, and lets readers wait for it", async () => {
    const running = start();
    const commits: number[] = [];
    running.onCommit(({ model, table, position }) => {
      expect([model, table]).toEqual(["Reading", "Reading"]);
      commits.push(position.get(READING)![0]!);
    });
    await delivery.append(0, 10);
    const wanted = new Map([[READING, [10]]]);
    await running.waitFor(wanted, limit());
    expect(await delivery.values()).toHaveLength(10);
    expect(running.position().get(READING)).toEqual([10]);
    expect(commits.at(-1)).toBe(10);
    await expect(running.waitFor(new Map([[READING, [11]]]), AbortSignal.timeout(20))).rejects.toMatchObject({
      code: "after_timeout",
    });
  });

  it("inserts nothing twice when the answer to an insert is lost", async () => {
    let faults = 3;
    delivery.database.fault = () => (faults-- > 0 ? "answer lost" : undefined);
    await delivery.append(0, 1000);
    await start().drain("Reading", limit());
    expect(delivery.database.attempts.length).toBeGreaterThanOrEqual(4);
    await expectStored(numbers(0, 1000));
  });

  it("waits out an outage, says so once, and holds nothing else up", async () => {
    const { log, warnings } = rememberingLog();
    delivery.database.fault = (table) => (table === "Reading" ? "never arrives" : undefined);
    const running = start(log);
    await delivery.append(0, 100);
    await expect
      .poll(() => delivery.database.attempts.filter((table) => table === "Reading").length, { timeout: LIMIT_MS })
      .toBeGreaterThan(2);
    await delivery.append(0, 50, delivery.schemas.other);
    await running.drain("Other", limit());
    expect(await delivery.values("Other")).toEqual(numbers(0, 50));
    await delivery.append(100, 200);
    delivery.database.fault = () => undefined;
    await running.drain("Reading", limit());
    await expectStored(numbers(0, 200));
    expect(warnings).toHaveLength(1);
  });

  it("replays the same range after a crash between insert and commit, however much has come since", async () => {
    delivery.database.fault = () => "process dies";
    await delivery.append(0, 777);
    start();
    await expect.poll(() => delivery.values(), { timeout: LIMIT_MS }).toHaveLength(777);
    await delivery.append(777, 2000);
    const running = await dieAndStartAgain();
    await running.drain("Reading", limit());
    await expectStored(numbers(0, 2000));
  });

  it("sends a range that is in doubt before tables are changed, so that a view filled anew counts it once", async () => {
    delivery.database.fault = () => "process dies";
    await delivery.append(0, 100);
    start();
    await expect.poll(() => delivery.values(), { timeout: LIMIT_MS }).toHaveLength(100);
    delivery.database.fault = () => undefined;
    await delivery.reopen();
    const { stream, database, catalog, schemas } = delivery;
    writer = createTableWriter({ stream, database, catalog, quarantine: delivery.quarantine(), log: silentLog });
    await writer.recover(
      [schemas.reading, schemas.other].map(({ spec }) => ({ name: spec.name, table: tableName(spec) })),
      limit(),
    );
    expect(writer.position().get(READING)).toEqual([100]);
    const attempts = database.attempts.length;
    await delivery.append(100, 120);
    writer.start();
    await writer.drain("Reading", limit());
    expect(database.attempts.length).toBe(attempts + 1);
    await expectStored(numbers(0, 120));
  });

  it("replays a range that never arrived before a crash", async () => {
    delivery.database.fault = () => "never arrives";
    await delivery.append(0, 100);
    const first = start();
    await expect.poll(() => delivery.database.attempts.length, { timeout: LIMIT_MS }).toBeGreaterThan(0);
    await first.stop();
    const running = await dieAndStartAgain();
    await running.drain("Reading", limit());
    await expectStored(numbers(0, 100));
  });

  it("asks a table that remembers no tokens for its offsets, and sends only what is missing", async () => {
    await delivery.database.command("ALTER TABLE Reading MODIFY SETTING non_replicated_deduplication_window = 0");
    delivery.database.fault = () => "process dies";
    await delivery.append(0, 300);
    start();
    await expect.poll(() => delivery.values(), { timeout: LIMIT_MS }).toHaveLength(300);
    await delivery.database.command(
      "ALTER TABLE Reading DELETE WHERE _offset IN (0, 7, 8, 9, 299) SETTINGS mutations_sync = 1",
    );
    await delivery.append(300, 310);
    const running = await dieAndStartAgain();
    await running.drain("Reading", limit());
    expect(await delivery.values()).toEqual(numbers(0, 310));
  });

  it("sets aside the rows that the table refuses, with the reason, and delivers all others once", async () => {
    await delivery.database.command("ALTER TABLE Reading ADD CONSTRAINT small CHECK value NOT IN (13, 50, 199)");
    const { log, errors } = rememberingLog();
    const base = await delivery.append(0, 200);
    await start(log).drain("Reading", limit());
    await expectStored(numbers(0, 200).filter((n) => ![13, 50, 199].includes(n)));
    const batches = await delivery.stream.read(QUARANTINE_STREAM, 0, 0, { maxBytes: 1e6, maxRecords: 1e6 });
    const refused = rowsOf(batches).map((row) => JSON.parse(row) as Record<string, unknown>);
    expect(refused).toEqual(
      [13, 50, 199].map((n) =>
        expect.objectContaining({
          source: "table",
          model: "Reading",
          version: "1.0",
          stream: READING,
          partition: 0,
          offset: String(base + n),
          code: "table_refused",
          reason: expect.stringContaining("VIOLATED_CONSTRAINT"),
          encoding: "utf8",
          event: `{"id":"r${n}","value":${n}}`,
        }),
      ),
    );
    expect(errors).toHaveLength(3);
  });

  it("blames no row for a table that is missing", async () => {
    await delivery.database.command("RENAME TABLE Reading TO Away");
    await delivery.append(0, 20);
    const running = start();
    await expect.poll(() => delivery.database.attempts.length, { timeout: LIMIT_MS }).toBeGreaterThan(1);
    await delivery.database.command("RENAME TABLE Away TO Reading");
    await running.drain("Reading", limit());
    expect(await delivery.values()).toEqual(numbers(0, 20));
    expect(await delivery.stream.endOffset(QUARANTINE_STREAM, 0)).toBe(0);
  });

  it.each([
    ["SYNTAX_ERROR", 62],
    ["CANNOT_WRITE_TO_FILE_DESCRIPTOR", 75],
    ["LOGICAL_ERROR", 49],
    ["an engine's own failure", 1002],
    ["a code of tomorrow", 9999],
  ])("blames no row for %s, and goes on when it is over", async (_, code) => {
    let refusals = 2;
    delivery.database.refusal = () => (refusals-- > 0 ? code : undefined);
    await delivery.append(0, 20);
    await start().drain("Reading", limit());
    await expectStored(numbers(0, 20));
    expect(delivery.stream.endOffset(QUARANTINE_STREAM, 0)).toBe(0);
  });

  it("finds the good rows behind many bad ones", async () => {
    await delivery.database.command("ALTER TABLE Reading ADD CONSTRAINT late CHECK value >= 12 AND value != 150");
    await delivery.append(0, 400);
    await start().drain("Reading", limit());
    await expectStored(numbers(12, 400).filter((n) => n !== 150));
  });

  it("cuts a block that has rows of too many table partitions", async () => {
    const { stream, database } = delivery;
    await database.command("CREATE TABLE Fresh AS Reading ENGINE = MergeTree PARTITION BY value ORDER BY id");
    await database.command("EXCHANGE TABLES Fresh AND Reading");
    await delivery.append(0, 150);
    await start().drain("Reading", limit());
    expect(await delivery.values()).toEqual(numbers(0, 150));
    expect(stream.endOffset(QUARANTINE_STREAM, 0)).toBe(0);
  });

  it("delivers what the streams of all versions hold, though they share the table and its offsets", async () => {
    await delivery.stream.ensureStream("Reading.2.0", { partitions: 1 });
    await delivery.database.command("ALTER TABLE Reading MODIFY SETTING non_replicated_deduplication_window = 0");
    delivery.database.fault = () => "process dies";
    await delivery.append(0, 300);
    const later = Array.from({ length: 300 }, (_, i) => `{"id":"r${300 + i}","value":${300 + i}}`);
    await delivery.stream.append("Reading.2.0", recordsOf(later, delivery.schemas.reading.schemaId, 0), 0);
    start();
    await expect.poll(() => delivery.values(), { timeout: LIMIT_MS }).toHaveLength(600);
    await delivery.database.command("ALTER TABLE Reading DELETE WHERE value % 7 = 0 SETTINGS mutations_sync = 1");
    const running = await dieAndStartAgain();
    await running.drain("Reading", limit());
    expect(await delivery.values()).toEqual(numbers(0, 600));
    const { rows } = await delivery.database.query("SELECT DISTINCT _partition FROM Reading ORDER BY _partition");
    expect(rows.flat().map(Number)).toEqual([0, 65_536]);
  });

  it("encodes each event with the schema that accepted it", async () => {
    const { reading, readingWithNote } = delivery.schemas;
    await delivery.append(0, 10, reading);
    const noted = recordsOf(['{"id":"n","value":10,"note":"new"}'], readingWithNote.schemaId, 0);
    await delivery.stream.append(streamName(readingWithNote.spec), noted, 0);
    await delivery.append(11, 20, reading);
    await start().drain("Reading", limit());
    expect(await delivery.values()).toEqual(numbers(0, 20));
    const { rows } = await delivery.database.query("SELECT note, count() FROM Reading GROUP BY note ORDER BY note");
    expect(rows.map(([note, n]) => [note, Number(n)])).toEqual([
      ["new", 1],
      ["none", 19],
    ]);
  });

  it("steps over damage in the log, says what is lost, and delivers the rest", async () => {
    for (const from of [0, 1000, 2000]) await delivery.append(from, from + 1000);
    await delivery.stream.close();
    const file = join(delivery.path, "data.mdb");
    const bytes = readFileSync(file);
    const at = bytes.indexOf('{"id":"r1500"');
    bytes[at + 8] = bytes[at + 8]! ^ 1;
    writeFileSync(file, bytes);
    await delivery.reopen();
    const { log, errors } = rememberingLog();
    await start(log).drain("Reading", limit());
    expect(await delivery.values()).toEqual([...numbers(0, 1000), ...numbers(2000, 3000)]);
    const [lost] = rowsOf(await delivery.stream.read(QUARANTINE_STREAM, 0, 0, { maxBytes: 1e6, maxRecords: 10 }));
    expect(JSON.parse(lost!)).toMatchObject({
      source: "log",
      stream: READING,
      offset: "1000",
      lastOffset: "2000",
      encoding: "lost",
    });
    expect(errors).toHaveLength(1);
  });

  it("lets a reader see the table exactly at a position while events pour in", async () => {
    const running = start();
    const pouring = (async () => {
      for (let from = 0; from < 20_000; from += 500) await delivery.append(from, from + 500);
    })();
    let poured = false;
    void pouring.then(() => {
      poured = true;
    });
    do {
      await running.atPosition("Reading", async (position) => {
        const { rows } = await delivery.database.query("SELECT count(), max(_offset) FROM Reading");
        expect(Number(rows[0]![0])).toBe(position.get(READING)?.[0] ?? 0);
      });
    } while (!poured);
    await pouring;
    await running.drain("Reading", limit());
    await expectStored(numbers(0, 20_000));
  });

  it("stops though ClickHouse does not answer, and sends the range again in the next run", async () => {
    delivery.database.fault = () => "process dies";
    const { stream, database, catalog } = delivery;
    const first = createTableWriter({
      stream,
      database,
      catalog,
      quarantine: delivery.quarantine(),
      log: silentLog,
      stopLimitMs: 20,
    });
    first.start();
    await delivery.append(0, 100);
    await expect.poll(() => delivery.values(), { timeout: LIMIT_MS }).toHaveLength(100);
    await first.stop();
    const running = await dieAndStartAgain();
    await running.drain("Reading", limit());
    await expectStored(numbers(0, 100));
  });

  it("stops without losing what is under way, and goes on from there", async () => {
    const first = start();
    await delivery.append(0, 5000);
    await first.stop();
    await delivery.append(5000, 6000);
    await delivery.reopen();
    await start().drain("Reading", limit());
    await expectStored(numbers(0, 6000));
  });
});
