// Whether an event fits into a topic: alone with its headers it has to be less than the largest record batch.
import { MooseError } from "../../model/errors.ts";
import type { NewRecords } from "../../model/record-batch.ts";

/** The record batch's head, the record's own fields and its headers, with names of up to 200 characters. */
const RECORD_OVERHEAD_BYTES = 1_024;

/** Throws MooseError `body_too_large` when a row alone is more than the topic takes. */
export function mustFit(topic: { topic: string; maxBatchBytes: number }, { bytes, ends }: NewRecords): void {
  const limit = topic.maxBatchBytes - RECORD_OVERHEAD_BYTES;
  if (bytes.length <= limit) return;
  for (let row = 0, begin = 0; row < ends.length; begin = ends[row]! + 1, row++) {
    if (ends[row]! - begin <= limit) continue;
    throw new MooseError(
      "body_too_large",
      `Row ${row} has ${ends[row]! - begin} bytes; topic "${topic.topic}" takes events of at most ${limit}. Set its max.message.bytes higher, or send less.`,
    );
  }
}
