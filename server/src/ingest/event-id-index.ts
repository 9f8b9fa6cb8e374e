// Hot path: which event ids were stored. A view on the log, kept in memory with checkpoints on the disk; a claim of new ids is a few steps for a batch.

import { MooseError } from "../model/errors.ts";
import { type EventIds, isRequest, rangesOf, type SequenceRanges } from "../model/event-ids.ts";
import { modelOfStream } from "../model/manifest.ts";
import type { RecordBatch } from "../model/record-batch.ts";
import type { EarlierClaim, RowClaim } from "../model/row-claim.ts";
import type { EventIdCheckpoint, EventIdStore } from "../ports/event-id-store.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { Log } from "../telemetry/log.ts";
import { type FreshRows, freshRows, overlapping } from "./fresh-rows.ts";
import {
  defaultProducerLimits,
  KnownProducers,
  type Producer,
  type ProducerLimits,
  requestLimits,
} from "./known-producers.ts";

export interface EventIdIndexOptions {
  readonly stream: StreamLog;
  readonly store: EventIdStore;
  readonly log: Log;
  readonly limits?: Partial<ProducerLimits>;
  readonly now?: () => number;
}

export interface IdClaim extends FreshRows {
  /** Goes with the rows into the append, where the log has claims of its own. */
  readonly shared: RowClaim | undefined;
  /** To be called once, when the rows are durable or are known not to be; or may be, in the stream to which they were appended. */
  settle(stored: boolean, doubtfulIn?: string): void;
}

export interface EventIdIndex {
  /**
   * Which rows were not stored yet, to be appended to `stream`. They belong to the caller until it settles the claim; whoever claims one of
   * them meanwhile waits for that: in this process, and where the log has claims in all that share it. Rejects with MooseError `log_unavailable` when it cannot be said now what became of rows that the producer sent before.
   */
  claim(model: string, ids: EventIds, stream: string): Promise<IdClaim>;
  /** Writes a checkpoint, if there is anything new; a timer does it every second. A failure is logged, and tried again with the next. */
  save(): Promise<void>;
  /** The last checkpoint; the store stays open. */
  close(): Promise<void>;
}

const SAVE_EVERY_MS = 1_000;
const READ_LIMIT = { maxBytes: 8 * 1024 * 1024, maxRecords: 100_000 };

/**
 *   log  ────────────────┬───────────────────────▶ end
 *                   checkpoint: ids below it are saved; those above are read from the log here
 *
 * Ids are in the log with their rows, so a crash loses none. Streams that are older than the first checkpoint begin at their end.
 * Rejects with MooseError `log_unavailable`.
 */
export async function openEventIdIndex(options: EventIdIndexOptions): Promise<EventIdIndex> {
  const { stream, store } = options;
  let checkpoint = await store.load();
  const isNew = checkpoint === undefined;
  if (checkpoint === undefined) {
    const applied = new Map(stream.streams().map((name) => [name, endOffsets(stream, name)]));
    checkpoint = { applied, producers: new Map() };
    await store.save(checkpoint);
  }
  const index = new LogEventIdIndex(options, checkpoint, isNew);
  await index.readLog();
  return index;
}

class LogEventIdIndex implements EventIdIndex {
  readonly #options: EventIdIndexOptions;
  readonly #producers: KnownProducers;
  readonly #requests: KnownProducers;
  readonly #applied = new Map<string, number[]>();
  /** What stands below was never read here. */
  readonly #unread = new Map<string, number[]>();
  #advanced = new Set<string>();
  #saving: Promise<void> = Promise.resolve();
  #failing = false;
  readonly #timer: NodeJS.Timeout;
  readonly #unsubscribe: () => void;

  constructor(options: EventIdIndexOptions, { applied, producers }: EventIdCheckpoint, isNew: boolean) {
    this.#options = options;
    const { limits, now = Date.now } = options;
    const saved = [...producers];
    const [requests, others] = [true, false].map((wanted) => saved.filter(([key]) => isRequestKey(key) === wanted));
    this.#producers = new KnownProducers({ ...defaultProducerLimits, ...limits }, now, others);
    this.#requests = new KnownProducers(requestLimits, now, requests);
    for (const [name, offsets] of applied) {
      this.#applied.set(name, [...offsets]);
      if (isNew) this.#unread.set(name, [...offsets]);
    }
    this.#unsubscribe = options.stream.onAppend((batch) => this.#learn(batch));
    this.#timer = setInterval(() => void this.save(), SAVE_EVERY_MS);
    this.#timer.unref();
  }

  async readLog(): Promise<void> {
    const { stream } = this.#options;
    for (const name of stream.streams()) {
      for (let partition = 0; partition < stream.partitions(name); partition++) await this.#readOn(name, partition);
    }
  }

