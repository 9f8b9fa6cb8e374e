// The table writer: one loop for each partition of each model's stream, and what the rest of the server waits for.

import { MooseError } from "../model/errors.ts";
import { modelOfStream } from "../model/manifest.ts";
import type { Position } from "../model/position.ts";
import { covers } from "../model/position.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Database } from "../ports/database.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { TableCommit, TableProgress } from "../ports/table-progress.ts";
import type { Log } from "../telemetry/log.ts";
import type { DeliverMetrics } from "../telemetry/metrics.ts";
import { type Clock, systemClock } from "./clock.ts";
import { flushLimits } from "./flush-policy.ts";
import { Outage } from "./outage.ts";
import { PartitionWriter } from "./partition-writer.ts";
import { QUARANTINE_STREAM } from "./quarantine.ts";
import { TableState } from "./table-state.ts";

export interface TableWriterOptions {
  readonly stream: StreamLog;
  readonly database: Database;
  readonly catalog: Catalog;
  readonly log: Log;
  readonly metrics?: DeliverMetrics;
  readonly clock?: Clock;
  /** In [0, 1): the jitter of retries. */
  readonly random?: () => number;
  /** How long `stop` waits for the inserts under way. Default 3 s. */
  readonly stopLimitMs?: number;
}

export interface TableWriter extends TableProgress {
  /**
   * Sends again what the last run left in doubt. To be called before tables are changed: a view that is filled anew from its table would
   * otherwise count a range that is then sent again. Limit: the signal, or 30 s; then resolves all the same, and `start` goes on with it.
   */
  recover(models: readonly { readonly name: string; readonly table: string }[], signal?: AbortSignal): Promise<void>;
  /** Begins with what the last run left in doubt, then follows the stream. New models are taken up as the catalog changes. */
  start(): void;
  /** Resolves when everything appended before the call is in the tables (of one model, or of all). Limit: the signal, or 30 s; rejects `after_timeout`. */
  drain(model?: string, signal?: AbortSignal): Promise<void>;
  /** Ends the loops after the insert under way, or at a limit: the next run sends its range again. The rest stays in the stream. Safe to call twice. */
  stop(): Promise<void>;
}

/** Versions of a model have offsets of their own in one table: `_partition` tells them apart. */
const PARTITIONS_OF_A_VERSION = 65_536;
const DRAIN_LIMIT_MS = 30_000;
const RECOVER_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 3_000;

export function createTableWriter(options: TableWriterOptions): TableWriter {
  return new StreamTableWriter(options);
}

interface StreamWriters {
  readonly model: string;
  readonly table: TableState;
  readonly partitions: PartitionWriter[];
  /** Progress is loaded: what is in doubt is known. */
  readonly opened: Promise<void>;
  running: boolean;
}

interface Waiter {
  readonly wanted: Position;
  resolve(): void;
}

class StreamTableWriter implements TableWriter {
  readonly #options: TableWriterOptions;
  readonly #clock: Clock;
  readonly #outage: Outage;
  readonly #stop = new AbortController();
  readonly #streams = new Map<string, StreamWriters>();
  readonly #tables = new Map<string, TableState>();
  readonly #committed = new Map<string, number[]>();
  readonly #commitListeners = new Set<(commit: TableCommit) => void>();
  readonly #waiters = new Set<Waiter>();
  readonly #running = new Set<Promise<void>>();
  readonly #unsubscribe: (() => void)[] = [];
  #hurrying = 0;
  #started = false;

  constructor(options: TableWriterOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#outage = new Outage(options.log, this.#clock);
  }

