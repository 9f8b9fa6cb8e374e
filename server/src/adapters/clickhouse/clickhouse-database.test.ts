// The ClickHouse adapter against the real embedded engine.
import { afterAll, expect, test } from "vitest";
import { MooseError } from "../../model/errors.ts";
import { databaseContract } from "../../ports/database.contract.ts";
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

test("a wrong password is said as such", async () => {
  const { url, username } = opened!.engine;
  const stranger = createClickHouseDatabase({ url, username, password: "no", database: "d", log: silentLog });
  await expect(stranger.query("SELECT 1")).rejects.toThrow(/clickhouse\.password/);
  await stranger.close();
});
