// What every adapter of the database port must do. Run by each adapter's test against a real ClickHouse.
import { beforeAll, describe, expect, test } from "vitest";
import { MooseError } from "../model/errors.ts";
import type { Database } from "./database.ts";

export interface DatabaseUnderTest {
  readonly database: Database;
  /** The name that `database` was opened with. */
  readonly name: string;
}

/** A Native block of UInt64 columns: number of columns and rows, then name, type and values of each. */
export function nativeBlock(columns: Readonly<Record<string, readonly bigint[]>>): Uint8Array {
  const entries = Object.entries(columns);
  const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  const parts = [Buffer.from([entries.length, entries[0]![1].length])];
  for (const [name, values] of entries) {
    parts.push(text(name), text("UInt64"), Buffer.from(BigUint64Array.from(values).buffer));
  }
  return Buffer.concat(parts);
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MooseError)) throw new Error(`expected a MooseError, got ${String(error)}`);
  expect(error.cause).toBeDefined();
  return error.code;
}

/** `open` is called once, and the database closed by whoever opened it. */
export function databaseContract(open: () => Promise<DatabaseUnderTest>): void {
  describe("database contract", () => {
    let database: Database;
    let name: string;

    const numbers = async (sql: string) => (await database.query(sql)).rows.map((row) => Number(row[0]));

    beforeAll(async () => {
      ({ database, name } = await open());
      await database.command(
        "CREATE TABLE `odd ``name` (id UInt64, extra UInt64 DEFAULT id * 10) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100",
      );
      await database.command(
        "CREATE TABLE totals (k UInt8, n SimpleAggregateFunction(sum, UInt64)) ENGINE = AggregatingMergeTree ORDER BY k SETTINGS non_replicated_deduplication_window = 100",
      );
      await database.command(
        "CREATE MATERIALIZED VIEW totals_view TO totals AS SELECT 1 AS k, count() AS n FROM `odd ``name` GROUP BY k",
      );
    });

    test("statements run in the database it was opened with, which it creates", async () => {
      expect((await database.query("SELECT currentDatabase()")).rows).toEqual([[name]]);
      expect(await database.ping()).toBe(true);
    });

    test("a result names its columns and types, and keeps 64-bit integers exact", async () => {
      const result = await database.query(
        "SELECT 18446744073709551615 AS big, -9223372036854775808 AS small, NULL AS none, 'x' AS s",
      );
      expect(result.columns).toEqual([
        { name: "big", type: "UInt64" },
        { name: "small", type: "Int64" },
        { name: "none", type: "Nullable(Nothing)" },
        { name: "s", type: "String" },
      ]);
      expect(result.rows).toEqual([["18446744073709551615", "-9223372036854775808", null, "x"]]);
      expect(result.statistics.elapsedMs).toBeGreaterThan(0);
    });

    test("values are bound, whatever they hold", async () => {
      const nasty = "'; DROP TABLE totals; --\\ \t\n\u0000 ü 💥 {s:String}";
      const params = { s: nasty, n: 18446744073709551615n, list: ["a'b", "c"], missing: null };
      const result = await database.query(
        "SELECT {s:String}, {n:UInt64}, {list:Array(String)}, {missing:Nullable(Int8)}",
        { params },
      );
      expect(result.rows).toEqual([[nasty, "18446744073709551615", ["a'b", "c"], null]]);
      expect(
        await numbers("SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'totals'"),
      ).toEqual([1]);
    });

    test("parameters of queries at the same time stay apart", async () => {
      const results = await Promise.all(
        Array.from({ length: 40 }, (_, i) => database.query("SELECT {i:UInt32} + sleep(0.01)", { params: { i } })),
      );
      expect(results.map((result) => Number(result.rows[0]![0]))).toEqual(Array.from({ length: 40 }, (_, i) => i));
      expect(await codeOf(database.query("SELECT {i:UInt32}"))).toBe("database_refused");
    });

    test("a token inserts once, in the table and in its views, and columns left out take their defaults", async () => {
      const block = nativeBlock({ id: [1n, 2n], unknown: [7n, 8n] });
      await database.insertNative("odd `name", block, { deduplicationToken: "t1" });
      await database.insertNative("odd `name", block, { deduplicationToken: "t1" });
      expect(await numbers("SELECT extra FROM `odd ``name` ORDER BY id")).toEqual([10, 20]);
      expect(await numbers("SELECT sum(n) FROM totals")).toEqual([2]);
      await database.insertNative("odd `name", block, { deduplicationToken: "t2" });
      expect(await numbers("SELECT sum(n) FROM totals")).toEqual([4]);
    });

    test("a bad block and a bad statement are refused, not retried", async () => {
      const junk = Buffer.from("not a block\n\nDROP TABLE totals\n");
      expect(await codeOf(database.insertNative("odd `name", junk, { deduplicationToken: "x" }))).toBe(
        "database_refused",
      );
      expect(
        await codeOf(database.insertNative("missing", nativeBlock({ id: [1n] }), { deduplicationToken: "x" })),
      ).toBe("database_refused");
      expect(await codeOf(database.query("SELEC 1"))).toBe("database_refused");
      expect(await codeOf(database.command("DROP TABLE missing"))).toBe("database_refused");
      expect(await numbers("SELECT sum(n) FROM totals")).toEqual([4]);
    });

    test("raw bytes come in the format asked for, whole and in order", async () => {
      const read = async (format: string, sql: string) => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of await database.queryBytes(sql, format, { params: { n: 200_000 } }))
          chunks.push(chunk);
        return Buffer.concat(chunks).toString();
      };
      const lines = (await read("JSONEachRow", "SELECT number AS n FROM numbers({n:UInt32})")).trimEnd().split("\n");
      expect(lines).toHaveLength(200_000);
      expect(JSON.parse(lines.at(-1)!)).toEqual({ n: "199999" });
      const csv = (await read("CSVWithNames", "SELECT number AS n FROM numbers({n:UInt32})")).trimEnd().split("\n");
      expect(csv[0]).toBe('"n"');
      expect(csv).toHaveLength(200_001);
      expect(await read("CSV", "SELECT 1 WHERE 0")).toBe("");
      expect(await codeOf(read("CSV", "SELECT throwIf(1)"))).toBe("database_refused");
    });

    test("a query ends at its time, its row limit, or its caller's signal", async () => {
      const endless = "SELECT count() FROM system.numbers WHERE NOT ignore(sipHash64(number))";
      expect(await codeOf(database.query(endless, { timeoutMs: 200 }))).toBe("query_timeout");
      expect(await codeOf(database.query("SELECT * FROM numbers(1000)", { maxResultRows: 10 }))).toBe("limit_exceeded");
      const reason = new Error("the caller left");
      await expect(database.query("SELECT 1", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const leaving = new AbortController();
      const pending = database.query("SELECT sleep(2)", { signal: leaving.signal });
      leaving.abort(reason);
      await expect(pending).rejects.toBe(reason);
    });
  });
}