  start(): void {
    if (this.#started || this.#stop.signal.aborted) return;
    this.#started = true;
    const { stream, catalog } = this.#options;
    this.#unsubscribe.push(
      stream.onAppend((batch) => {
        this.#streams.get(batch.stream)?.partitions[batch.partition]?.appended(batch);
      }),
      catalog.onChange(() => this.#followCatalog()),
    );
    this.#followCatalog();
  }

  async recover(
    models: readonly { readonly name: string; readonly table: string }[],
    signal: AbortSignal = AbortSignal.timeout(RECOVER_LIMIT_MS),
  ): Promise<void> {
    const given = AbortSignal.any([signal, this.#stop.signal]);
    await Promise.all(
      models.flatMap(({ name, table }) =>
        this.#streamsOf(name).map(async (stream) => {
          const writers = this.#writersOf(name, stream, table);
          await writers.opened;
          await Promise.all(writers.partitions.map((writer) => writer.recover(given)));
        }),
      ),
    );
  }

  async drain(model?: string, signal: AbortSignal = AbortSignal.timeout(DRAIN_LIMIT_MS)): Promise<void> {
    const { catalog, stream } = this.#options;
    const wanted = new Map<string, readonly number[]>();
    for (const name of catalog.state.models.keys()) {
      if (model !== undefined && name !== model) continue;
      for (const source of this.#streamsOf(name)) {
        const ends = Array.from({ length: stream.partitions(source) }, (_, index) => stream.endOffset(source, index));
        wanted.set(source, ends);
      }
    }
    this.#hurrying++;
    try {
      for (const { partitions } of this.#streams.values()) for (const writer of partitions) writer.wake();
      await this.waitFor(wanted, signal);
    } finally {
      this.#hurrying--;
    }
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#stop.abort();
    const limit = AbortSignal.timeout(this.#options.stopLimitMs ?? STOP_LIMIT_MS);
    await Promise.race([
      Promise.all(this.#running),
      new Promise((resolve) => limit.addEventListener("abort", resolve)),
    ]);
  }

  position(): Position {
    return new Map([...this.#committed].map(([stream, offsets]) => [stream, [...offsets]]));
  }

  waitFor(wanted: Position, signal: AbortSignal): Promise<void> {
    if (covers(this.#committed, wanted)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        wanted,
        resolve: () => {
          this.#waiters.delete(waiter);
          signal.removeEventListener("abort", giveUp);
          resolve();
        },
      };
      const giveUp = (): void => {
        this.#waiters.delete(waiter);
        reject(
          new MooseError(
            "after_timeout",
            "The events that the position names are not in the table yet. Try again shortly.",
            {
              retryAfterSeconds: 1,
            },
          ),
        );
      };
      if (signal.aborted) return giveUp();
      signal.addEventListener("abort", giveUp, { once: true });
      this.#waiters.add(waiter);
    });
  }

  onCommit(listener: (commit: TableCommit) => void): () => void {
    this.#commitListeners.add(listener);
    return () => this.#commitListeners.delete(listener);
  }

  atPosition<T>(table: string, read: (position: Position) => Promise<T>): Promise<T> {
    return this.#table(table).exactRead(() => read(this.position()));
  }

  #followCatalog(): void {
    for (const [model, { stream, table }] of this.#options.catalog.state.models) {
      for (const name of new Set([...this.#streamsOf(model), stream]))
        this.#follow(name, this.#writersOf(model, name, table));
    }
  }

  #follow(stream: string, writers: StreamWriters): void {
    if (writers.running) return;
    writers.running = true;
    const run = this.#run(stream, writers);
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  /** Of every version, oldest first: what an older one accepted belongs into the table too, also after a restart. */
  #streamsOf(model: string): readonly string[] {
    return this.#options.stream.streams().filter((name) => modelOfStream(name) === model);
  }

  /** What is retried is retried inside the partition writers; only a log that cannot be read at all ends a stream's writer. */
  async #run(stream: string, writers: StreamWriters): Promise<void> {
    try {
      await writers.opened;
      await Promise.all(writers.partitions.map((writer) => writer.run()));
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.error("The table writer of a stream ended; its events stay in the stream until a restart", {
        stream,
        reason,
      });
    }
  }

  #writersOf(model: string, stream: string, table: string): StreamWriters {
    let writers = this.#streams.get(stream);
    if (writers === undefined) {
      const opening: Omit<StreamWriters, "opened"> = {
        model,
        table: this.#table(table),
        partitions: [],
        running: false,
      };
      writers = Object.assign(opening, { opened: this.#open(stream, opening) });
      // What made it fail may be over when the catalog next changes.
      writers.opened.catch(() => this.#streams.delete(stream));
      this.#streams.set(stream, writers);
    }
    return writers;
  }

  async #open(name: string, writers: Omit<StreamWriters, "opened">): Promise<void> {
    const { stream, database, catalog, log, metrics } = this.#options;
    await stream.ensureStream(QUARANTINE_STREAM, { partitions: 1 });
    await stream.ensureStream(name, { partitions: 1 });
    const version = this.#streamsOf(writers.model).indexOf(name);
    const offsets = new Array<number>(stream.partitions(name)).fill(0);
    this.#committed.set(name, offsets);
    for (let partition = 0; partition < offsets.length; partition++) {
      const writer = new PartitionWriter({
        source: { stream, name, partition, tablePartition: version * PARTITIONS_OF_A_VERSION + partition },
        model: writers.model,
        table: writers.table,
        database,
        catalog,
        outage: this.#outage,
        clock: this.#clock,
        random: this.#options.random ?? Math.random,
        log,
        ...(metrics === undefined ? {} : { metrics }),
        signal: this.#stop.signal,
        limits: () => flushLimits(catalog.state.models.get(writers.model)?.core.spec),
        hurry: () => this.#hurrying > 0,
        onCommit: (committed) => this.#advance(name, writers, partition, committed),
      });
      await writer.load();
      writers.partitions.push(writer);
    }
  }

  #advance(
    stream: string,
    writers: Pick<StreamWriters, "model" | "table">,
    partition: number,
    committed: number,
  ): void {
    this.#committed.get(stream)![partition] = committed;
    for (const waiter of this.#waiters) if (covers(this.#committed, waiter.wanted)) waiter.resolve();
    if (this.#commitListeners.size === 0) return;
    const commit: TableCommit = { model: writers.model, table: writers.table.table, position: this.position() };
    for (const listener of this.#commitListeners) {
      try {
        listener(commit);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#options.log.error("A listener of table commits threw", { table: commit.table, reason });
      }
    }
  }

  #table(name: string): TableState {
    let table = this.#tables.get(name);
    if (table === undefined) {
      table = new TableState(name, this.#options.database);
      this.#tables.set(name, table);
    }
    return table;
  }
}
