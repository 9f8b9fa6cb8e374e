// Moves one partition of one stream into its table: wait, read, record the range, insert, go on.

import { retryDelayMs } from "../lib/retry-delay.ts";
import { Wake } from "../lib/wake.ts";
import { MooseError } from "../model/errors.ts";
import type { RecordBatch } from "../model/record-batch.ts";
import type { GroupProgress } from "../ports/stream-log.ts";
import { TABLE_GROUP } from "../ports/table-progress.ts";
import { blockOf, nameOf, nextBlock, type Range, type RangeBlock, slicesOf } from "./encode-block.ts";
import { type Backlog, type FlushLimits, isFull, msUntilFlush } from "./flush-policy.ts";
import { type InsertContext, type InsertOptions, SliceInserter } from "./insert-slice.ts";
import { lostByLog } from "./refused-events.ts";
import type { WindowRoom } from "./window-room.ts";

export interface PartitionWriterOptions extends Omit<InsertContext, "onDelivered"> {
  /** Of the table, for all its writers in this process. */
  readonly room: WindowRoom;
  /** Asked before every block: a reload may change them. */
  readonly limits: () => FlushLimits;
  /** Insert whatever there is at once. */
  readonly hurry: () => boolean;
  readonly onCommit: (committed: number) => void;
  /** Ends the signal: the log says that the partition is not this writer's any more. */
  readonly fence: () => void;
}

/**
 *   record {committed, pending: [first, last)} durably ─▶ insert with the range's token ─▶ committed = last
 *
 * A crash between the two leaves the range in the log: it is read, cut and named the same again, so ClickHouse knows it.
 */
export class PartitionWriter {
  readonly #options: PartitionWriterOptions;
  readonly #inserter: SliceInserter;
  readonly #wake = new Wake();
  #loaded = false;
  #committed = 0;
  #pending: GroupProgress["pending"];
  #waitingBytes = 0;
  #lastInsertMs = Number.NEGATIVE_INFINITY;
  #lastInsertTookMs = 0;
  #saved: Promise<void> = Promise.resolve();
  #recovery: Promise<void> | undefined;

  constructor(options: PartitionWriterOptions) {
    this.#options = options;
    this.#inserter = new SliceInserter({ ...options, onDelivered: (last) => this.#advance(last) });
  }

  get committed(): number {
    return this.#committed;
  }

  /** The partition is somebody else's from now on: what was in doubt here is so no more. */
  forget(): void {
    this.#options.table.settled(this.#inserter);
  }

  appended(batch: RecordBatch): void {
    this.#waitingBytes += batch.bytes.length;
    this.#wake.notify();
  }

  wake(): void {
    this.#wake.notify();
  }

  /** Sends a range that is in doubt again. Whoever does not wait for it finds it going on in `run`. */
  recover(): Promise<void> {
    this.#recovery ??= this.#again(() => this.#replay());
    return this.#recovery;
  }

  /** Runs until the signal ends; the insert under way is finished or given up first. */
  async run(): Promise<void> {
    const { signal } = this.#options;
    await this.recover();
    while (!signal.aborted) {
      await this.#due();
      await this.#again(() => this.#deliverUntilIdle());
    }
    await this.#saved;
  }

  /** A range that was recorded is in doubt until it has been sent again. */
  async #load(): Promise<void> {
    const { source, table } = this.#options;
    const progress = await source.stream.progress(TABLE_GROUP, source.name, source.partition);
    this.#pending = progress.pending;
    if (this.#pending !== undefined) table.doubt(this.#inserter);
    this.#advance(progress.committed);
    this.#loaded = true;
  }

