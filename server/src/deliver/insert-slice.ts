// Puts one slice into its table exactly once: tries until ClickHouse answers, and asks when in doubt.

import type { Clock } from "../lib/clock.ts";
import { retryDelayMs } from "../lib/retry-delay.ts";
import { quoteIdentifier } from "../model/sql-text.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Database } from "../ports/database.ts";
import type { Quarantine, QuarantinedEvents } from "../ports/quarantine.ts";
import type { Log } from "../telemetry/log.ts";
import type { DeliverMetrics } from "../telemetry/metrics.ts";
import { encodeSlice, nameOf, type Range, type RangeBlock, type Source, slicesOf } from "./encode-block.ts";
import type { Outage } from "./outage.ts";
import { refusedByTable } from "./refused-events.ts";
import { blamesRows, storedNothing } from "./row-blame.ts";
import type { TableState } from "./table-state.ts";

export interface InsertContext {
  readonly source: Source;
  readonly model: string;
  readonly table: TableState;
  readonly database: Database;
  readonly catalog: Catalog;
  readonly quarantine: Quarantine;
  readonly outage: Outage;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics?: DeliverMetrics;
  readonly signal: AbortSignal;
  /** Everything below `last` is in the table or in quarantine. Called before any exact read can see the table. */
  readonly onDelivered: (last: number) => void;
}

/** `refused`: why. Nothing of the slice is in the table then, and nothing will be. */
export type Outcome = "done" | "stopped" | { readonly refused: string };

/** One token for one range, always the same: ClickHouse takes a block with a token it knows for a repetition. */
export function deduplicationToken(source: Source, range: Range): string {
  return `${nameOf(source)}/${range.first}-${range.last}`;
}

export interface InsertOptions {
  /** The rows may be there under another token: ask the table before anything is sent. */
  readonly askFirst?: boolean;
}

export class SliceInserter {
  readonly #context: InsertContext;
  #askFirst = false;

  constructor(context: InsertContext) {
    this.#context = context;
  }

  /** The token depends on the range alone: what is sent again after a crash is known by it. */
  async insert({ first, last, block }: RangeBlock, options: InsertOptions = {}): Promise<Outcome> {
    this.#askFirst = options.askFirst ?? false;
    // What the core does not take has never left this process.
    const outcome = "refused" in block ? block : await this.#untilAnswered({ first, last }, block);
    if (outcome !== "stopped") this.#context.table.settled(this);
    return outcome;
  }

  /** Puts the events of a range that was refused into quarantine. False when the writer was stopped before. */
  async setAside(range: Range, reason: string): Promise<boolean> {
    const { source } = this.#context;
    for await (const slice of slicesOf(source, range)) {
      if (!(await this.#quarantine(refusedByTable(source, slice, reason), slice.last))) return false;
    }
    return true;
  }

  async #quarantine(refused: QuarantinedEvents, last: number): Promise<boolean> {
    const { quarantine, clock, random, outage, signal } = this.#context;
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        await quarantine.put(refused);
        outage.succeeded("quarantine");
        this.#context.onDelivered(last);
        return true;
      } catch (error) {
        outage.failed("quarantine", messageOf(error));
        await clock.wait(retryDelayMs(attempt, random()), signal);
      }
    }
    return false;
  }

  async #untilAnswered(range: Range, block: Uint8Array): Promise<Outcome> {
    const { table, outage, clock, random, signal, metrics, model, source } = this.#context;
    const token = deduplicationToken(source, range);
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        if (await this.#mustAsk()) return await this.#onlyMissing(range);
        const begunMs = clock.nowMs();
        await table.insert(async () => {
          await this.#send(block, token);
          this.#context.onDelivered(range.last);
        });
        outage.succeeded(table.table);
        metrics?.inserted(model, range.last - range.first, block.length, (clock.nowMs() - begunMs) / 1000);
        return "done";
      } catch (error) {
        if (blamesRows(error) && (await this.#isAbsent(range))) return { refused: messageOf(error) };
        outage.failed(table.table, messageOf(error));
        await clock.wait(retryDelayMs(attempt, random()), signal);
      }
    }
    return "stopped";
  }

  /** To be called inside the table's gate, so that no exact read comes between a lost answer and the doubt about it. */
  async #send(block: Uint8Array, token: string): Promise<void> {
    const { table, database } = this.#context;
    try {
      await database.insertNative(table.table, block, { deduplicationToken: token });
    } catch (error) {
      if (!storedNothing(error)) table.doubt(this);
      throw error;
    }
  }

  /**
   * What the table has taken is never cut: sent again with the same token, it reaches the views that it has not reached. No view has what
   * its table has not: a view ends after its table.
   */
  async #isAbsent(range: Range): Promise<boolean> {
    try {
      return (await this.#countPresent(range)) === 0;
    } catch {
      return false;
    }
  }

  async #mustAsk(): Promise<boolean> {
    const { table } = this.#context;
    return this.#askFirst || (table.isDoubtful(this) && !(await table.remembersTokens()));
  }

  /** For a table that may have forgotten the token: what is there already, by the table's own offsets, is not sent again. */
  async #onlyMissing(range: Range): Promise<Outcome> {
    const { table, source, catalog } = this.#context;
    const present = await this.#countPresent(range);
    for (const missing of present === 0 ? [range] : await this.#missingRanges(range, present)) {
      for await (const part of slicesOf(source, missing)) {
        const block = encodeSlice(part, source, catalog);
        const token = deduplicationToken(source, part);
        await table.insert(() => this.#send(block, token));
      }
    }
    this.#context.onDelivered(range.last);
    return "done";
  }

  async #countPresent(range: Range): Promise<number> {
    const [count] = await this.#select("count()", range);
    return Number(count);
  }

  /** One column of the range's rows in the table. */
  async #select(column: string, range: Range): Promise<unknown[]> {
    const { table, database, source } = this.#context;
    const { rows } = await database.query(
      `SELECT ${column} FROM ${quoteIdentifier(table.table)}
       WHERE _partition = {partition:UInt32} AND _offset >= {first:UInt64} AND _offset < {last:UInt64} ORDER BY ALL`,
      { params: { partition: source.tablePartition, first: range.first, last: range.last } },
    );
    return rows.map(([value]) => value);
  }

  async #missingRanges(range: Range, present: number): Promise<Range[]> {
    if (present === range.last - range.first) return [];
    const offsets = await this.#select("_offset", range);
    const missing: Range[] = [];
    let next = range.first;
    for (const value of [...offsets, range.last]) {
      const offset = Number(value);
      if (offset > next) missing.push({ first: next, last: offset });
      next = offset + 1;
    }
    return missing;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
