// Puts one slice into its table exactly once: tries until ClickHouse answers, asks when in doubt, sets aside what is refused.

import type { Clock } from "../lib/clock.ts";
import { retryDelayMs } from "../lib/retry-delay.ts";
import { MooseError } from "../model/errors.ts";
import { quoteIdentifier } from "../model/sql-text.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Database } from "../ports/database.ts";
import type { Quarantine } from "../ports/quarantine.ts";
import type { Log } from "../telemetry/log.ts";
import type { DeliverMetrics } from "../telemetry/metrics.ts";
import { encodeSlice, type Range, type Slice, type Source, slicesOf } from "./encode-block.ts";
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

type Outcome = "done" | "stopped" | { readonly refused: string };

/** One token for one range, always the same: ClickHouse takes a block with a token it knows for a repetition. */
export function deduplicationToken(source: Source, range: Range): string {
  return `${source.name}/${source.partition}/${range.first}-${range.last}`;
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

  /** Resolves true when every row is in the table or in quarantine; false when the writer was stopped before. */
  async insert(slice: Slice, options: InsertOptions = {}): Promise<boolean> {
    this.#askFirst = options.askFirst ?? false;
    const done = await this.#insert(slice, options.block);
    if (done) this.#context.table.settled(this);
    return done;
  }

  async #insert(slice: Slice, encoded?: Uint8Array): Promise<boolean> {
    const block = encoded ?? this.#encode(slice);
    // What the core does not take has never left this process.
    const outcome: Outcome = typeof block === "string" ? { refused: block } : await this.#untilAnswered(slice, block);
    if (outcome === "stopped") return false;
    if (outcome === "done") return true;
    const count = slice.last - slice.first;
    if (count > 1) return this.#insertHalves(slice);
    return this.#setAside(slice, outcome.refused);
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

  /** The cut depends on the range alone, so after a crash the same halves have the same tokens. */
  async #insertHalves(slice: Slice): Promise<boolean> {
    const middle = slice.first + Math.floor((slice.last - slice.first) / 2);
    for (const range of [
      { first: slice.first, last: middle },
      { first: middle, last: slice.last },
    ]) {
      for await (const half of slicesOf(this.#context.source, range)) if (!(await this.#insert(half))) return false;
    }
    return true;
  }

  async #setAside(slice: Slice, reason: string): Promise<boolean> {
    const { source, quarantine, clock, random, outage, signal } = this.#context;
    const refused = refusedByTable(source, slice, reason);
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        await quarantine.put(refused);
        this.#context.onDelivered(slice.last);
        return true;
      } catch (error) {
        outage.failed("quarantine", messageOf(error));
        await clock.wait(retryDelayMs(attempt, random()), signal);
      }
    }
    return false;
  }

  async #untilAnswered(slice: Slice, block: Uint8Array): Promise<Outcome> {
    const { table, outage, clock, random, signal, metrics, model, source } = this.#context;
    const token = deduplicationToken(source, slice);
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        if (await this.#mustAsk()) return await this.#onlyMissing(slice);
        await table.roomInWindow(this, signal);
        if (signal.aborted) break;
        const begunMs = clock.nowMs();
        await table.insert(async () => {
          await this.#send(block, token);
          this.#context.onDelivered(slice.last);
        });
        outage.succeeded();
        metrics?.inserted(model, slice.last - slice.first, block.length, (clock.nowMs() - begunMs) / 1000);
        return "done";
      } catch (error) {
        if (blamesRows(error)) return { refused: messageOf(error) };
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

  async #mustAsk(): Promise<boolean> {
    const { table } = this.#context;
    return this.#askFirst || (table.isDoubtful(this) && !(await table.remembersTokens()));
  }

  /** For a table that may have forgotten the token: what is there already, by the table's own offsets, is not sent again. */
  async #onlyMissing(slice: Slice): Promise<Outcome> {
    const { table, database, catalog, source } = this.#context;
    const where = `FROM ${quoteIdentifier(table.table)} WHERE _partition = {partition:UInt32} AND _offset >= {first:UInt64} AND _offset < {last:UInt64}`;
    const params = { partition: source.tablePartition, first: slice.first, last: slice.last };
    const count = await database.query(`SELECT count() ${where}`, { params });
    const present = Number(count.rows[0]![0]);
    for (const missing of present === 0 ? [slice] : await this.#missingRanges(slice, present, where, params)) {
      for await (const part of slicesOf(source, missing)) {
        const block = encodeSlice(part, source, catalog);
        const token = deduplicationToken(source, part);
        await table.insert(() => this.#send(block, token));
      }
    }
    this.#context.onDelivered(slice.last);
    return "done";
  }

  async #missingRanges(
    slice: Slice,
    present: number,
    where: string,
    params: Record<string, unknown>,
  ): Promise<Range[]> {
    if (present === slice.last - slice.first) return [];
    const { rows } = await this.#context.database.query(`SELECT _offset ${where} ORDER BY _offset`, { params });
    const missing: Range[] = [];
    let next = slice.first;
    for (const row of [...rows, [slice.last]]) {
      const offset = Number(row[0]);
      if (offset > next) missing.push({ first: next, last: offset });
      next = offset + 1;
    }
    return missing;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
