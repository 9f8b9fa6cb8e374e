// One table: who may insert now, and which ranges are in doubt (sent, but nobody knows whether they arrived).
import { MooseError } from "../model/errors.ts";
import type { Database } from "../ports/database.ts";
import { FairGate } from "./fair-gate.ts";

/** Of how many insertions a table knows the tokens, and how many of these one insert may use up. */
export interface TokenWindow {
  readonly tokens: number;
  readonly perInsert: number;
}

/** ClickHouse's default of max_partitions_per_insert_block: an insert has a token for each table partition that it has rows of. */
const PARTITIONS_OF_AN_INSERT = 100;

export class TableState {
  readonly table: string;
  readonly #database: Database;
  readonly #gate = new FairGate();
  /** Partition writers of this process. */
  readonly #doubtful = new Set<object>();
  #window: TokenWindow | undefined;

  constructor(table: string, database: Database) {
    this.table = table;
    this.#database = database;
  }

  doubt(owner: object): void {
    this.#doubtful.add(owner);
  }

  settled(owner: object): void {
    this.#doubtful.delete(owner);
  }

  isDoubtful(owner: object): boolean {
    return this.#doubtful.has(owner);
  }

  insert<T>(work: () => Promise<T>): Promise<T> {
    return this.#gate.run("insert", work);
  }

  /** Rejects with `database_unavailable` while a range is in doubt: no position would be exact. */
  exactRead<T>(read: () => Promise<T>): Promise<T> {
    return this.#gate.run("read", () => {
      if (this.#doubtful.size > 0) {
        throw new MooseError(
          "database_unavailable",
          `An insert into ${this.table} has not been confirmed yet, so no exact result can be read. Try again shortly.`,
          { retryAfterSeconds: 1 },
        );
      }
      return read();
    });
  }

  /** Whether a token that is sent again is sure to be known. False: the table's own offsets have to be asked. */
  async remembersTokens(): Promise<boolean> {
    return (await this.tokenWindow()).tokens > 1;
  }

  /** Of a table that does not exist yet: none. */
  async tokenWindow(): Promise<TokenWindow> {
    if (this.#window !== undefined) return this.#window;
    const sql =
      "SELECT engine_full, partition_key FROM system.tables WHERE database = currentDatabase() AND name = {table:String}";
    const { rows } = await this.#database.query(sql, { params: { table: this.table } });
    const [engine, partitionKey] = rows[0]?.map(String) ?? [];
    const tokens = Number(/non_replicated_deduplication_window\s*=\s*(\d+)/.exec(engine ?? "")?.[1] ?? 0);
    const window = { tokens, perInsert: partitionKey === "" ? 1 : PARTITIONS_OF_AN_INSERT };
    if (rows.length > 0) this.#window = window;
    return window;
  }
}
