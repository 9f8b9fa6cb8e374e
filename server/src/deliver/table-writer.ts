// The table writer: takes part in the group "table" and runs one loop for each partition that it holds.

import { type Clock, systemClock } from "../lib/clock.ts";
import type { Position } from "../model/position.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Database } from "../ports/database.ts";
import type { Quarantine } from "../ports/quarantine.ts";
import type { GroupMembership, StreamLog, StreamPartition } from "../ports/stream-log.ts";
import { TABLE_GROUP, type TableCommit, type TableProgress } from "../ports/table-progress.ts";
import type { Log } from "../telemetry/log.ts";
import type { DeliverMetrics } from "../telemetry/metrics.ts";
import { flushLimits } from "./flush-policy.ts";
import { Outage } from "./outage.ts";
import { PartitionWriter } from "./partition-writer.ts";
import { TablePosition } from "./table-position.ts";
import { TableSources } from "./table-sources.ts";

export interface TableWriterOptions {
  readonly stream: StreamLog;
  readonly database: Database;
  /** Takes the events that a table refuses. */
  readonly quarantine: Quarantine;
  readonly catalog: Catalog;
  readonly log: Log;
  readonly metrics?: DeliverMetrics;
  /** Of a model's stream that is new. Default 1. */
  readonly partitions?: number;
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

const DRAIN_LIMIT_MS = 30_000;
const RECOVER_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 3_000;

export function createTableWriter(options: TableWriterOptions): TableWriter {
  return new StreamTableWriter(options);
}

/** A partition that this writer holds. */
interface Holding {
  readonly writer: PartitionWriter;
  readonly stop: AbortController;
  run: Promise<void> | undefined;
}

class StreamTableWriter implements TableWriter {
  readonly #options: TableWriterOptions;
  readonly #clock: Clock;
  readonly #outage: Outage;
  readonly #sources: TableSources;
  readonly #held = new Map<string, Holding>();
  readonly #position = new TablePosition();
  readonly #commitListeners = new Set<(commit: TableCommit) => void>();
  readonly #unsubscribe: (() => void)[] = [];
  #membership: Promise<GroupMembership> | undefined;
  #hurrying = 0;
  #started = false;
  #stopped: Promise<void> | undefined;

  constructor(options: TableWriterOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#outage = new Outage(options.log, this.#clock);
    const { stream, database, random = Math.random } = options;
    this.#sources = new TableSources({ stream, database, clock: this.#clock, random });
  }

