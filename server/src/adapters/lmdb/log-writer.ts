// Hot path: gathers appends and side writes, gives out offsets when their commit begins, and settles them when it is durable.
import { MooseError } from "../../model/errors.ts";
import type { NewRecords } from "../../model/record-batch.ts";
import { type PartitionShare, splitByPartition } from "../../model/split-by-partition.ts";
import type { AppendResult } from "../../ports/stream-log.ts";
import type { Log } from "../../telemetry/log.ts";
import { type CommitWork, GroupCommit } from "./group-commit.ts";
import { type OpenedLog, RESERVE_BYTES } from "./open-log.ts";
import { PendingAppends, type PendingBatch } from "./pending-appends.ts";
import { recordKey } from "./record-key.ts";
import type { RecordReader, StoredEnd } from "./record-reader.ts";
import type { Partition, StreamDirectory } from "./stream-directory.ts";

export interface LogWriterOptions {
  readonly path: string;
  readonly log: Log;
  readonly opened: OpenedLog;
  readonly directory: StreamDirectory;
  readonly reader: RecordReader;
  /** Other processes append, too: where a partition ends is known in the transaction only. */
  readonly shared: boolean;
  /** Called in offset order for each partition once the commit is durable. */
  readonly onAppended: (partition: Partition, place: { baseOffset: number; count: number }, stored: Buffer) => void;
  /** Called after each commit. */
  readonly onCommitted: () => void;
  readonly maxPendingBytes: number;
  readonly commitTimeoutMs?: number | undefined;
  readonly reserveBytes?: number | undefined;
}

/**
 * Runs in the transaction: reads what it needs, then puts, or says why it does not. It must not throw: what it put before that would stay.
 */
export type Step = () => MooseError | undefined;

/** Rows on their way, checked and sorted into their partitions, but not yet queued. */
export interface PreparedAppend {
  readonly stream: string;
  readonly shares: readonly PartitionShare[];
  readonly bytes: number;
}

/** A step, and appends that are stored with it or not at all. */
interface Task {
  readonly step: Step;
  readonly appends: ReadonlyMap<Partition, PendingAppends>;
  resolve(): void;
  reject(error: MooseError): void;
}

interface Appended {
  readonly partition: Partition;
  readonly batch: PendingBatch;
  readonly baseOffset: number;
  readonly bytesSoFar: number;
  readonly stored: Buffer;
}

/** What of a commit is settled together. */
interface Part {
  /** Set in the transaction when nothing of it was written. */
  refusal: MooseError | undefined;
  readonly batches: readonly { readonly partition: Partition; readonly batch: PendingBatch }[];
  readonly appended: Appended[];
  readonly task: Task | undefined;
}

const NOTHING: readonly AppendResult[] = [];

export class LogWriter {
  readonly #options: LogWriterOptions;
  readonly #commit: GroupCommit;
  #dirty = new Set<Partition>();
  #tasks: Task[] = [];
  #pendingBytes = 0;

