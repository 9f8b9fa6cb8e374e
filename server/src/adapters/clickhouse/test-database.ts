// A real ClickHouse for one test file: the embedded engine on a folder of its own, and the adapter on it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "../../ports/database.ts";
import { silentLog } from "../../telemetry/log.ts";
import { type EmbeddedEngine, startEmbeddedEngine } from "../chdb/embedded-engine.ts";
import { createClickHouseDatabase } from "./clickhouse-database.ts";

export interface TestDatabase {
  readonly engine: EmbeddedEngine;
  readonly database: Database;
  /** Another connection, to a database of that name. */
  open(name: string): Database;
  close(): Promise<void>;
}

export async function openTestDatabase(name = "moose"): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "moose-database-"));
  const engine = await startEmbeddedEngine({ dataDir: folder, port: 0, log: silentLog });
  const { url, username, password } = engine;
  const opened: Database[] = [];
  const open = (database: string) => {
    const connection = createClickHouseDatabase({ url, username, password, database, log: silentLog });
    opened.push(connection);
    return connection;
  };
  return {
    engine,
    database: open(name),
    open,
    async close() {
      await Promise.all(opened.map((connection) => connection.close()));
      await engine.stop();
      await rm(folder, { recursive: true });
    },
  };
}
