// Hot path: gathers appends and side writes, gives out offsets when their commit begins, and settles them when it is durable.
import { MooseError } from "../../model/errors.ts";
import type { NewRecords, RecordBatch } from "../../model/record-batch.ts";
import { type PartitionShare, splitByPartition } from "../../model/split-by-partition.ts";
import type { AppendResult } from "../../ports/stream-log.ts";
import type { Log } from "../../telemetry/log.ts";
import { type CommitWork, GroupCommit, type Put } from "./group-commit.ts";
import { type OpenedLog, RESERVE_BYTES } from "./open-log.ts";
import type { PendingBatch } from "./pending-appends.ts";
import { recordKey } from "./record-key.ts";
import { viewStoredBatch } from "./stored-batch.ts";
import type { Partition, StreamDirectory } from "./stream-directory.ts";

export interface LogWriterOptions {
  readonly path: string;
  readonly log: Log;
  readonly opened: OpenedLog;
  readonly directory: StreamDirectory;
  /** Called in offset order for each partition, after the commit. Must not throw. */
  readonly onAppended: (batch: RecordBatch) => void;
  /** Whether anybody listens: else no batch is made. */
  readonly isHeard: () => boolean;
  readonly maxPendingBytes: number;
  readonly commitTimeoutMs?: number | undefined;
  readonly reserveBytes?: number | undefined;
}

/** Rows on their way, checked and sorted into their partitions, but not yet queued. */
export interface PreparedAppend {
  readonly stream: string;
  readonly shares: readonly PartitionShare[];
  readonly bytes: number;
}

interface SideWrite {
  readonly puts: readonly Put[];
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

const NOTHING: readonly AppendResult[] = [];

export class LogWriter {
  readonly #options: LogWriterOptions;
  readonly #commit: GroupCommit;
  #dirty = new Set<Partition>();
  #sideWrites: SideWrite[] = [];
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

  /** Everything that is queued in one turn of the event loop is in one commit. */
  append({ stream, shares, bytes }: PreparedAppend): Promise<readonly AppendResult[]> {
    if (shares.length === 0) return Promise.resolve(NOTHING);
    this.#pendingBytes += bytes;
    this.#commit.request();
    if (shares.length > 1) return Promise.all(shares.map((share) => this.#add(stream, share, (result) => result)));
    return this.#add(stream, shares[0]!, (result) => [result]);
  }

  write(puts: readonly Put[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#sideWrites.push({ puts, resolve, reject });
      this.#commit.request();
    });
  }

  #add<T>(stream: string, share: PartitionShare, answer: (result: AppendResult) => T): Promise<T> {
    const partition = this.#options.directory.partition(stream, share.partition);
    this.#dirty.add(partition);
    return new Promise((resolve, reject) =>
      partition.pending.add(share.records, (result) => resolve(answer(result)), reject),
    );
  }

  /** Offsets are given out here, so that a commit that fails has used none up. */
  #takeWork(): CommitWork | undefined {
    if (this.#dirty.size === 0 && this.#sideWrites.length === 0) return undefined;
    const puts: Put[] = [];
    const appended: Appended[] = [];
    for (const partition of this.#dirty) this.#number(partition, puts, appended);
    this.#dirty = new Set();
    const sideWrites = this.#sideWrites;
    this.#sideWrites = [];
    for (const write of sideWrites) puts.push(...write.puts);
    return {
      puts,
      settle: (error) => {
        for (const one of appended) this.#settle(one, error);
        for (const write of sideWrites) {
          if (error === undefined) write.resolve();
          else write.reject(error);
        }
      },
    };
  }

  #number(partition: Partition, puts: Put[], appended: Appended[]): void {
    const { streamId, index } = partition;
    let { end: next, bytesSoFar } = partition;
    for (const batch of partition.pending.takeAll()) {
      const stored = batch.builder.seal(next);
      bytesSoFar += stored.length;
      appended.push({ partition, batch, baseOffset: next, bytesSoFar, stored });
      next += batch.builder.count;
      const key = recordKey({ streamId, partition: index, lastOffset: next - 1, bytesSoFar });
      puts.push({ db: this.#options.opened.records, key, value: stored });
    }
  }

  #settle({ partition, batch, baseOffset, bytesSoFar, stored }: Appended, error: MooseError | undefined): void {
    if (error === undefined) {
      partition.end = baseOffset + batch.builder.count;
      partition.bytesSoFar = bytesSoFar;
      if (this.#options.isHeard()) {
        this.#options.onAppended(viewStoredBatch(stored, partition.stream, partition.index));
      }
    }
    for (const { firstRow, count, bytes, resolve, reject } of batch.waiters) {
      this.#pendingBytes -= bytes;
      if (error !== undefined) reject(error);
      else resolve({ partition: partition.index, baseOffset: baseOffset + firstRow, count });
    }
  }
}
