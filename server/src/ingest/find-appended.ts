// Looks in the log for rows that a request may have appended just before the server ended.
import type { NewRecords, RecordBatch } from "../model/record-batch.ts";
import { type PartitionShare, splitByPartition } from "../model/split-by-partition.ts";
import type { IdempotencyRecord } from "../ports/idempotency-store.ts";
import type { AppendResult, StreamLog } from "../ports/stream-log.ts";

/** Where an append that rejects stores nothing, it takes at most this long: rows received later are not of the request that is looked for. */
const APPEND_LIMIT_MS = 60_000;
const READ_LIMIT = { maxBytes: 8 * 1024 * 1024, maxRecords: 100_000 };

/** What of a request the log holds. */
export interface Found {
  readonly results: readonly AppendResult[];
  /** Rows that are not there, by the partition in which they belong. */
  readonly missing: readonly PartitionShare[];
}

/**
 * Looks for the rows as an append sorts them into partitions: the log holds a partition's share when exactly its bytes are there, in a row,
 * in one record batch, from the offset on where the request began. (Equal rows that somebody else sent within that moment would be taken
 * for them.) Undefined when it holds none, and never will. Rejects with MooseError `log_unavailable` when that cannot be said now.
 */
export async function findAppended(
  log: StreamLog,
  begun: IdempotencyRecord,
  records: NewRecords,
): Promise<Found | undefined> {
  // Of an append whose answer was lost, rows may be where this process has not looked yet, or on their way there.
  await log.settle?.(begun.stream);
  let best: Found | undefined;
  const partitions = begun.fromOffsets.length;
  // Nobody knows whose turn it was with the rows that have no key.
  for (let turn = 0; turn < partitions; turn++) {
    const results: AppendResult[] = [];
    const missing: PartitionShare[] = [];
    for (const share of splitByPartition(records, partitions, turn)) {
      const result = await findShare(log, begun, share);
      if (result === undefined) missing.push(share);
      else results.push(result);
    }
    if (results.length > 0 && missing.length === 0) return { results, missing };
    if (results.length > (best?.results.length ?? 0)) best = { results, missing };
  }
  return best;
}

async function findShare(
  log: StreamLog,
  begun: IdempotencyRecord,
  { partition, records }: PartitionShare,
): Promise<AppendResult | undefined> {
  const receivedByMs = log.settle === undefined ? begun.beganAtMs + APPEND_LIMIT_MS : Number.POSITIVE_INFINITY;
  let offset = Math.max(begun.fromOffsets[partition]!, log.startOffset(begun.stream, partition));
  while (offset < log.endOffset(begun.stream, partition)) {
    const batches = await log.read(begun.stream, partition, offset, READ_LIMIT);
    if (batches.length === 0) return undefined;
    for (const batch of batches) {
      if (batch.receivedAtMs > receivedByMs) return undefined;
      const row = rowOf(batch, records);
      if (row >= 0) return { partition, baseOffset: batch.baseOffset + row, count: records.ends.length };
      offset = batch.baseOffset + batch.ends.length;
    }
  }
  return undefined;
}

function rowOf(batch: RecordBatch, records: NewRecords): number {
  const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.length);
  for (let at = bytes.indexOf(records.bytes); at >= 0; at = bytes.indexOf(records.bytes, at + 1)) {
    const row = at === 0 ? 0 : batch.ends.indexOf(at - 1) + 1;
    if (at === 0 || row > 0) return row;
  }
  return -1;
}
