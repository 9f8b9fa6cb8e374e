// A ClickHouse of the test's own that can be away for a while: same folder, port and credentials when it is back.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedEngine, startEmbeddedEngine } from "../../server/src/adapters/chdb/embedded-engine.ts";
import { createClickHouseDatabase } from "../../server/src/adapters/clickhouse/clickhouse-database.ts";
import type { Database } from "../../server/src/ports/database.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";

export class StoppableClickHouse {
  readonly #folder: string;
  #engine: EmbeddedEngine;
  readonly database: Database;

  private constructor(folder: string, engine: EmbeddedEngine) {
    this.#folder = folder;
    this.#engine = engine;
    const { url, username, password } = engine;
    this.database = createClickHouseDatabase({ url, username, password, database: "moose", log: silentLog });
  }

  static async start(): Promise<StoppableClickHouse> {
    const folder = mkdtempSync(join(tmpdir(), "moose-roles-clickhouse-"));
    return new StoppableClickHouse(folder, await startEmbeddedEngine({ dataDir: folder, port: 0, log: silentLog }));
  }

  /** What a process of `moose serve` needs to find it. */
  get environment(): NodeJS.ProcessEnv {
    return {
      MOOSE_CLICKHOUSE_URL: this.#engine.url,
      MOOSE_CLICKHOUSE_USERNAME: this.#engine.username,
      MOOSE_CLICKHOUSE_PASSWORD: this.#engine.password,
    };
  }

  stop(): Promise<void> {
    return this.#engine.stop();
  }

  async startAgain(): Promise<void> {
    const port = Number(new URL(this.#engine.url).port);
    this.#engine = await startEmbeddedEngine({ dataDir: this.#folder, port, log: silentLog });
  }

  async count(table: string): Promise<{ readonly rows: number; readonly ids: number }> {
    const { rows } = await this.database.query(`SELECT count(), uniqExact(id) FROM ${table}`);
    return { rows: Number(rows[0]![0]), ids: Number(rows[0]![1]) };
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.#engine.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
