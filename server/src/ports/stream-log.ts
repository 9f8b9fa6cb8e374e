// The durable, partitioned log of each model's events. Adapters: lmdb (embedded); kafka (production).
import type { ByteArena } from "../lib/byte-arena.ts";
import type { NewRecords, RecordBatch } from "../model/record-batch.ts";
import type { ClaimedRows, RowClaim } from "../model/row-claim.ts";

export interface AppendResult {
  readonly partition: number;
  /** Rows of one append in one partition have consecutive offsets, in the order in which they came. */
  readonly baseOffset: number;
  readonly count: number;
}

/** Where a consumer group stands in one partition. */
export interface GroupProgress {
  /** Everything below is done. */
  readonly committed: number;
  /** A range that was recorded before it was inserted: on restart exactly this range is replayed. */
  readonly pending?: { readonly first: number /** Exclusive. */; readonly last: number };
  /** What the group counts, from its first event on: kept as it is, up to 2 KB as JSON. */
  readonly account?: Readonly<Record<string, number>>;
}

export interface JoinOptions {
  /**
   * The member saves progress by `commit`. From the moment on that it reads the progress of a partition it holds, nobody who held it
   * before can commit any more.
   */
  readonly commits?: boolean;
}

/** Progress and appends that are stored together or not at all. */
export interface ProgressCommit extends StreamPartition {
  readonly progress: GroupProgress;
  readonly appends: readonly { readonly stream: string; readonly records: NewRecords; readonly partition?: number }[];
}

export interface StreamPartition {
  readonly stream: string;
  readonly partition: number;
}

/** What a consumer group tells one of its members. */
export interface GroupMember {
  /** Begin with these: progress is read after this call. Always before `revoked` of the same partitions. Must not throw. */
  assigned(partitions: readonly StreamPartition[]): void;
  /**
   * Stop with these. Resolves once nothing more will be written for them. Over the adapter's limit they are given away all the same,
   * and `saveProgress` rejects with `fenced` from then on.
   */
  revoked(partitions: readonly StreamPartition[]): Promise<void>;
}

export interface GroupMembership {
  /** Replaces the streams that the member takes part in. Resolves when its first share of them was assigned; there may be none. */
  follow(streams: readonly string[]): Promise<void>;
  /** Gives all partitions away, `revoked` first, and ends the membership. Safe to call twice. */
  leave(): Promise<void>;
}

/** Progress that nobody goes on with. */
export interface UnusedGroup {
  readonly group: string;
  readonly stream: string;
  /** When that was found first, ms since 1970. */
  readonly sinceMs: number;
}

