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
  UnusedGroup,
} from "../../ports/stream-log.ts";
import type { Log } from "../../telemetry/log.ts";
import { AppendFeed } from "./append-feed.ts";
import { ConsumerGroups } from "./consumer-groups.ts";
import { GroupLeases } from "./group-leases.ts";
import { GroupStore } from "./group-store.ts";
import { LogFollower } from "./log-follower.ts";
import { LogVersions } from "./log-versions.ts";
import { LogWriter, type Step } from "./log-writer.ts";
import { type OpenedLog, openLog } from "./open-log.ts";
import { ProcessRegistry } from "./process-registry.ts";
import { asBuffer, RecordReader } from "./record-reader.ts";
import { StreamDirectory } from "./stream-directory.ts";
import { trimPartition } from "./trim-partition.ts";
import { UnusedGroups } from "./unused-groups.ts";

export interface LmdbStreamLogOptions {
  /** A folder; created when it is missing. */
  readonly path: string;
  readonly log: Log;
  /** Other processes may have the folder open, too; all of them say so. Default: it is this process's alone. */
  readonly shared?: boolean;
  /** Appended bytes that may wait for the disk before appends are refused with `overloaded`. Default 64 MiB. */
  readonly maxPendingBytes?: number;
  /** Default 60,000. */
  readonly commitTimeoutMs?: number;
  /** Appends are refused with `disk_full` when they would leave less than this free. Default 8 MiB. */
  readonly reserveBytes?: number;
  /** How long a member of a group may take to stop with a partition before it is given away. Default 10,000. */
  readonly revokeLimitMs?: number;
  /** A process that gives no sign of life for so long loses its partitions to others. Default 10,000. */
  readonly expiryMs?: number;
}

const PENDING_BYTES = 64 * 1024 * 1024;
const REVOKE_LIMIT_MS = 10_000;
const EXPIRY_MS = 10_000;

/**
 * Rejects with MooseError `data_folder_in_use` when a process has the log open and does not share it, or this one would not;
 * `disk_full` when its disk is, and `log_unavailable` when it cannot be read.
 */
export async function openLmdbStreamLog(options: LmdbStreamLogOptions): Promise<StreamLog> {
  const opened = await openLog(options.path);
  const registry = new ProcessRegistry(opened.processes, {
    shared: options.shared ?? false,
    expiryMs: options.expiryMs ?? EXPIRY_MS,
    nowMs: () => performance.now(),
  });
  try {
    registry.register(opened.root, options.path);
    return new LmdbStreamLog(options, opened, registry);
  } catch (error) {
    await opened.root.close();
    throw error;
  }
}

