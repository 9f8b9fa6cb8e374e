// Looks in the log for rows that a request may have appended just before the server ended.

import type { NewRecords, RecordBatch } from "../model/record-batch.ts";
import type { IdempotencyRecord } from "../ports/idempotency-store.ts";
import type { AppendResult, StreamLog } from "../ports/stream-log.ts";

/** An append takes at most this long; rows received later are not of the request that is looked for. */
const APPEND_LIMIT_MS = 60_000;
const READ_LIMIT = { maxBytes: 8 * 1024 * 1024, maxRecords: 100_000 };

/**
 * The place of the rows, when the log holds exactly these bytes, in a row, in one record batch, from the offsets on where the
 * request began. (Equal rows that somebody else sent within that moment would be taken for them.)
 */
export async function findAppended(
  log: StreamLog,
  begun: IdempotencyRecord,
  records: NewRecords,
): Promise<AppendResult | undefined> {
  for (let partition = 0; partition < begun.fromOffsets.length; partition++) {
    let offset = begun.fromOffsets[partition]!;
    while (offset < log.endOffset(begun.stream, partition)) {
      const batches = await log.read(begun.stream, partition, offset, READ_LIMIT);
      if (batches.length === 0) break;
      for (const batch of batches) {
        if (batch.receivedAtMs > begun.beganAtMs + APPEND_LIMIT_MS) {
          offset = Number.POSITIVE_INFINITY;
          break;
        }
        const row = rowOf(batch, records);
        if (row >= 0) return { partition, baseOffset: batch.baseOffset + row, count: records.ends.length };
        offset = batch.baseOffset + batch.ends.length;
      }
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