  async #replay(): Promise<void> {
    if (!this.#loaded) await this.#load();
    const range = this.#pending;
    if (range === undefined) return;
    const { source, catalog } = this.#options;
    for await (const slice of slicesOf(source, range)) {
      // A range that damage has cut is no longer what its token stood for.
      const askFirst = slice.first !== range.first || slice.last !== range.last;
      if (!(await this.#deliver(blockOf(slice, source, catalog), { askFirst }))) return;
      this.#pending = slice.last < range.last ? { first: slice.last, last: range.last } : undefined;
      this.#done(slice);
    }
    this.#pending = undefined;
    this.#save({ committed: this.#committed });
  }

  /** Resolves when the policy wants an insert, or when the writer is stopped. Idle, it sleeps until something is appended. */
  async #due(): Promise<void> {
    const { clock, signal, limits, hurry } = this.#options;
    while (!signal.aborted) {
      const rows = this.#waitingRows();
      let waitMs = Number.POSITIVE_INFINITY;
      if (rows > 0) {
        waitMs = hurry() ? 0 : msUntilFlush(this.#backlog(rows), limits());
        if (waitMs === 0) return;
      }
      await this.#wake.sleep(clock, waitMs, signal);
    }
  }

  #backlog(rows: number): Backlog {
    const sinceLastInsertMs = this.#options.clock.nowMs() - this.#lastInsertMs;
    return { rows, bytes: this.#waitingBytes, sinceLastInsertMs, lastInsertTookMs: this.#lastInsertTookMs };
  }

  async #deliverUntilIdle(): Promise<void> {
    const { clock } = this.#options;
    let next = await this.#prepare(this.#committed);
    while (next !== undefined) {
      const { last, bytes } = next;
      this.#lastInsertMs = clock.nowMs();
      if (!(await this.#record(next))) return;
      const delivery = this.#deliver(next);
      // While a full block waits, it is encoded during this insert; a smaller rest may still grow until the insert is done.
      const ahead = await this.#whileInserting(last, bytes);
      if (!(await delivery)) return;
      this.#lastInsertTookMs = clock.nowMs() - this.#lastInsertMs;
      this.#done(next);
      this.#save({ committed: last });
      next = ahead;
    }
  }

  /** Durable before the insert; it also says that everything below the range is done. False when the writer was stopped before. */
  async #record({ first, last }: Range): Promise<boolean> {
    const { source, room, signal } = this.#options;
    await room.enter(nameOf(source), signal, () => this.#save({ committed: this.#committed }));
    if (signal.aborted) return false;
    await this.#save({ committed: this.#committed, pending: { first, last } });
    return true;
  }

  /**
   * True when every row is in the table or in quarantine; false when the writer was stopped before. What is refused is cut in halves, each
   * recorded and named like any other range, until the row to blame is alone.
   */
  async #deliver(range: RangeBlock, options: InsertOptions = {}): Promise<boolean> {
    const outcome = await this.#inserter.insert(range, options);
    if (outcome === "stopped") return false;
    if (outcome === "done") return true;
    const { source, catalog } = this.#options;
    const { first, last } = range;
    if (last - first === 1) return this.#inserter.setAside(range, outcome.refused);
    const middle = first + Math.floor((last - first) / 2);
    for (const half of [
      { first, last: middle },
      { first: middle, last },
    ]) {
      for await (const part of slicesOf(source, half)) {
        if (!(await this.#record(part)) || !(await this.#deliver(blockOf(part, source, catalog)))) return false;
      }
    }
    return true;
  }

  async #whileInserting(next: number, bytes: number): Promise<RangeBlock | undefined> {
    const { limits, source, signal } = this.#options;
    const rows = source.stream.endOffset(source.name, source.partition) - next;
    if (rows === 0 || signal.aborted || !isFull({ rows, bytes: this.#waitingBytes - bytes }, limits()))
      return undefined;
    // The request goes out first: encoding holds this thread.
    await new Promise<void>((resolve) => setImmediate(resolve));
    try {
      return await this.#prepare(next);
    } catch {
      // The next turn meets the same error, when it is its turn.
      return undefined;
    }
  }

  #prepare(first: number): Promise<RangeBlock | undefined> {
    const { source, limits, catalog } = this.#options;
    return nextBlock(source, first, limits(), catalog);
  }

  #advance(last: number): void {
    this.#committed = last;
    this.#options.onCommit(last);
  }

  #done(delivered: { readonly bytes: number }): void {
    const rows = this.#waitingRows();
    this.#waitingBytes = rows === 0 ? 0 : Math.max(0, this.#waitingBytes - delivered.bytes);
    this.#options.metrics?.writerLag(this.#options.model, rows);
  }

  #waitingRows(): number {
    const { stream, name, partition } = this.#options.source;
    return stream.endOffset(name, partition) - this.#committed;
  }

  /** The caller may await it. If it is lost in a crash, a range is replayed that ClickHouse knows. */
  #save(progress: GroupProgress): Promise<void> {
    const { source } = this.#options;
    const saving = source.stream.saveProgress(TABLE_GROUP, source.name, source.partition, progress);
    this.#saved = saving.catch(() => {});
    return saving;
  }

  /** Runs `step` until it does not throw: what throws here is the log. A damaged stretch is set aside and stepped over. */
  async #again(step: () => Promise<void>): Promise<void> {
    const { clock, signal, random, outage, table } = this.#options;
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        return await step();
      } catch (error) {
        if (error instanceof MooseError && error.code === "fenced") return this.#givenAway();
        if (await this.#stepOver(error)) continue;
        outage.failed(table.table, error instanceof Error ? error.message : String(error));
        await clock.wait(retryDelayMs(attempt, random()), signal);
      }
    }
  }

  /** Another writer has the partition: it goes on from what is recorded. */
  #givenAway(): void {
    const { source, log, fence } = this.#options;
    log.warn("A partition was given to another table writer", { stream: source.name, partition: source.partition });
    fence();
  }

  async #stepOver(error: unknown): Promise<boolean> {
    if (!(error instanceof MooseError) || typeof error.extra.nextOffset !== "number") return false;
    const { source, quarantine } = this.#options;
    const { offset: firstOffset, nextOffset: lastOffset } = error.extra as { offset: number; nextOffset: number };
    if (firstOffset !== this.#committed) return false;
    const pending =
      this.#pending !== undefined && lastOffset < this.#pending.last
        ? { first: lastOffset, last: this.#pending.last }
        : undefined;
    try {
      await quarantine.put(lostByLog(source, { first: firstOffset, last: lastOffset }, error.message, Date.now()));
      await this.#save(pending === undefined ? { committed: lastOffset } : { committed: lastOffset, pending });
    } catch {
      return false;
    }
    this.#pending = pending;
    this.#advance(lastOffset);
    return true;
  }
}
