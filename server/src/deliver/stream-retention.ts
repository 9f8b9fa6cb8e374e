// Frees what a stream need not keep any longer: too old or too much, in its table for good, and read by every group. Tells metrics how things stand.
import type { Clock } from "../lib/clock.ts";
import { MooseError } from "../model/errors.ts";
import { modelOfStream } from "../model/manifest.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Database } from "../ports/database.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import { TABLE_GROUP } from "../ports/table-progress.ts";
import type { Log } from "../telemetry/log.ts";
import type { StreamMetrics } from "../telemetry/metrics.ts";
import { isDurable } from "./durable-table.ts";
import { excessShare, type RetentionLimits, trimOffset } from "./retention-policy.ts";

export interface StreamRetentionOptions {
  readonly stream: StreamLog;
  readonly database: Database;
  readonly catalog: Catalog;
  /** Absent: nothing is trimmed, as where the stream's own retention does it (Kafka). */
  readonly limits?: RetentionLimits;
  /** Has its round before each look at the streams. */
  readonly forgetGroups?: { round(): Promise<void> };
  readonly clock: Clock;
  /** Wall clock, ms since 1970: events are as old as their time of receipt says. */
  readonly now: () => number;
  readonly log: Log;
  readonly metrics?: StreamMetrics;
}

const HOUR_MS = 3_600_000;
const ROUND_MS = 15_000;
const ONE_BATCH = { maxBytes: 1, maxRecords: 1 };

export class StreamRetention {
  readonly #options: StreamRetentionOptions;
  readonly #stop = new AbortController();
  readonly #warned = new Set<string>();
  #running: Promise<void> | undefined;

  constructor(options: StreamRetentionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends after the stream under way. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** One look at every stream. A stream that cannot be looked at is left for the next. */
  async round(): Promise<void> {
    await this.#options.forgetGroups?.round();
    const groups = await this.#options.stream.groups();
    for (const name of this.#options.stream.streams()) {
      if (this.#stop.signal.aborted) return;
      try {
        await this.#look(name, groups);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#options.log.warn("A stream could not be trimmed; the next round tries again", { stream: name, reason });
      }
    }
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#options;
    while (!this.#stop.signal.aborted) {
      await this.round().catch((error: unknown) =>
        log.warn("Streams could not be looked at", { reason: String(error) }),
      );
      await clock.wait(ROUND_MS, this.#stop.signal);
    }
  }

  async #look(name: string, groups: readonly string[]): Promise<void> {
    const { stream, limits, metrics } = this.#options;
    const { bytes } = await stream.size(name);
    const done = await this.#doneOffsets(name, groups);
    metrics?.streamBytes(name, bytes);
    for (let partition = 0; partition < done.length; partition++) {
      metrics?.oldestOffset(name, partition, stream.startOffset(name, partition));
    }
    if (limits === undefined || !(await this.#isInTableForGood(name))) return;
    const excess = excessShare(bytes, limits.bytes);
    for (const [partition, doneOffset] of done.entries()) {
      const startOffset = stream.startOffset(name, partition);
      const endOffset = stream.endOffset(name, partition);
      const youngOffset = await this.#youngOffset(name, partition, Math.min(doneOffset, endOffset));
      const before = trimOffset({ startOffset, endOffset, doneOffset, youngOffset }, excess);
      if (before > startOffset) await stream.trim(name, partition, before);
    }
  }

  /** Per partition: what the table writer and every other group that ever read this stream have done. */
  async #doneOffsets(name: string, groups: readonly string[]): Promise<number[]> {
    const { stream, metrics } = this.#options;
    const ends = Array.from({ length: stream.partitions(name) }, (_, index) => stream.endOffset(name, index));
    const done = [...ends];
    for (const group of new Set([TABLE_GROUP, ...groups])) {
      const progress = await Promise.all(ends.map((_, partition) => stream.progress(group, name, partition)));
      const reads = group === TABLE_GROUP || progress.some(({ committed, pending }) => committed > 0 || pending);
      if (!reads) continue;
      let lag = 0;
      for (const [partition, { committed }] of progress.entries()) {
        done[partition] = Math.min(done[partition]!, committed);
        lag += Math.max(0, ends[partition]! - committed);
      }
      metrics?.groupLag(group, name, lag);
    }
    return done;
  }

  /** The first offset from the start on, below `until`, that is not too old. Offsets ascend with the time of receipt, but for milliseconds. */
  async #youngOffset(name: string, partition: number, until: number): Promise<number> {
    const { stream, limits, now } = this.#options;
    let low = stream.startOffset(name, partition);
    if (limits?.hours === undefined) return low;
    const oldestMs = now() - limits.hours * HOUR_MS;
    let high = until;
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      const receivedAtMs = await this.#receivedAtMs(name, partition, middle);
      if (receivedAtMs !== undefined && receivedAtMs >= oldestMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Undefined where the log is damaged: the writer has stepped over it, so it counts as old. */
  async #receivedAtMs(name: string, partition: number, offset: number): Promise<number | undefined> {
    try {
      const [batch] = await this.#options.stream.read(name, partition, offset, ONE_BATCH);
      return batch?.receivedAtMs;
    } catch (error) {
      if (error instanceof MooseError && typeof error.extra.nextOffset === "number") return undefined;
      throw error;
    }
  }

  /** A table whose inserts ClickHouse does not sync may lose them in a power cut: its stream is kept whole. */
  async #isInTableForGood(name: string): Promise<boolean> {
    const { catalog, database, log } = this.#options;
    const table = catalog.state.models.get(modelOfStream(name))?.table;
    if (table === undefined) return false;
    const durable = await isDurable(database, table);
    if (!durable && !this.#warned.has(table)) {
      this.#warned.add(table);
      log.warn(
        "A stream is kept whole: its table does not sync what is inserted (fsync_after_insert, fsync_part_directory)",
        {
          stream: name,
          table,
        },
      );
    }
    return durable;
  }
}