  constructor(options: LogWriterOptions) {
    this.#options = options;
    this.#commit = new GroupCommit({
      root: options.opened.root,
      path: options.path,
      log: options.log,
      take: () => this.#takeWork(),
      commitTimeoutMs: options.commitTimeoutMs ?? 60_000,
      reserveBytes: options.reserveBytes ?? RESERVE_BYTES,
    });
  }

  /** Set once the log can no longer be written. */
  get failure(): MooseError | undefined {
    return this.#commit.failure;
  }

  /** Resolves when nothing is left to write. */
  drained(): Promise<void> {
    return this.#commit.drained();
  }

  /** Throws MooseError `unknown_stream`. */
  prepare(name: string, records: NewRecords, index: number | undefined): PreparedAppend {
    const { directory } = this.#options;
    const { bytes, ends } = records;
    if (ends.length > 0 && ends[ends.length - 1]! + 1 !== bytes.length) {
      throw new RangeError(`rows must end in "\\n": the last ends at ${ends.at(-1)} of ${bytes.length} bytes`);
    }
    if (index !== undefined) {
      directory.partition(name, index);
      const shares = ends.length === 0 ? [] : [{ partition: index, records }];
      return { stream: name, shares, bytes: bytes.length };
    }
    const stream = directory.stream(name);
    const shares = splitByPartition(records, stream.partitions.length, directory.nextTurn(stream));
    return { stream: name, shares, bytes: bytes.length };
  }

  /** Throws MooseError `overloaded` when so much waits already that `bytes` more would be over the bound. */
  mustHaveRoom(bytes: number): void {
    if (this.#pendingBytes === 0 || this.#pendingBytes + bytes <= this.#options.maxPendingBytes) return;
    throw new MooseError(
      "overloaded",
      `${this.#pendingBytes} bytes wait for the disk already, the limit is ${this.#options.maxPendingBytes}. Send again a little later.`,
      { retryAfterSeconds: 1 },
    );
  }

  append({ stream, shares, bytes }: PreparedAppend): Promise<readonly AppendResult[]> {
    if (shares.length === 0) return Promise.resolve(NOTHING);
    this.#pendingBytes += bytes;
    this.#commit.request();
    const add = <T>(share: PartitionShare, answer: (result: AppendResult) => T): Promise<T> => {
      const partition = this.#options.directory.partition(stream, share.partition);
      this.#dirty.add(partition);
      return new Promise((resolve, reject) =>
        partition.pending.add(share.records, (result) => resolve(answer(result)), reject),
      );
    };
    if (shares.length === 1) return add(shares[0]!, (result) => [result]);
    return Promise.all(shares.map((share) => add(share, (result) => result)));
  }

  /** Resolves when what the step put is durable; rejects with what it refused. */
  run(step: Step): Promise<void> {
    return this.#submit(step, new Map());
  }

  /** As `run`; the appends are stored with what the step put, or not at all. */
  async runWith(step: Step, prepared: readonly PreparedAppend[]): Promise<readonly (readonly AppendResult[])[]> {
    const appends = new Map<Partition, PendingAppends>();
    const results = prepared.map(({ stream, shares, bytes }) => {
      this.#pendingBytes += bytes;
      return Promise.all(
        shares.map(({ partition: index, records }) => {
          const partition = this.#options.directory.partition(stream, index);
          const pending = appends.get(partition) ?? new PendingAppends();
          appends.set(partition, pending);
          return new Promise<AppendResult>((resolve, reject) => pending.add(records, resolve, reject));
        }),
      );
    });
    const [stored] = await Promise.all([Promise.all(results), this.#submit(step, appends)]);
    return stored;
  }

  #submit(step: Step, appends: Task["appends"]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#tasks.push({ step, appends, resolve, reject });
      this.#commit.request();
    });
  }

  #takeWork(): CommitWork | undefined {
    if (this.#dirty.size === 0 && this.#tasks.length === 0) return undefined;
    const parts: Part[] = [];
    if (this.#dirty.size > 0) {
      parts.push(partOf([...this.#dirty].map((partition) => [partition, partition.pending])));
    }
    this.#dirty = new Set();
    for (const task of this.#tasks) parts.push(partOf(task.appends, task));
    this.#tasks = [];
    return {
      bytes: this.#pendingBytes,
      reads: this.#options.shared || parts.some(({ task }) => task !== undefined),
      write: () => {
        const ends = new Map<Partition, StoredEnd>();
        for (const part of parts) this.#write(part, ends);
      },
      settle: (error) => {
        for (const part of parts) this.#settle(part, part.refusal ?? error);
        if (error === undefined) this.#options.onCommitted();
      },
    };
  }

  /** Offsets are given out here, when no other commit is under way in any process: a commit that fails has used none up. */
  #write(part: Part, ends: Map<Partition, StoredEnd>): void {
    part.refusal = part.task?.step();
    if (part.refusal !== undefined) return;
    const { reader, opened, shared } = this.#options;
    for (const { partition, batch } of part.batches) {
      const { streamId, index } = partition;
      const before = ends.get(partition) ?? (shared ? reader.storedEnd(partition) : partition);
      const baseOffset = before.end;
      const stored = batch.builder.seal(baseOffset);
      const end = baseOffset + batch.builder.count;
      const bytesSoFar = before.bytesSoFar + stored.length;
      opened.records.put(recordKey({ streamId, partition: index, lastOffset: end - 1, bytesSoFar }), stored);
      ends.set(partition, { end, bytesSoFar });
      part.appended.push({ partition, batch, baseOffset, bytesSoFar, stored });
    }
  }

  #settle(part: Part, error: MooseError | undefined): void {
    if (error === undefined) {
      for (const { partition, batch, baseOffset, bytesSoFar, stored } of part.appended) {
        partition.bytesSoFar = bytesSoFar;
        this.#options.onAppended(partition, { baseOffset, count: batch.builder.count }, stored);
        for (const { firstRow, count, resolve } of batch.waiters) {
          resolve({ partition: partition.index, baseOffset: baseOffset + firstRow, count });
        }
      }
      part.task?.resolve();
    } else {
      for (const { batch } of part.batches) for (const { reject } of batch.waiters) reject(error);
      part.task?.reject(error);
    }
    for (const { batch } of part.batches) for (const { bytes } of batch.waiters) this.#pendingBytes -= bytes;
  }
}

function partOf(appends: Iterable<readonly [Partition, PendingAppends]>, task?: Task): Part {
  const batches: { partition: Partition; batch: PendingBatch }[] = [];
  for (const [partition, pending] of appends) {
    for (const batch of pending.takeAll()) batches.push({ partition, batch });
  }
  return { refusal: undefined, batches, appended: [], task };
}
