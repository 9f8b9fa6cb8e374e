// Where the last event of a partition ends: transaction markers, aborted records and nulls behind it take offsets, and are no events.
import type { FetchedPartition } from "./fetch-request.ts";
import { decompressed, openRecordSet, RecordCursor, type RecordSet } from "./record-set-cursor.ts";

/** Fetches the record batch that holds the offset, and nothing else. */
export type FetchBatchAt = (offset: number) => Promise<FetchedPartition>;

/** So many batches without an event are stepped over; behind more of them the end may be said to be higher than it is. */
const MAX_STEPS = 1_000;

/** From `end` (exclusive) back to `floor`; `floor` when there is no event from it on. Rejects as the fetch does. */
export async function findEventEnd(floor: number, end: number, fetchBatchAt: FetchBatchAt): Promise<number> {
  let at = end;
  for (let steps = 0; at > floor && steps < MAX_STEPS; steps++) {
    const offset = at - 1;
    const { records, aborted } = await fetchBatchAt(offset);
    const last = lastEvent(await decompressed(openRecordSet(records, 0, aborted)), end);
    if (last !== undefined) return Math.max(floor, last + 1);
    // A batch begins with its base offset; one that compaction left may begin above what was asked for.
    at = records.length < 8 ? offset : Math.min(offset, Number(records.readBigInt64BE(0)));
  }
  return Math.max(floor, at);
}

function lastEvent({ batches }: RecordSet, before: number): number | undefined {
  let last: number | undefined;
  for (const batch of batches) {
    const cursor = new RecordCursor(batch);
    while (cursor.next()) if (cursor.valueBegin >= 0 && cursor.offset < before) last = cursor.offset;
  }
  return last;
}
