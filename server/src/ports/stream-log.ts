// The durable, partitioned log of each model's events. Adapters: lmdb (embedded); kafka (production).
import type { NewRecords, RecordBatch } from "../model/record-batch.ts";

export interface AppendResult {
  readonly partition: number;
  readonly baseOffset: number;
  readonly count: number;
}

/** Where a consumer group stands in one partition. */
export interface GroupProgress {
  /** Everything below is done. */
  readonly committed: number;
  /** A range that was recorded before it was inserted: on restart exactly this range is replayed. */
  readonly pending?: { readonly first: number /** Exclusive. */; readonly last: number };
}

export interface StreamLog {
  /** Creates the stream if it is new. Must be called once before append or read. */
  ensureStream(stream: string, options: { partitions: number }): Promise<void>;
  /** Every stream that was ever made, oldest first: the order stays. */
  streams(): readonly string[];
  partitions(stream: string): number;
  /**
   * Resolves when the records are durable (fsync, or acks=all). Appends under way at the same time share one commit.
   * Rejects with MooseError `log_unavailable` (nothing acknowledged) when the disk is full or the log is closed.
   */
  append(stream: string, records: NewRecords, partition?: number): Promise<AppendResult>;
  /** Batches from the one that holds `fromOffset` (cut to start there) up to a limit. Empty at the end of the log. */
  read(stream: string, partition: number, fromOffset: number, limit: ReadLimit): Promise<readonly RecordBatch[]>;
  /** Next offset to be written: everything below is durable. */
  endOffset(stream: string, partition: number): number;
  /** Called after each durable append, in offset order for each partition. Listeners must not throw or block. */
  onAppend(listener: (batch: RecordBatch) => void): () => void;
  progress(group: string, stream: string, partition: number): Promise<GroupProgress>;
  /** Durable when it resolves. */
  saveProgress(group: string, stream: string, partition: number, progress: GroupProgress): Promise<void>;
  /** Schemas by id, so that batches accepted under an older schema can still be encoded. Durable when it resolves. */
  saveSchema(schemaId: string, spec: string): Promise<void>;
  schema(schemaId: string): string | undefined;
  /** False once a failure or the close means that no append will be accepted any more. */
  writable(): boolean;
  /** Waits for appends under way, then closes. Safe to call twice. */
  close(): Promise<void>;
}

export interface ReadLimit {
  readonly maxBytes: number;
  readonly maxRecords: number;
  /** Exclusive end; the last batch is cut to it. Used to replay a recorded range. */
  readonly untilOffset?: number;
}
