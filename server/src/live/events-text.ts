// Hot path: turns record batches into the text of JSON arrays without parsing an event; allocates per message, not per event.
import type { RecordBatch } from "../model/record-batch.ts";

const comma = 44;

export interface EventsPart {
  /** A JSON array of the rows. */
  readonly rows: string;
  /** Offset behind the last of them. */
  readonly endOffset: number;
}

/** Cuts a batch, from a row on, into parts of at most about `maxBytes` row bytes (a longer row is a part of its own). */
export function* eventParts(batch: RecordBatch, fromRow: number, maxBytes: number): Generator<EventsPart> {
  const { ends } = batch;
  let first = fromRow;
  while (first < ends.length) {
    const begin = first === 0 ? 0 : ends[first - 1]! + 1;
    let last = first;
    while (last + 1 < ends.length && ends[last + 1]! - begin <= maxBytes) last++;
    yield { rows: `[${joined(batch, first, last, begin)}]`, endOffset: batch.baseOffset + last + 1 };
    first = last + 1;
  }
}

function joined(batch: RecordBatch, first: number, last: number, begin: number): string {
  // A copy: the log's bytes are shared. Each row is followed by "\n", which becomes the comma of the array.
  const text = Buffer.from(batch.bytes.subarray(begin, batch.ends[last]!));
  for (let row = first; row < last; row++) text[batch.ends[row]! - begin] = comma;
  return text.toString("utf8");
}
