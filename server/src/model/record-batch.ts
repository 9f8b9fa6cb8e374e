// Rows on their way into the log, and the record batches that come out of it.
import type { BatchEventIds, EventIds } from "./event-ids.ts";
import type { RowClaim } from "./row-claim.ts";

/** Rows of one schema, side by side. */
export interface Rows {
  /** Rows as JSON text, each followed by "\n". */
  readonly bytes: Uint8Array;
  /** End byte (exclusive, before its "\n") of each row. */
  readonly ends: Uint32Array;
  /** The schema that accepted them: ModelCore.schemaId. */
  readonly schemaId: string;
  readonly receivedAtMs: number;
}

/** The partition key of each row, in order. */
export interface RowKeys {
  /** murmur2 of the key as Kafka's default partitioner takes it: partition = (hash & 0x7fffffff) % partitions. */
  readonly hashes: Uint32Array;
  /** Begin and end byte of the key's JSON text in the rows' `bytes`; NO_KEY twice where the row does not hold it. Two numbers a row. */
  readonly bounds: Uint32Array;
}

/** In `RowKeys.bounds`: the key is null (its hash is 0), or a default that the row leaves out (it has a hash). */
export const NO_KEY = 0xffffffff;

/** Accepted rows of one request, to be stored together. */
export interface NewRecords extends Rows {
  /** Of a model with a partition key. Absent: all rows go to one partition; the partitions take turns. */
  readonly keys?: RowKeys;
  /** Of events that their producer numbered: kept with the rows, so that one that is sent again is known. */
  readonly eventIds?: EventIds;
  /** They are stored only as long as this claim of theirs holds (`StreamLog.claim`). */
  readonly claim?: RowClaim;
}

/** Events that are stored together in the log, under one base offset. */
export interface RecordBatch extends Rows {
  readonly stream: string;
  readonly partition: number;
  /** Offset of the first row; row i has baseOffset + i. */
  readonly baseOffset: number;
  /** Each row was written by another producer and is not one JSON object: it may be anything, and empty. Such rows go to quarantine. */
  readonly malformed?: true;
  /** Of the rows that have one; rows of several requests may share the batch. */
  readonly eventIds?: readonly BatchEventIds[];
}
