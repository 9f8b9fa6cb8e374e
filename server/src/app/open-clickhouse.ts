// Opens the ClickHouse that the configuration names, or the embedded one.
import { join } from "node:path";
import { startEmbeddedEngine } from "../adapters/chdb/embedded-engine.ts";
import { createClickHouseDatabase } from "../adapters/clickhouse/clickhouse-database.ts";
import type { MooseConfig } from "../model/config.ts";
import type { Database } from "../ports/database.ts";
import type { Log } from "../telemetry/log.ts";
import type { Lifecycle } from "./lifecycle.ts";

export interface OpenedClickHouse {
  readonly database: Database;
  /** What the user is told: with the credentials of the embedded engine, without those of a configured one. */
  readonly shownUrl: string;
  /** Other processes may use it, too. */
  readonly shared: boolean;
}

interface Access {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** Rejects with MooseError `data_folder_in_use`, `port_in_use`, `disk_full` or `internal`; a configured one is not asked yet. */
export async function openClickHouse(
  { clickhouse }: MooseConfig,
  dataDir: string,
  log: Log,
  lifecycle: Lifecycle,
): Promise<OpenedClickHouse> {
  const connect = (access: Access): Database => {
    const database = createClickHouseDatabase({
      ...access,
      database: clickhouse.database,
      log: log.child("clickhouse"),
    });
    lifecycle.onStop("the ClickHouse client", () => database.close());
    return database;
  };
  if (clickhouse.url !== undefined) {
    const { url, username = "default", password = "" } = clickhouse;
    return { database: connect({ url, username, password }), shownUrl: url, shared: true };
  }
  const engine = await startEmbeddedEngine({
    dataDir: join(dataDir, "clickhouse"),
    port: clickhouse.port,
    log: log.child("clickhouse"),
  });
  lifecycle.onStop("the embedded ClickHouse", () => engine.stop());
  const shown = new URL(engine.url);
  shown.username = engine.username;
  shown.password = engine.password;
  return { database: connect(engine), shownUrl: shown.href, shared: false };
}
