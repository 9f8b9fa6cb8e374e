// The ClickHouse adapter against the real embedded engine.
import { afterAll, expect, test } from "vitest";
import { MooseError } from "../../model/errors.ts";
import { databaseContract, nativeBlock } from "../../ports/database.contract.ts";
import { silentLog } from "../../telemetry/log.ts";
import { createClickHouseDatabase } from "./clickhouse-database.ts";
import { openTestDatabase, type TestDatabase } from "./test-database.ts";

let opened: TestDatabase | undefined;

databaseContract(async () => {
  opened = await openTestDatabase("contract");
  return { database: opened.database, name: "contract" };
});

afterAll(() => opened?.close());

test("nothing there is said as unavailable, with the cause", async () => {
  const url = "http://127.0.0.1:9";
  const lonely = createClickHouseDatabase({ url, username: "u", password: "p", database: "d", log: silentLog });
  const error = await lonely.query("SELECT 1", { timeoutMs: 300 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(MooseError);
  expect((error as MooseError).code).toBe("database_unavailable");
  expect(await lonely.ping()).toBe(false);
  await lonely.close();
});

test("a killed engine is waited for, and a token still counts after it", async () => {
  const { engine, database } = opened!;
  await database.command(
    "CREATE TABLE kept (n UInt64) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 10, fsync_after_insert = 1",
  );
  await database.command(
    "CREATE TABLE counted (k UInt8, c SimpleAggregateFunction(sum, UInt64)) ENGINE = AggregatingMergeTree ORDER BY k SETTINGS non_replicated_deduplication_window = 10, fsync_after_insert = 1",
  );
  await database.command(
    "CREATE MATERIALIZED VIEW counted_view TO counted AS SELECT 1 AS k, count() AS c FROM kept GROUP BY k",
  );
  const block = nativeBlock({ n: [1n, 2n, 3n] });
  await database.insertNative("kept", block, { deduplicationToken: "a" });
  process.kill(engine.pid()!, "SIGKILL");
  await Promise.all([
    database.insertNative("kept", block, { deduplicationToken: "a" }),
    database.insertNative("kept", block, { deduplicationToken: "b" }),
    database.query("SELECT 1"),
  ]);
  expect((await database.query("SELECT count(), (SELECT sum(c) FROM counted) FROM kept")).rows).toEqual([["6", "6"]]);
});

test("a wrong password is said as such", async () => {
  const { url, username } = opened!.engine;
  const stranger = createClickHouseDatabase({ url, username, password: "no", database: "d", log: silentLog });
  await expect(stranger.query("SELECT 1")).rejects.toThrow(/clickhouse\.password/);
  await stranger.close();
});
