// The embedded stream: record batches in LMDB, durable (fsync) when an append resolves.
import { MooseError } from "../../model/errors.ts";
import type { NewRecords, RecordBatch } from "../../model/record-batch.ts";
import type {
  AppendResult,
  GroupMember,
  GroupMembership,
  GroupProgress,
  ProgressCommit,
  ProgressListener,
  ReadLimit,
  StreamLog,
} from "../../ports/stream-log.ts";
import type { Log } from "../../telemetry/log.ts";
import { ConsumerGroups } from "./consumer-groups.ts";
import type { Put } from "./group-commit.ts";
import { GroupStore } from "./group-store.ts";
import { messageOf } from "./lmdb-errors.ts";
import { LogWriter } from "./log-writer.ts";
import { type OpenedLog, openLog } from "./open-log.ts";
import { asBuffer, RecordReader } from "./record-reader.ts";
import { StreamDirectory } from "./stream-directory.ts";
import { trimmedTo, trimPartition } from "./trim-partition.ts";

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
  /** How long a member of a group may take to stop with a partition before it is given away. Default 10,000. */
  readonly revokeLimitMs?: number;
}

const PENDING_BYTES = 64 * 1024 * 1024;
const REVOKE_LIMIT_MS = 10_000;

/**
 * Rejects with MooseError `data_folder_in_use` when another process has the log open, `disk_full` when its disk is, and
 * `log_unavailable` when it cannot be read.
 */
export async function openLmdbStreamLog(options: LmdbStreamLogOptions): Promise<StreamLog> {
  return new LmdbStreamLog(options, await openLog(options.path));
}

class LmdbStreamLog implements StreamLog {
  readonly #log: Log;
  readonly #opened: OpenedLog;
  readonly #reader: RecordReader;
  readonly #directory: StreamDirectory;
  readonly #writer: LogWriter;
  readonly #groups: ConsumerGroups;
  readonly #groupStore: GroupStore;
  readonly #listeners = new Set<(batch: RecordBatch) => void>();
  #nextStreamId = 1;
  #closed: Promise<void> | undefined;