  start(): void {
    if (this.#started || this.#stopped !== undefined) return;
    this.#started = true;
    const { stream, catalog } = this.#options;
    this.#unsubscribe.push(
      stream.onAppend((batch) => this.#held.get(keyOf(batch))?.writer.appended(batch)),
      catalog.onChange(() => this.#followCatalog()),
    );
    for (const holding of this.#held.values()) this.#run(holding);
    this.#followCatalog();
  }

  async recover(
    models: readonly { readonly name: string; readonly table: string }[],
    signal: AbortSignal = AbortSignal.timeout(RECOVER_LIMIT_MS),
  ): Promise<void> {
    for (const { name, table } of models)
      for (const stream of this.#sources.streamsOf(name)) this.#sources.add(stream, name, table);
    await this.#follow();
    if (signal.aborted) return;
    // One listener, however many partitions there are.
    const recovered = Promise.all([...this.#held.values()].map(({ writer }) => writer.recover()));
    await Promise.race([
      recovered,
      new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
    ]);
  }

  async drain(model?: string, signal: AbortSignal = AbortSignal.timeout(DRAIN_LIMIT_MS)): Promise<void> {
    const { catalog, stream } = this.#options;
    const wanted = new Map<string, readonly number[]>();
    for (const name of catalog.state.models.keys()) {
      if (model !== undefined && name !== model) continue;
      for (const source of this.#sources.streamsOf(name)) {
        const ends = Array.from({ length: stream.partitions(source) }, (_, index) => stream.endOffset(source, index));
        wanted.set(source, ends);
      }
    }
    this.#hurrying++;
    try {
      for (const { writer } of this.#held.values()) writer.wake();
      await this.waitFor(wanted, signal);
    } finally {
      this.#hurrying--;
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    for (const { stop } of this.#held.values()) stop.abort();
    const limit = AbortSignal.timeout(this.#options.stopLimitMs ?? STOP_LIMIT_MS);
    const left = this.#membership?.then((membership) => membership.leave()).catch(() => {});
    await Promise.race([left, new Promise((resolve) => limit.addEventListener("abort", resolve))]);
  }

  position(): Position {
    return this.#position.current();
  }

  waitFor(wanted: Position, signal: AbortSignal): Promise<void> {
    return this.#position.waitFor(wanted, signal);
  }

  onCommit(listener: (commit: TableCommit) => void): () => void {
    this.#commitListeners.add(listener);
    return () => this.#commitListeners.delete(listener);
  }

  atPosition<T>(table: string, read: (position: Position) => Promise<T>): Promise<T> {
    return this.#sources.table(table).exactRead(() => read(this.position()));
  }

  #followCatalog(): void {
    for (const [model, { stream, table }] of this.#options.catalog.state.models) {
      for (const name of new Set([...this.#sources.streamsOf(model), stream])) this.#sources.add(name, model, table);
    }
    this.#follow().catch((error: unknown) => {
      this.#options.log.error("The table writer cannot follow its streams; it tries again when the catalog changes", {
        reason: messageOf(error),
      });
    });
  }

  /** Resolves when this writer's share of all sources is assigned. */
  async #follow(): Promise<void> {
    if (this.#stopped !== undefined) return;
    const { stream, partitions = 1 } = this.#options;
    for (const name of this.#sources.names()) await stream.ensureStream(name, { partitions });
    if (this.#membership === undefined) {
      this.#unsubscribe.push(
        stream.onProgress(TABLE_GROUP, (name, partition, committed) => this.#advance(name, partition, committed)),
      );
      this.#membership = stream.join(TABLE_GROUP, {
        assigned: (gained) => {
          for (const at of gained) this.#begin(at);
        },
        revoked: async (lost) => {
          await Promise.all(lost.map((at) => this.#end(at)));
        },
      });
    }
    const membership = await this.#membership;
    await membership.follow(this.#sources.names());
    await this.#lookUp();
  }

  /** What other writers have delivered until now; the rest is told by `onProgress`. */
  async #lookUp(): Promise<void> {
    const { stream } = this.#options;
    for (const name of this.#sources.names()) {
      for (let partition = 0; partition < stream.partitions(name); partition++) {
        const { committed } = await stream.progress(TABLE_GROUP, name, partition);
        this.#advance(name, partition, committed);
      }
    }
  }

  #begin(at: StreamPartition): void {
    const source = this.#sources.find(at.stream);
    if (source === undefined) return;
    const { stream, database, quarantine, catalog, log, metrics } = this.#options;
    const stop = new AbortController();
    const writer = new PartitionWriter({
      source: {
        stream,
        name: at.stream,
        partition: at.partition,
        tablePartition: this.#sources.tablePartition(at),
      },
      model: source.model,
      table: source.table,
      room: source.room,
      database,
      catalog,
      quarantine,
      outage: this.#outage,
      clock: this.#clock,
      random: this.#options.random ?? Math.random,
      log,
      ...(metrics === undefined ? {} : { metrics }),
      signal: stop.signal,
      limits: () => flushLimits(catalog.state.models.get(source.model)?.core.spec),
      hurry: () => this.#hurrying > 0,
      onCommit: (committed) => this.#advance(at.stream, at.partition, committed),
      fence: () => stop.abort(),
    });
    const holding: Holding = { writer, stop, run: undefined };
    this.#held.set(keyOf(at), holding);
    if (this.#started) this.#run(holding);
  }

  async #end(at: StreamPartition): Promise<void> {
    const holding = this.#held.get(keyOf(at));
    if (holding === undefined) return;
    holding.stop.abort();
    await holding.run;
    holding.writer.forget();
    // Over the limit it may have been given away, and come back, meanwhile.
    if (this.#held.get(keyOf(at)) === holding) this.#held.delete(keyOf(at));
  }

  #run(holding: Holding): void {
    holding.run ??= holding.writer.run().catch((error: unknown) => {
      const reason = messageOf(error);
      this.#options.log.error("The table writer of a partition ended; its events stay in the stream until a restart", {
        reason,
      });
    });
  }

  #advance(stream: string, partition: number, committed: number): void {
    const source = this.#sources.find(stream);
    if (source === undefined || !this.#position.advance(stream, partition, committed)) return;
    if (this.#commitListeners.size === 0) return;
    const commit: TableCommit = { model: source.model, table: source.table.table, position: this.position() };
    for (const listener of this.#commitListeners) {
      try {
        listener(commit);
      } catch (error) {
        this.#options.log.error("A listener of table commits threw", { table: commit.table, reason: messageOf(error) });
      }
    }
  }
}

function keyOf({ stream, partition }: StreamPartition): string {
  return `${stream}\0${partition}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