  async claim(model: string, ids: EventIds, stream: string): Promise<IdClaim> {
    const key = keyOf(model, ids.producer);
    const known = this.#knownOf(key);
    const ranges = rangesOf(ids);
    let producer = known.use(key);
    for (;;) {
      const other = overlapping(producer, ranges);
      if (other !== undefined) await other.settled;
      else if (producer.doubtful.size > 0) await this.#resolveDoubts(producer);
      else break;
      producer = known.use(key);
    }
    let done!: () => void;
    const claimed = { ranges, settled: new Promise<void>((resolve) => (done = resolve)) };
    const { claims } = producer;
    claims.add(claimed);
    const giveBack = (): void => {
      claims.delete(claimed);
      done();
    };
    try {
      const shared = await this.#claimShared(key, freshRows(producer.seen, ids, ranges).ranges, stream);
      const found = freshRows(producer.seen, ids, ranges);
      return {
        ...found,
        shared,
        settle: (stored, doubtfulIn) => {
          if (doubtfulIn !== undefined && this.#options.stream.settle !== undefined) producer.doubtful.add(doubtfulIn);
          else shared?.settle();
          if (stored) known.add(key, found.ranges);
          giveBack();
        },
      };
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  /** What others have stored of the rows is known here when it resolves. */
  async #claimShared(name: string, ranges: SequenceRanges, stream: string): Promise<RowClaim | undefined> {
    const { stream: log } = this.#options;
    if (log.claim === undefined || ranges.length === 0) return undefined;
    const claim = await log.claim({ name, ranges, stream });
    for (const earlier of claim.earlier) await this.#readEarlier(earlier);
    return claim;
  }

  async #readEarlier({ stream: name, fromOffsets }: EarlierClaim): Promise<void> {
    const { stream } = this.#options;
    await stream.settle?.(name);
    for (let partition = 0; partition < stream.partitions(name); partition++) {
      const from = fromOffsets[partition] ?? 0;
      const unread = this.#unread.get(name);
      const until = unread?.[partition] ?? 0;
      if (from < until) {
        await this.#read(name, partition, from, until);
        unread![partition] = from;
      }
      await this.#readOn(name, partition);
    }
  }

  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#save());
    return this.#saving;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#unsubscribe();
    await this.save();
  }

  async #save(): Promise<void> {
    const producers = new Map([...this.#producers.takeChanges(), ...this.#requests.takeChanges()]);
    const advanced = this.#advanced;
    if (producers.size === 0 && advanced.size === 0) return;
    this.#advanced = new Set();
    const applied = new Map([...advanced].map((name) => [name, [...this.#applied.get(name)!]]));
    try {
      await this.#options.store.save({ applied, producers });
      this.#failing = false;
    } catch (error) {
      for (const key of producers.keys()) this.#knownOf(key).giveBack([key]);
      for (const name of advanced) this.#advanced.add(name);
      if (!this.#failing) {
        this.#options.log.warn("The checkpoint of event ids cannot be saved; the ids stay in the log", {
          reason: error instanceof Error ? error.message : String(error),
        });
      }
      this.#failing = true;
    }
  }

  async #readOn(name: string, partition: number): Promise<void> {
    const from = Math.max(this.#applied.get(name)?.[partition] ?? 0, this.#options.stream.startOffset(name, partition));
    // What is appended meanwhile is learned twice.
    this.#advance(name, partition, await this.#read(name, partition, from, Number.POSITIVE_INFINITY));
  }

  /** Learns what stands there; where it ended. */
  async #read(name: string, partition: number, from: number, until: number): Promise<number> {
    const { stream } = this.#options;
    let offset = from;
    while (offset < Math.min(until, stream.endOffset(name, partition))) {
      try {
        const batches = await stream.read(name, partition, offset, READ_LIMIT);
        if (batches.length === 0) break;
        for (const batch of batches) this.#learnIds(batch);
        const last = batches.at(-1)!;
        offset = last.baseOffset + last.ends.length;
      } catch (error) {
        // Ids of events that the log lost, or does not keep any more, are lost with them.
        const next = error instanceof MooseError ? (error.extra.nextOffset ?? error.extra.startOffset) : undefined;
        if (typeof next !== "number") throw error;
        offset = next;
      }
    }
    return offset;
  }

  /** Learns what became of appends that rejected. */
  async #resolveDoubts({ doubtful }: Producer): Promise<void> {
    const { stream } = this.#options;
    for (const name of [...doubtful]) {
      await stream.settle!(name);
      for (let partition = 0; partition < stream.partitions(name); partition++) await this.#readOn(name, partition);
      doubtful.delete(name);
    }
  }

  #knownOf(key: string): KnownProducers {
    return isRequestKey(key) ? this.#requests : this.#producers;
  }

  #learn(batch: RecordBatch): void {
    this.#learnIds(batch);
    const { stream, partition, baseOffset } = batch;
    // The checkpoint must not step over what was not read yet.
    if (baseOffset <= (this.#applied.get(stream)?.[partition] ?? 0)) {
      this.#advance(stream, partition, baseOffset + batch.ends.length);
    }
  }

  #learnIds({ stream, eventIds }: RecordBatch): void {
    if (eventIds === undefined) return;
    const model = modelOfStream(stream);
    for (const { producer, ranges } of eventIds) {
      const key = keyOf(model, producer);
      this.#knownOf(key).add(key, ranges);
    }
  }

  #advance(stream: string, partition: number, offset: number): void {
    let offsets = this.#applied.get(stream);
    if (offsets === undefined) {
      offsets = [];
      this.#applied.set(stream, offsets);
    }
    while (offsets.length <= partition) offsets.push(0);
    if (offsets[partition]! >= offset) return;
    offsets[partition] = offset;
    this.#advanced.add(stream);
  }
}

const keyOf = (model: string, producer: string): string => `${model}\n${producer}`;
const isRequestKey = (key: string): boolean => isRequest(key.slice(key.indexOf("\n") + 1));

const endOffsets = (log: StreamLog, stream: string): number[] =>
  Array.from({ length: log.partitions(stream) }, (_, partition) => log.endOffset(stream, partition));