  constructor(options: LmdbStreamLogOptions, opened: OpenedLog) {
    this.#log = options.log;
    this.#opened = opened;
    this.#reader = new RecordReader(opened.records, options.path);
    this.#directory = new StreamDirectory(this.#reader, (streamId, index) => trimmedTo(opened, streamId, index));
    this.#writer = new LogWriter({
      path: options.path,
      log: options.log,
      opened,
      directory: this.#directory,
      isHeard: () => this.#listeners.size > 0,
      onAppended: (batch) => this.#announce(batch),
      maxPendingBytes: options.maxPendingBytes ?? PENDING_BYTES,
      commitTimeoutMs: options.commitTimeoutMs,
      reserveBytes: options.reserveBytes,
    });
    this.#groups = new ConsumerGroups({
      partitionsOf: (stream) => this.partitions(stream),
      revokeLimitMs: options.revokeLimitMs ?? REVOKE_LIMIT_MS,
      log: options.log,
    });
    this.#groupStore = new GroupStore(opened.progress, options.log);
    for (const { key, value } of opened.streams.getRange({})) {
      const { id, partitions } = JSON.parse(value.toString("utf8")) as { id: number; partitions: number };
      this.#directory.add(key.toString("utf8"), id, partitions);
      this.#nextStreamId = Math.max(this.#nextStreamId, id + 1);
    }
  }

  async ensureStream(name: string, { partitions }: { partitions: number }): Promise<void> {
    if (!Number.isInteger(partitions) || partitions < 1)
      throw new RangeError(`partitions must be at least 1, not ${partitions}`);
    const known = this.#directory.find(name);
    if (known !== undefined && known.partitions.length >= partitions) return;
    const id = known?.id ?? this.#nextStreamId++;
    await this.#put(this.#opened.streams, Buffer.from(name), JSON.stringify({ id, partitions }));
    this.#directory.add(name, id, partitions);
    this.#groups.grown();
  }

  streams(): readonly string[] {
    return this.#directory.names();
  }

  partitions(stream: string): number {
    return this.#directory.stream(stream).partitions.length;
  }

  async append(name: string, records: NewRecords, partition?: number): Promise<readonly AppendResult[]> {
    this.#mustBeWritable();
    const prepared = this.#writer.prepare(name, records, partition);
    this.#writer.mustHaveRoom(prepared.bytes);
    return this.#writer.append(prepared);
  }

  async read(name: string, index: number, fromOffset: number, limit: ReadLimit): Promise<readonly RecordBatch[]> {
    const partition = this.#directory.partition(name, index);
    this.#mustBeOpen();
    return this.#reader.read(partition, fromOffset, limit);
  }

  startOffset(stream: string, partition: number): number {
    return this.#directory.partition(stream, partition).start;
  }

  endOffset(stream: string, partition: number): number {
    return this.#directory.partition(stream, partition).end;
  }

  onAppend(listener: (batch: RecordBatch) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async progress(group: string, stream: string, partition: number): Promise<GroupProgress> {
    this.#mustBeOpen();
    return this.#groupStore.progress(group, { stream, partition });
  }

  async saveProgress(group: string, stream: string, partition: number, progress: GroupProgress): Promise<void> {
    await this.commit(group, { stream, partition, progress, appends: [] });
  }

  async commit(group: string, commit: ProgressCommit): Promise<readonly (readonly AppendResult[])[]> {
    this.#mustBeWritable();
    this.#mustHold(group, commit);
    const prepared = commit.appends.map(({ stream, records, partition }) =>
      this.#writer.prepare(stream, records, partition),
    );
    this.#writer.mustHaveRoom(prepared.reduce((sum, { bytes }) => sum + bytes, 0));
    const { progress } = commit;
    const saved = this.#writer.write([this.#groupStore.put(group, commit, progress)]);
    const [results] = await Promise.all([
      Promise.all(prepared.map((append) => this.#writer.append(append))),
      saved.then(() => this.#groupStore.advanced(group, commit, progress.committed)),
    ]);
    return results;
  }

  onProgress(group: string, listener: ProgressListener): () => void {
    return this.#groupStore.onProgress(group, listener);
  }

  async groups(): Promise<readonly string[]> {
    this.#mustBeOpen();
    return this.#groupStore.groups();
  }

  async join(group: string, member: GroupMember): Promise<GroupMembership> {
    this.#mustBeOpen();
    return this.#groups.join(group, member);
  }

  async trim(stream: string, index: number, beforeOffset: number): Promise<void> {
    const partition = this.#directory.partition(stream, index);
    await trimPartition({
      partition,
      beforeOffset,
      reader: this.#reader,
      opened: this.#opened,
      write: (puts) => this.#write(puts),
    });
  }

  async size(name: string): Promise<{ readonly bytes: number }> {
    this.#mustBeOpen();
    const { partitions } = this.#directory.stream(name);
    return { bytes: partitions.reduce((sum, partition) => sum + this.#reader.bytesOf(partition), 0) };
  }

  async saveSchema(schemaId: string, spec: string): Promise<void> {
    if (this.schema(schemaId) === spec) return;
    await this.#put(this.#opened.schemas, Buffer.from(schemaId), spec);
  }

  schema(schemaId: string): string | undefined {
    this.#mustBeOpen();
    const stored = this.#opened.schemas.get(Buffer.from(schemaId));
    return stored === undefined ? undefined : asBuffer(stored).toString("utf8");
  }

  writable(): boolean {
    return this.#closed === undefined && this.#writer.failure === undefined;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#writer.drained();
    this.#listeners.clear();
    // After a failure the claim stays: it names a process that is about to end, and is void once it has.
    if (this.#writer.failure === undefined) await this.#opened.release();
    await this.#opened.root.close();
  }

  #put(db: Put["db"], key: Buffer, text: string): Promise<void> {
    return this.#write([{ db, key, value: Buffer.from(text) }]);
  }

  async #write(puts: readonly Put[]): Promise<void> {
    this.#mustBeWritable();
    await this.#writer.write(puts);
  }

  #announce(batch: RecordBatch): void {
    for (const listener of this.#listeners) {
      try {
        listener(batch);
      } catch (error) {
        this.#log.error("A listener of the stream threw", { stream: batch.stream, reason: messageOf(error) });
      }
    }
  }

  #mustHold(group: string, { stream, partition }: ProgressCommit): void {
    this.#directory.partition(stream, partition);
    if (this.#groups.holds(group, { stream, partition })) return;
    throw new MooseError(
      "fenced",
      `Partition ${partition} of stream "${stream}" is not, or no longer, this process's in the group "${group}".`,
    );
  }

  #mustBeOpen(): void {
    if (this.#closed !== undefined)
      throw new MooseError("log_unavailable", "The log is closed: the server is stopping.");
  }

  #mustBeWritable(): void {
    this.#mustBeOpen();
    if (this.#writer.failure !== undefined) throw this.#writer.failure;
  }
}