export interface StreamLog {
  /** Whether offsets may hold no event, since a commit takes one in each partition that it writes to. Absent: never. */
  leavesGaps?(): boolean;
  /**
   * Creates the stream if it is new. Must be called once before append or read. More partitions than there are: the stream grows, and
   * the order of a key's events holds only among those appended after that. Never fewer.
   */
  ensureStream(stream: string, options: { partitions: number }): Promise<void>;
  /** Every stream that was ever made, oldest first: the order stays. */
  streams(): readonly string[];
  partitions(stream: string): number;
  /**
   * One result for each partition that got rows, ascending. Rows go by their keys, or all to `partition` if it is given.
   * Resolves when the records are durable (fsync, or acks=all). Appends under way at the same time share one commit.
   * Embedded it is all or nothing; on Kafka the rows of some partitions may have been stored when it rejects.
   * Rejects with MooseError `overloaded`, when nothing was stored, `disk_full` or `log_unavailable`: then nothing is acknowledged.
   */
  append(stream: string, records: NewRecords, partition?: number): Promise<readonly AppendResult[]>;
  /**
   * Batches from the one that holds `fromOffset` (cut to start there) up to a limit. Empty at the end of the log.
   * Rejects with MooseError `offset_trimmed` below `startOffset` (`extra.startOffset` says where reading can go on), and with
   * `log_unavailable` where the log is damaged (`extra.nextOffset` says it there).
   */
  read(stream: string, partition: number, fromOffset: number, limit: ReadLimit): Promise<readonly RecordBatch[]>;
  /** The oldest offset that can be read. */
  startOffset(stream: string, partition: number): number;
  /** After the last event, as far as this process knows: everything below is durable. Offsets below may hold none (transactions of Kafka). */
  endOffset(stream: string, partition: number): number;
  /**
   * Resolves when no append to the stream that has rejected here can be stored any more, and `endOffset` is the end as the log itself has
   * it: what lies below is all there will be of those appends. Rejects with MooseError `log_unavailable` when that cannot be said now.
   * A log that has no such method stores nothing of an append that rejects.
   */
  settle?(stream: string): Promise<void>;
  /**
   * Claims numbered rows before they are appended: of several processes that do so one stores each row. Resolves when whoever claimed one of
   * them before has settled, or can store none of them any more. Rejects with MooseError `log_unavailable`.
   * Where a log has no such method, a process goes by what it has seen in the log.
   */
  claim?(rows: ClaimedRows): Promise<RowClaim>;
  /**
   * Called after each durable append of any process, once this process knows of it, in offset order for each partition.
   * Listeners must not throw or block.
   */
  onAppend(listener: (batch: RecordBatch) => void): () => void;
  /** What was appended before the progress was saved, by any process, can be read here once it resolves. */
  progress(group: string, stream: string, partition: number): Promise<GroupProgress>;
  /** Durable when it resolves. Rejects with MooseError `fenced` when this process does not hold the partition, or not any more. */
  saveProgress(group: string, stream: string, partition: number, progress: GroupProgress): Promise<void>;
  /**
   * Appends and saves progress in one durable commit, all or nothing: what was read here is answered there exactly once. Rejects as
   * `saveProgress` and `append` do, with nothing stored; only after `log_unavailable` it may have been stored, and the same commit (with
   * the same `appends`) tried again settles that. On Kafka the rows can be read a moment after it has resolved.
   */
  commit(group: string, commit: ProgressCommit): Promise<readonly (readonly AppendResult[])[]>;
  /** Tells of each advance of a group's committed offset, saved by this process or another. Listeners must not throw or block. */
  onProgress(group: string, listener: ProgressListener): () => void;
  /** Every group that ever saved progress on this log, and was not forgotten. */
  groups(): Promise<readonly string[]>;
  /**
   * Which groups have progress in a stream that no member of theirs follows, in any process, and that `isExpected` does not ask for either;
   * with when that was found first: `nowMs` is kept, durably. A log whose groups expire by themselves (Kafka) has no such method.
   */
  unusedGroups?(isExpected: (group: string, stream: string) => boolean, nowMs: number): Promise<readonly UnusedGroup[]>;
  /** Forgets a group's progress in a stream. False, and nothing happens, when a member follows the stream. Durable when it resolves. */
  forgetGroup?(group: string, stream: string): Promise<boolean>;
  /** Takes part in a group: each partition of the streams that it follows has one holder at a time, among all processes. */
  join(group: string, member: GroupMember, options?: JoinOptions): Promise<GroupMembership>;
  /** Frees what is below; offsets stay as they are. Above the end it stops there. Durable when it resolves. */
  trim(stream: string, partition: number, beforeOffset: number): Promise<void>;
  /** About how many bytes the stream's events take, for metrics. */
  size(stream: string): Promise<{ readonly bytes: number }>;
  /** Schemas by id, so that batches accepted under an older schema can still be encoded. Durable when it resolves. */
  saveSchema(schemaId: string, spec: string): Promise<void>;
  schema(schemaId: string): string | undefined;
  /** False once a failure or the close means that no append will be accepted any more. */
  writable(): boolean;
  /** Waits for appends under way, then closes. Safe to call twice. */
  close(): Promise<void>;
}

export type ProgressListener = (stream: string, partition: number, committed: number) => void;

export interface ReadLimit {
  readonly maxBytes: number;
  readonly maxRecords: number;
  /** Exclusive end; the last batch is cut to it. Used to replay a recorded range. */
  readonly untilOffset?: number;
  /** The batches' bytes may be put here: they are good until it is given back. Absent: memory of their own. An adapter may ignore it. */
  readonly memory?: ByteArena;
}
