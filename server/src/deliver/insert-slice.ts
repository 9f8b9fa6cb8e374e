// Puts one slice into its table exactly once: tries until ClickHouse answers, and asks when in doubt.

import type { Clock } from "../lib/clock.ts";
import { retryDelayMs } from "../lib/retry-delay.ts";
import { MooseError } from "../model/errors.ts";
import { quoteIdentifier } from "../model/sql-text.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Database } from "../ports/database.ts";
import type { Quarantine } from "../ports/quarantine.ts";
import type { Log } from "../telemetry/log.ts";
import type { DeliverMetrics } from "../telemetry/metrics.ts";
import { encodeSlice, nameOf, type Range, type Slice, type Source, slicesOf } from "./encode-block.ts";
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
  /** The slice, encoded ahead. */
  readonly block?: Uint8Array;
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
  async insert(slice: Slice, options: InsertOptions = {}): Promise<Outcome> {
    this.#askFirst = options.askFirst ?? false;
    const block = options.block ?? this.#encode(slice);
    // What the core does not take has never left this process.
    const outcome: Outcome = typeof block === "string" ? { refused: block } : await this.#untilAnswered(slice, block);
    if (outcome !== "stopped") this.#context.table.settled(this);
    return outcome;
  }

  /** Puts the one event of a slice that was refused into quarantine. False when the writer was stopped before. */
  async setAside(slice: Slice, reason: string): Promise<boolean> {
    const { source, quarantine, clock, random, outage, signal } = this.#context;
    const refused = refusedByTable(source, slice, reason);
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        await quarantine.put(refused);
        outage.succeeded("quarantine");
        this.#context.onDelivered(slice.last);
        return true;
      } catch (error) {
        outage.failed("quarantine", messageOf(error));
        await clock.wait(retryDelayMs(attempt, random()), signal);
      }
    }
    return false;
  }

  /** The block, or why the core does not take a row of it. Throws when the schema cannot be read now: no row is to blame for that. */
  #encode(slice: Slice): Uint8Array | string {
    try {
      return encodeSlice(slice, this.#context.source, this.#context.catalog);
    } catch (error) {
      if (error instanceof MooseError) throw error;
      return messageOf(error);
    }
  }

  async #untilAnswered(slice: Slice, block: Uint8Array): Promise<Outcome> {
    const { table, outage, clock, random, signal, metrics, model, source } = this.#context;
    const token = deduplicationToken(source, slice);
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        if (await this.#mustAsk()) return await this.#onlyMissing(slice);
        const begunMs = clock.nowMs();
        await table.insert(async () => {
          await this.#send(block, token);
          this.#context.onDelivered(slice.last);
        });
        outage.succeeded(table.table);
        metrics?.inserted(model, slice.last - slice.first, block.length, (clock.nowMs() - begunMs) / 1000);
        return "done";
      } catch (error) {
        if (blamesRows(error) && (await this.#isAbsent(slice))) return { refused: messageOf(error) };
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
   * A view may refuse what the table has taken: the rows stay in the table then, and are not to blame. Sent again with the same token once
   * the view can take them, they reach what they have not reached.
   */
  async #isAbsent(slice: Slice): Promise<boolean> {
    try {
      return (await this.#countPresent(slice)) === 0;
    } catch {
      return false;
    }
  }

  async #mustAsk(): Promise<boolean> {
    const { table } = this.#context;
    return this.#askFirst || (table.isDoubtful(this) && !(await table.remembersTokens()));
  }

  /** For a table that may have forgotten the token: what is there already, by the table's own offsets, is not sent again. */
  async #onlyMissing(slice: Slice): Promise<Outcome> {
    const { table, source, catalog } = this.#context;
    const present = await this.#countPresent(slice);
    for (const missing of present === 0 ? [slice] : await this.#missingRanges(slice, present)) {
      for await (const part of slicesOf(source, missing)) {
        const block = encodeSlice(part, source, catalog);
        const token = deduplicationToken(source, part);
        await table.insert(() => this.#send(block, token));
      }
    }
    this.#context.onDelivered(slice.last);
    return "done";
  }

  async #countPresent(slice: Slice): Promise<number> {
    const [count] = await this.#select("count()", slice);
    return Number(count);
  }

  /** One column of the slice's rows in the table. */
  async #select(column: string, slice: Slice): Promise<unknown[]> {
    const { table, database, source } = this.#context;
    const { rows } = await database.query(
      `SELECT ${column} FROM ${quoteIdentifier(table.table)}
       WHERE _partition = {partition:UInt32} AND _offset >= {first:UInt64} AND _offset < {last:UInt64} ORDER BY ALL`,
      { params: { partition: source.tablePartition, first: slice.first, last: slice.last } },
    );
    return rows.map(([value]) => value);
  }

  async #missingRanges(slice: Slice, present: number): Promise<Range[]> {
    if (present === slice.last - slice.first) return [];
    const offsets = await this.#select("_offset", slice);
    const missing: Range[] = [];
    let next = slice.first;
    for (const value of [...offsets, slice.last]) {
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