class LmdbStreamLog implements StreamLog {
  readonly #opened: OpenedLog;
  readonly #registry: ProcessRegistry;
  readonly #versions: LogVersions;
  readonly #reader: RecordReader;
  readonly #directory: StreamDirectory;
  readonly #feed: AppendFeed;
  readonly #writer: LogWriter;
  readonly #leases: GroupLeases;
  readonly #groups: ConsumerGroups;
  readonly #groupStore: GroupStore;
  readonly #unusedGroups: UnusedGroups;
  readonly #follower: LogFollower | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: LmdbStreamLogOptions, opened: OpenedLog, registry: ProcessRegistry) {
    const { path, log } = options;
    this.#opened = opened;
    this.#registry = registry;
    this.#versions = new LogVersions(opened.versions);
    this.#reader = new RecordReader(opened, path);
    this.#directory = new StreamDirectory({ reader: this.#reader, opened, versions: this.#versions });
    this.#feed = new AppendFeed(this.#reader, log);
    this.#writer = new LogWriter({
      path,
      log,
      opened,
      directory: this.#directory,
      reader: this.#reader,
      shared: options.shared ?? false,
      onAppended: (partition, place, stored) => this.#feed.appended(partition, place, stored),
      onCommitted: () => this.#follower?.committed(),
      maxPendingBytes: options.maxPendingBytes ?? PENDING_BYTES,
      commitTimeoutMs: options.commitTimeoutMs,
      reserveBytes: options.reserveBytes,
    });
    this.#leases = new GroupLeases({
      opened,
      process: registry.id,
      partitionsOf: (stream) => this.#directory.find(stream)?.partitions.length ?? 0,
      isLive: (process) => registry.isLive(process),
      versions: this.#versions,
    });
    this.#groups = new ConsumerGroups({
      leases: this.#leases,
      process: registry.id,
      run: (step) => this.#run(step),
      revokeLimitMs: options.revokeLimitMs ?? REVOKE_LIMIT_MS,
      log,
    });
    this.#groupStore = new GroupStore(opened.progress, log);
    this.#unusedGroups = new UnusedGroups({
      opened,
      store: this.#groupStore,
      leases: this.#leases,
      run: (step) => this.#run(step),
    });
    if (options.shared === true) {
      this.#follower = new LogFollower({
        folder: path,
        registry,
        run: (step) => this.#run(step),
        look: () => this.#look(),
        onProcesses: () => this.#groups.changed(),
        log,
      });
    }
  }

  async ensureStream(name: string, { partitions }: { partitions: number }): Promise<void> {
    if (!Number.isInteger(partitions) || partitions < 1)
      throw new RangeError(`partitions must be at least 1, not ${partitions}`);
    const known = this.#directory.find(name);
    if (known !== undefined && known.partitions.length >= partitions) return;
    await this.#run(() => {
      this.#directory.ensure(name, partitions);
      return undefined;
    });
    if (this.#directory.look()) this.#groups.changed();
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
    return this.#feed.listen(listener);
  }

  async progress(group: string, stream: string, partition: number): Promise<GroupProgress> {
    this.#mustBeOpen();
    // Whoever takes a partition over has to find all that went with its progress.
    if (this.#follower !== undefined) this.#look();
    return this.#groupStore.progress(group, { stream, partition });
  }

  async saveProgress(group: string, stream: string, partition: number, progress: GroupProgress): Promise<void> {
    await this.commit(group, { stream, partition, progress, appends: [] });
  }

  async commit(group: string, commit: ProgressCommit): Promise<readonly (readonly AppendResult[])[]> {
    this.#mustBeWritable();
    const { stream, partition, progress } = commit;
    this.#directory.partition(stream, partition);
    const prepared = commit.appends.map((append) =>
      this.#writer.prepare(append.stream, append.records, append.partition),
    );
    this.#writer.mustHaveRoom(prepared.reduce((sum, { bytes }) => sum + bytes, 0));
    const results = await this.#writer.runWith(() => {
      if (!this.#leases.holds(group, commit)) return fenced(group, commit);
      this.#groupStore.put(group, commit, progress);
      return undefined;
    }, prepared);
    this.#groupStore.advanced(group, commit, progress.committed);
    return results;
  }

  onProgress(group: string, listener: ProgressListener): () => void {
    return this.#groupStore.onProgress(group, listener);
  }

  async groups(): Promise<readonly string[]> {
    this.#mustBeOpen();
    return this.#groupStore.groups();
  }

  async unusedGroups(
    isExpected: (group: string, stream: string) => boolean,
    nowMs: number,
  ): Promise<readonly UnusedGroup[]> {
    this.#mustBeOpen();
    return this.#unusedGroups.look(isExpected, nowMs);
  }

  forgetGroup(group: string, stream: string): Promise<boolean> {
    return this.#unusedGroups.forget(group, stream);
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
      versions: this.#versions,
      run: (step) => this.#run(step),
    });
  }

  async size(name: string): Promise<{ readonly bytes: number }> {
    this.#mustBeOpen();
    const { partitions } = this.#directory.stream(name);
    return { bytes: partitions.reduce((sum, partition) => sum + this.#reader.bytesOf(partition), 0) };
  }

  async saveSchema(schemaId: string, spec: string): Promise<void> {
    if (this.schema(schemaId) === spec) return;
    await this.#run(() => {
      this.#opened.schemas.put(Buffer.from(schemaId), Buffer.from(spec));
      return undefined;
    });
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
    this.#feed.clear();
    // After a failure the entry stays: it names a process that is about to end, and is void once it has.
    if (this.#writer.failure === undefined) {
      await this.#writer.run(() => this.#registry.leave()).catch(() => {});
    }
    this.#follower?.close();
    await this.#opened.root.close();
  }

  async #run(step: Step): Promise<void> {
    this.#mustBeWritable();
    await this.#writer.run(step);
  }

  #look(): void {
    this.#opened.root.resetReadTxn();
    const grown = this.#directory.look();
    this.#feed.look(this.#directory.partitions());
    this.#groupStore.look();
    if (this.#versions.moved("leases") || grown) this.#groups.changed();
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

function fenced(group: string, { stream, partition }: ProgressCommit): MooseError {
  return new MooseError(
    "fenced",
    `Partition ${partition} of stream "${stream}" is not, or no longer, this process's in the group "${group}".`,
  );
}
