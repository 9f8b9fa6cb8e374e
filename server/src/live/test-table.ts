// For tests: progress over a real table that a test fills itself, so that it decides what commits when.
import { MooseError } from "../model/errors.ts";
import { covers, type Position } from "../model/position.ts";
import type { Database } from "../ports/database.ts";
import type { TableCommit, TableProgress } from "../ports/table-progress.ts";

export class TestTable implements TableProgress {
  readonly #database: Database;
  readonly #stream: string;
  readonly #table: string;
  readonly #listeners = new Set<(commit: TableCommit) => void>();
  #turn: Promise<unknown> = Promise.resolve();
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => {};
  end = 0;

  constructor(database: Database, stream: string, table: string) {
    this.#database = database;
    this.#stream = stream;
    this.#table = table;
  }

  /** Resolves when the rows are visible and the commit was announced. */
  insert(rows: readonly { origin: string; carrier: string; delay: number }[]): Promise<void> {
    return this.#exclusive(async () => {
      const values = rows.map(
        (row, index) => `('${row.origin}', '${row.carrier}', ${row.delay}, 0, ${this.end + index}, now64(3))`,
      );
      await this.#database.command(
        `INSERT INTO ${this.#table} (origin, carrier, delay, _partition, _offset, _received_at) VALUES ${values.join(", ")}`,
      );
      this.end += rows.length;
      this.announce();
    });
  }

  announce(): void {
    const commit = { model: "Flight", table: this.#table, position: this.position() };
    for (const listener of this.#listeners) listener(commit);
  }

  holdEvaluations(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  letEvaluate(): void {
    this.#open();
  }

  position(): Position {
    return new Map([[this.#stream, [this.end]]]);
  }

  async waitFor(wanted: Position): Promise<void> {
    if (!covers(this.position(), wanted)) throw new MooseError("after_timeout", "not there");
  }

  onCommit(listener: (commit: TableCommit) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async atPosition<T>(_table: string, read: (position: Position) => Promise<T>): Promise<T> {
    await this.#gate;
    return this.#exclusive(() => read(this.position()));
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}
