// One table: who may insert now, and which ranges are in doubt (sent, but nobody knows whether they arrived).
import { MooseError } from "../model/errors.ts";
import type { Database } from "../ports/database.ts";
import { FairGate } from "./fair-gate.ts";

/**
 * ClickHouse forgets a deduplication token after as many later inserts as the table's window counts. So while a range is in doubt, the other
 * partitions may fill half of the window and then wait: its token, and with it the views' own deduplication, is still good when it
 * is sent again, also after a crash.
 */
export class TableState {
  readonly table: string;
  readonly #database: Database;
  readonly #gate = new FairGate();
  /** By partition writer: how many inserts the table had seen when its range became doubtful. */
  readonly #doubtful = new Map<object, number>();
  readonly #onSettled = new Set<() => void>();
  #inserts = 0;
  #window: number | undefined;
  #windowKnown = false;

  constructor(table: string, database: Database) {
    this.table = table;
    this.#database = database;
  }

  doubt(owner: object): void {
    if (!this.#doubtful.has(owner)) this.#doubtful.set(owner, this.#inserts);
  }

  settled(owner: object): void {
    if (this.#doubtful.delete(owner)) for (const wake of this.#onSettled) wake();
  }

  isDoubtful(owner: object): boolean {
    return this.#doubtful.has(owner);
  }

  /** Resolves when an insert of `owner` cannot push another's token out of the window, or when the signal ends. */
  async roomInWindow(owner: object, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#crowded(owner)) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          this.#onSettled.delete(done);
          signal.removeEventListener("abort", done);
          resolve();
        };
        this.#onSettled.add(done);
        signal.addEventListener("abort", done);
      });
    }
  }

  insert<T>(work: () => Promise<T>): Promise<T> {
    this.#inserts++;
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
    if (!this.#windowKnown) {
      const sql = "SELECT engine_full FROM system.tables WHERE database = currentDatabase() AND name = {table:String}";
      const { rows } = await this.#database.query(sql, { params: { table: this.table } });
      this.#window = Number(
        /non_replicated_deduplication_window\s*=\s*(\d+)/.exec(String(rows[0]?.[0] ?? ""))?.[1] ?? 0,
      );
      this.#windowKnown = rows.length > 0;
    }
    return this.#window !== undefined && this.#window > 1;
  }

  #crowded(owner: object): boolean {
    if (this.#window === undefined || this.#window < 2) return false;
    for (const [other, insertsThen] of this.#doubtful) {
      if (other !== owner && this.#inserts - insertsThen >= this.#window / 2) return true;
    }
    return false;
  }
}
