// The ClickHouse adapter against the real embedded engine.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { MooseError } from "../../model/errors.ts";
import { databaseContract } from "../../ports/database.contract.ts";
import type { Database } from "../../ports/database.ts";
import { silentLog } from "../../telemetry/log.ts";
// The engine is another adapter; only a test may bring the two together.
import { type EmbeddedEngine, startEmbeddedEngine } from "../chdb/embedded-engine.ts";
import { createClickHouseDatabase } from "./clickhouse-database.ts";

let engine: EmbeddedEngine | undefined;
let folder: string | undefined;
let database: Database | undefined;

databaseContract(async () => {
  folder = await mkdtemp(join(tmpdir(), "moose-database-"));
  engine = await startEmbeddedEngine({ dataDir: folder, port: 0, log: silentLog });
  const { url, username, password } = engine;
  database = createClickHouseDatabase({ url, username, password, database: "contract", log: silentLog });
  return { database, name: "contract" };
});

afterAll(async () => {
  await database?.close();
  await engine?.stop();
  if (folder) await rm(folder, { recursive: true });
});

test("nothing there is said as unavailable, with the cause", async () => {
  const lonely = createClickHouseDatabase({
    url: "http://127.0.0.1:9",
    username: "u",
    password: "p",
    database: "d",
    log: silentLog,
  });
  const error = await lonely.query("SELECT 1", { timeoutMs: 300 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(MooseError);
  expect((error as MooseError).code).toBe("database_unavailable");
  expect(await lonely.ping()).toBe(false);
  await lonely.close();
});
