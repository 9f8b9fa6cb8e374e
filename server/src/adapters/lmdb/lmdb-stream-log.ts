// Hot path: the embedded stream. Record batches in LMDB, durable (fsync) when an append resolves.
import { mkdirSync } from "node:fs";
import type { Database, RootDatabase } from "lmdb";
import { open } from "lmdb";
import { hasRoom } from "../../lib/disk-room.ts";
import { MooseError } from "../../model/errors.ts";
import type { NewRecords, RecordBatch } from "../../model/record-batch.ts";
import type { AppendResult, GroupProgress, ReadLimit, StreamLog } from "../../ports/stream-log.ts";
import type { Log } from "../../telemetry/log.ts";
import { claimFolder } from "./folder-claim.ts";
import type { CommitWork, Put } from "./group-commit.ts";
import { GroupCommit } from "./group-commit.ts";
import { isFull, messageOf, noRoomFor, toAppendError } from "./lmdb-errors.ts";
import type { PendingBatch } from "./pending-appends.ts";
import { PendingAppends } from "./pending-appends.ts";
import { recordKey } from "./record-key.ts";
import type { StoredPartition } from "./record-reader.ts";
import { asBuffer, RecordReader } from "./record-reader.ts";
import { viewStoredBatch } from "./stored-batch.ts";

export interface LmdbStreamLogOptions {
  /** A folder; created when it is missing. */
  readonly path: string;
  readonly log: Log;
  /** Appended bytes that may wait for the disk before appends are refused with `overloaded`. Default 64 MiB. */
  readonly maxPendingBytes?: number;
  /** Default 60,000. */
  readonly commitTimeoutMs?: number;
  /** Appends are refused with `disk_full` when they would leave less than this free. Default 8 MiB. */
  readonly reserveBytes?: number;
}

const RESERVE_BYTES = 8 * 1024 * 1024;

interface Partition extends StoredPartition {
  readonly pending: PendingAppends;
}

interface Stream {
  readonly id: number;
  readonly partitions: Partition[];
  nextPartition: number;
}

interface SideWrite {
  readonly put: Put;
  resolve(): void;
  reject(error: MooseError): void;
}

type Bytes = Database<Buffer, Buffer>;

/**
 * Rejects with MooseError `data_folder_in_use` when another process has the log open, `disk_full` when its disk is, and
 * `log_unavailable` when it cannot be read.
 */
