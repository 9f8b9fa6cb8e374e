// Hot path: which event ids were stored. A view on the log, kept in memory with checkpoints on the disk; a claim of new ids is a few steps for a batch.

import { MooseError } from "../model/errors.ts";
import { type EventIds, rangesOf, type SequenceRanges } from "../model/event-ids.ts";
import { modelOfStream } from "../model/manifest.ts";
import type { RecordBatch } from "../model/record-batch.ts";
import type { SequenceSet } from "../model/sequence-set.ts";
import type { EventIdCheckpoint, EventIdStore } from "../ports/event-id-store.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { Log } from "../telemetry/log.ts";
import {
  type ClaimedNumbers,
  defaultProducerLimits,
  KnownProducers,
  type Producer,
  type ProducerLimits,
} from "./known-producers.ts";

export interface EventIdIndexOptions {
  readonly stream: StreamLog;
  readonly store: EventIdStore;
  readonly log: Log;
  readonly limits?: Partial<ProducerLimits>;
  readonly now?: () => number;
}

export interface IdClaim {
  /** Indexes of the rows that are new; undefined when all are. */
  readonly fresh: Uint32Array | undefined;
  /** Of the rows that are new. */
  readonly ids: EventIds;
  readonly duplicates: number;
  /** To be called once, when the rows are durable or are known not to be; or may be, in the stream to which they were appended. */
  settle(stored: boolean, doubtfulIn?: string): void;
}

export interface EventIdIndex {
  /**
   * Which rows were not stored yet. They belong to the caller until it settles the claim; whoever claims one of them meanwhile waits for that.
   * Rejects with MooseError `log_unavailable` when it cannot be said now what became of rows that the producer sent before.
   */
  claim(model: string, ids: EventIds): Promise<IdClaim>;
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
  if (checkpoint === undefined) {
    const applied = new Map(stream.streams().map((name) => [name, endOffsets(stream, name)]));
    checkpoint = { applied, producers: new Map() };
    await store.save(checkpoint);
  }
  const index = new LogEventIdIndex(options, checkpoint);
  await index.readLog();
  return index;
}

class LogEventIdIndex implements EventIdIndex {
  readonly #options: EventIdIndexOptions;
  readonly #producers: KnownProducers;
  readonly #applied = new Map<string, number[]>();
  #advanced = new Set<string>();
  #saving: Promise<void> = Promise.resolve();
  #failing = false;
  readonly #timer: NodeJS.Timeout;
  readonly #unsubscribe: () => void;

  constructor(options: EventIdIndexOptions, { applied, producers }: EventIdCheckpoint) {
    this.#options = options;
    const limits = { ...defaultProducerLimits, ...options.limits };
    this.#producers = new KnownProducers(limits, options.now ?? Date.now, producers);
    for (const [name, offsets] of applied) this.#applied.set(name, [...offsets]);
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

  async claim(model: string, ids: EventIds): Promise<IdClaim> {
    const key = keyOf(model, ids.producer);
    const ranges = rangesOf(ids);
    let producer = this.#producers.use(key);
    for (;;) {
      const other = overlapping(producer, ranges);
      if (other !== undefined) await other.settled;
      else if (producer.doubtful.size > 0) await this.#resolveDoubts(producer);
      else break;
      producer = this.#producers.use(key);
    }
    const found = freshRows(producer.seen, ids, ranges);
    let done!: () => void;
    const claimed = { ranges: found.ranges, settled: new Promise<void>((resolve) => (done = resolve)) };
    const { claims } = producer;
    claims.add(claimed);
    return {
      fresh: found.fresh,
      ids: found.ids,
      duplicates: found.duplicates,
      settle: (stored, doubtfulIn) => {
        claims.delete(claimed);
        if (doubtfulIn !== undefined && this.#options.stream.settle !== undefined) producer.doubtful.add(doubtfulIn);
        if (stored) this.#producers.add(key, found.ranges);
        done();
      },
    };
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
    const producers = this.#producers.takeChanges();
    const advanced = this.#advanced;
    if (producers.size === 0 && advanced.size === 0) return;
    this.#advanced = new Set();
    const applied = new Map([...advanced].map((name) => [name, [...this.#applied.get(name)!]]));
    try {
      await this.#options.store.save({ applied, producers });
      this.#failing = false;
    } catch (error) {
      this.#producers.giveBack(producers);
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
    const { stream } = this.#options;
    let offset = Math.max(this.#applied.get(name)?.[partition] ?? 0, stream.startOffset(name, partition));
    // What is appended meanwhile is learned twice.
    while (offset < stream.endOffset(name, partition)) {
      try {
        const batches = await stream.read(name, partition, offset, READ_LIMIT);
        if (batches.length === 0) break;
        for (const batch of batches) this.#learnIds(batch);
        const last = batches.at(-1)!;
        offset = last.baseOffset + last.ends.length;
      } catch (error) {
        // Ids of events that the log lost are lost with them.
        if (!(error instanceof MooseError) || typeof error.extra.nextOffset !== "number") throw error;
        offset = error.extra.nextOffset;
      }
    }
    this.#advance(name, partition, offset);
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
    for (const { producer, ranges } of eventIds) this.#producers.add(keyOf(model, producer), ranges);
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

function overlapping({ claims }: Producer, ranges: SequenceRanges): ClaimedNumbers | undefined {
  for (const claimed of claims) if (haveCommon(claimed.ranges, ranges)) return claimed;
  return undefined;
}

/** Both ascend. */
function haveCommon(one: SequenceRanges, other: SequenceRanges): boolean {
  for (let a = 0, b = 0; a < one.length && b < other.length; ) {
    if (one[a]![1] < other[b]![0]) a++;
    else if (other[b]![1] < one[a]![0]) b++;
    else return true;
  }
  return false;
}

interface FreshRows extends Pick<IdClaim, "fresh" | "ids" | "duplicates"> {
  readonly ranges: SequenceRanges;
}

function freshRows(seen: SequenceSet, ids: EventIds, ranges: SequenceRanges): FreshRows {
  const allFresh: FreshRows = { fresh: undefined, ids, duplicates: 0, ranges };
  if (ranges.length === 0 || !seen.overlaps(ranges[0]![0], ranges.at(-1)![1])) return allFresh;
  const { producer, sequences } = ids;
  const rows: number[] = [];
  for (let row = 0; row < sequences.length; row++) if (!seen.has(sequences[row]!)) rows.push(row);
  if (rows.length === sequences.length) return allFresh;
  const rest: EventIds = { producer, sequences: Float64Array.from(rows, (row) => sequences[row]!) };
  return {
    fresh: Uint32Array.from(rows),
    ids: rest,
    duplicates: sequences.length - rows.length,
    ranges: rangesOf(rest),
  };
}

const endOffsets = (log: StreamLog, stream: string): number[] =>
  Array.from({ length: log.partitions(stream) }, (_, partition) => log.endOffset(stream, partition));