export async function openLmdbStreamLog(options: LmdbStreamLogOptions): Promise<StreamLog> {
  let root: RootDatabase<Buffer, Buffer>;
  try {
    // Opening writes, too.
    mkdirSync(options.path, { recursive: true });
    if (!hasRoom(options.path, 0, RESERVE_BYTES)) throw noRoomFor(0, RESERVE_BYTES);
    root = open<Buffer, Buffer>({
      path: options.path,
      noSubdir: false,
      encoding: "binary",
      keyEncoding: "binary",
      // With it a write resolves before the fsync (lmdb-js README, "overlappingSync"); an acknowledgement must not.
      overlappingSync: false,
      // GroupCommit gathers a turn of the event loop already; done twice, a failed commit also rejects a promise that nobody holds.
      eventTurnBatching: false,
      maxDbs: 8,
    });
  } catch (error) {
    if (await isFull(error, options.path, 0)) throw toAppendError(error, options.path, true);
    throw new MooseError("log_unavailable", `The log at ${options.path} cannot be opened: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  try {
    const release = claimFolder(root, options.path);
    return new LmdbStreamLog(options, root, release);
  } catch (error) {
    await root.close();
    throw error;
  }
}

class LmdbStreamLog implements StreamLog {
  readonly #log: Log;
  readonly #maxPendingBytes: number;
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #release: () => Promise<void>;
  readonly #records: Bytes;
  readonly #reader: RecordReader;
  readonly #streamIds: Bytes;
  readonly #progress: Bytes;
  readonly #schemas: Bytes;
  readonly #streams = new Map<string, Stream>();
  readonly #commit: GroupCommit;
  readonly #listeners = new Set<(batch: RecordBatch) => void>();
  #dirty = new Set<Partition>();
  #sideWrites: SideWrite[] = [];
  #pendingBytes = 0;
  #nextStreamId = 1;
  #closed: Promise<void> | undefined;

  constructor(options: LmdbStreamLogOptions, root: RootDatabase<Buffer, Buffer>, release: () => Promise<void>) {
    this.#log = options.log;
    this.#maxPendingBytes = options.maxPendingBytes ?? 64 * 1024 * 1024;
    this.#root = root;
    this.#release = release;
    const openDb = (name: string): Bytes =>
      root.openDB<Buffer, Buffer>({ name, encoding: "binary", keyEncoding: "binary" });
    this.#records = openDb("records");
    this.#reader = new RecordReader(this.#records, options.path);
    this.#streamIds = openDb("streams");
    this.#progress = openDb("progress");
    this.#schemas = openDb("schemas");
    this.#commit = new GroupCommit({
      root,
      path: options.path,
      log: options.log,
      take: () => this.#takeWork(),
      commitTimeoutMs: options.commitTimeoutMs ?? 60_000,
      reserveBytes: options.reserveBytes ?? RESERVE_BYTES,
    });
    for (const { key, value } of this.#streamIds.getRange({})) {
      const { id, partitions } = JSON.parse(value.toString("utf8")) as { id: number; partitions: number };
      this.#addStream(key.toString("utf8"), id, partitions);
      this.#nextStreamId = Math.max(this.#nextStreamId, id + 1);
    }
  }

  async ensureStream(name: string, { partitions }: { partitions: number }): Promise<void> {
    if (!Number.isInteger(partitions) || partitions < 1)
      throw new RangeError(`partitions must be at least 1, not ${partitions}`);
    const known = this.#streams.get(name);
    if (known !== undefined && known.partitions.length >= partitions) return;
    const id = known?.id ?? this.#nextStreamId++;
    await this.#write(this.#streamIds, Buffer.from(name), Buffer.from(JSON.stringify({ id, partitions })));
    this.#addStream(name, id, partitions);
  }

  streams(): readonly string[] {
    return [...this.#streams].sort(([, a], [, b]) => a.id - b.id).map(([name]) => name);
  }

  partitions(stream: string): number {
    return this.#stream(stream).partitions.length;
  }

  append(name: string, records: NewRecords, partition?: number): Promise<AppendResult> {
    try {
      return this.#append(name, records, partition);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async read(name: string, index: number, fromOffset: number, limit: ReadLimit): Promise<readonly RecordBatch[]> {
    const partition = this.#partition(name, index);
    this.#mustBeOpen();
    return this.#reader.read(partition, fromOffset, limit);
  }

  endOffset(stream: string, partition: number): number {
    return this.#partition(stream, partition).end;
  }

  onAppend(listener: (batch: RecordBatch) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async progress(group: string, stream: string, partition: number): Promise<GroupProgress> {
    this.#mustBeOpen();
    const stored = this.#progress.get(progressKey(group, stream, partition));
    return stored === undefined ? { committed: 0 } : (JSON.parse(asBuffer(stored).toString("utf8")) as GroupProgress);
  }

  saveProgress(group: string, stream: string, partition: number, progress: GroupProgress): Promise<void> {
    return this.#write(this.#progress, progressKey(group, stream, partition), Buffer.from(JSON.stringify(progress)));
  }

  async saveSchema(schemaId: string, spec: string): Promise<void> {
    if (this.schema(schemaId) === spec) return;
    await this.#write(this.#schemas, Buffer.from(schemaId), Buffer.from(spec));
  }

  schema(schemaId: string): string | undefined {
    this.#mustBeOpen();
    const stored = this.#schemas.get(Buffer.from(schemaId));
    return stored === undefined ? undefined : asBuffer(stored).toString("utf8");
  }

  writable(): boolean {
    return this.#closed === undefined && this.#commit.failure === undefined;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#commit.drained();
    this.#listeners.clear();
    // After a failure the claim stays: it names a process that is about to end, and is void once it has.
    if (this.#commit.failure === undefined) await this.#release();
    await this.#root.close();
  }

  #append(name: string, records: NewRecords, index: number | undefined): Promise<AppendResult> {
    this.#mustBeWritable();
    const partition = index === undefined ? this.#anyPartition(name) : this.#partition(name, index);
    const { bytes, ends } = records;
    const count = ends.length;
    if (count === 0) return Promise.resolve({ partition: partition.index, baseOffset: partition.end, count: 0 });
    if (ends[count - 1]! + 1 !== bytes.length) {
      throw new RangeError(`rows must end in "\\n": the last ends at ${ends[count - 1]} of ${bytes.length} bytes`);
    }
    if (this.#pendingBytes > 0 && this.#pendingBytes + bytes.length > this.#maxPendingBytes) {
      throw new MooseError(
        "overloaded",
        `${this.#pendingBytes} bytes wait for the disk already, the limit is ${this.#maxPendingBytes}. Send again a little later.`,
        { retryAfterSeconds: 1 },
      );
    }
    this.#pendingBytes += bytes.length;
    const result = new Promise<AppendResult>((resolve, reject) => partition.pending.add(records, resolve, reject));
    this.#dirty.add(partition);
    this.#commit.request();
    return result;
  }

  #write(db: Bytes, key: Buffer, value: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#mustBeWritable();
      this.#sideWrites.push({ put: { db, key, value }, resolve, reject });
      this.#commit.request();
    });
  }

  /** Offsets are given out here, so that a commit that fails has used none up. */
  #takeWork(): CommitWork | undefined {
    if (this.#dirty.size === 0 && this.#sideWrites.length === 0) return undefined;
    const puts: Put[] = [];
    const appended: { partition: Partition; batch: PendingBatch; baseOffset: number; stored: Buffer }[] = [];
    for (const partition of this.#dirty) {
      let next = partition.end;
      for (const batch of partition.pending.takeAll()) {
        const stored = batch.builder.seal(next);
        appended.push({ partition, batch, baseOffset: next, stored });
        next += batch.builder.count;
        puts.push({ db: this.#records, key: recordKey(partition.streamId, partition.index, next - 1), value: stored });
      }
    }
    this.#dirty = new Set();
    const sideWrites = this.#sideWrites;
    this.#sideWrites = [];
    for (const write of sideWrites) puts.push(write.put);
    return {
      puts,
      settle: (error) => {
        for (const { partition, batch, baseOffset, stored } of appended) {
          if (error === undefined) {
            partition.end = baseOffset + batch.builder.count;
            if (this.#listeners.size > 0) this.#announce(partition, stored);
          }
          for (const waiter of batch.waiters) {
            this.#pendingBytes -= waiter.bytes;
            if (error !== undefined) waiter.reject(error);
            else
              waiter.resolve({
                partition: partition.index,
                baseOffset: baseOffset + waiter.firstRow,
                count: waiter.count,
              });
          }
        }
        for (const write of sideWrites) {
          if (error === undefined) write.resolve();
          else write.reject(error);
        }
      },
    };
  }

  #announce(partition: Partition, stored: Buffer): void {
    const batch = viewStoredBatch(stored, partition.stream, partition.index);
    for (const listener of this.#listeners) {
      try {
        listener(batch);
      } catch (error) {
        this.#log.error("A listener of the stream threw", { stream: partition.stream, reason: messageOf(error) });
      }
    }
  }

  #addStream(name: string, id: number, count: number): void {
    const stream: Stream = this.#streams.get(name) ?? { id, partitions: [], nextPartition: 0 };
    for (let index = stream.partitions.length; index < count; index++) {
      stream.partitions.push({
        stream: name,
        streamId: id,
        index,
        end: this.#reader.storedEnd(id, index),
        pending: new PendingAppends(),
      });
    }
    this.#streams.set(name, stream);
  }

  #stream(name: string): Stream {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw new MooseError("unknown_stream", `There is no stream "${name}" in the log.`);
    return stream;
  }

  #partition(name: string, index: number): Partition {
    const partition = this.#stream(name).partitions[index];
    if (partition === undefined) throw new MooseError("unknown_stream", `Stream "${name}" has no partition ${index}.`);
    return partition;
  }

  #anyPartition(name: string): Partition {
    const stream = this.#stream(name);
    stream.nextPartition = (stream.nextPartition + 1) % stream.partitions.length;
    return stream.partitions[stream.nextPartition]!;
  }

  #mustBeOpen(): void {
    if (this.#closed !== undefined)
      throw new MooseError("log_unavailable", "The log is closed: the server is stopping.");
  }

  #mustBeWritable(): void {
    this.#mustBeOpen();
    if (this.#commit.failure !== undefined) throw this.#commit.failure;
  }
}

function progressKey(group: string, stream: string, partition: number): Buffer {
  return Buffer.from(`${group}\0${stream}\0${partition}`);
}
