// Hot path: reads the next events of a partition for a function, as one Native block. Nothing is per event while all rows are sound.
import { CoreError } from "@moose/core";
import type { RecordBatch } from "../model/record-batch.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { ReadingCore, ReadingCores } from "./reading-cores.ts";
import type { SliceSchema } from "./runtime/slice.ts";

export interface PreparedSlice {
  readonly schema: SliceSchema;
  readonly first: number;
  /** Exclusive. */
  readonly last: number;
  /** How many the log holds in [first, last): offsets may hold none. */
  readonly events: number;
  /** Offsets of the events: without those that their schema refuses, which the table writer sets aside. */
  readonly offsets: readonly number[];
  readonly receivedAtMs: readonly number[];
  /** Native block of the events. */
  readonly block: Uint8Array;
  /** An event's JSON text as it came. */
  text(event: number): Uint8Array;
}

export interface SliceSource {
  readonly log: StreamLog;
  readonly stream: string;
  readonly partition: number;
}

const MAX_SLICE_BYTES = 4 * 1024 * 1024;

/** Up to `maxRows` events of one schema from `first`; undefined at the end. Rejects as `StreamLog.read` does. */
export async function readSlice(
  { log, stream, partition }: SliceSource,
  cores: ReadingCores,
  first: number,
  maxRows: number,
): Promise<PreparedSlice | undefined> {
  const read = await log.read(stream, partition, first, { maxBytes: MAX_SLICE_BYTES, maxRecords: maxRows });
  const schemaId = read[0]?.schemaId;
  if (schemaId === undefined) return undefined;
  const other = read.findIndex((batch) => batch.schemaId !== schemaId);
  const batches = other < 0 ? read : read.slice(0, other);
  const candidates = cores.of(schemaId);
  if (candidates.length === 0)
    throw new Error(`the schema ${schemaId} of ${stream}/${partition}/${first} is not known`);
  for (const core of candidates) {
    const isLast = core === candidates.at(-1);
    const slice = encode(batches, core, isLast);
    if (slice !== undefined) return slice;
  }
  return undefined;
}

interface Place {
  readonly batch: RecordBatch;
  readonly row: number;
}

/** Undefined when a row is refused, unless such rows are to be left out. */
function encode(
  batches: readonly RecordBatch[],
  { encoder, schema }: ReadingCore,
  leaveOut: boolean,
): PreparedSlice | undefined {
  const places: Place[] = [];
  for (const batch of batches) {
    // None of these is one JSON object: several in one row would be counted as several events.
    if (batch.malformed) continue;
    if (feed(encoder, batch, 0, batch.ends.length)) {
      for (let row = 0; row < batch.ends.length; row++) places.push({ batch, row });
    } else if (!leaveOut) {
      encoder.reset();
      return undefined;
    } else {
      for (let row = 0; row < batch.ends.length; row++) {
        if (feed(encoder, batch, row, row + 1)) places.push({ batch, row });
      }
    }
  }
  const last = batches.at(-1)!;
  return {
    schema,
    first: batches[0]!.baseOffset,
    last: last.baseOffset + last.ends.length,
    events: batches.reduce((sum, { ends }) => sum + ends.length, 0),
    offsets: places.map(({ batch, row }) => batch.baseOffset + row),
    receivedAtMs: places.map(({ batch }) => batch.receivedAtMs),
    block: encoder.finish(),
    text: (event) => textOf(places[event]!.batch, places[event]!.row),
  };
}

function feed(encoder: ReadingCore["encoder"], batch: RecordBatch, firstRow: number, endRow: number): boolean {
  const { partition, baseOffset, receivedAtMs } = batch;
  const begin = firstRow === 0 ? 0 : batch.ends[firstRow - 1]! + 1;
  const rows = batch.bytes.subarray(begin, batch.ends[endRow - 1]! + 1);
  try {
    encoder.feed(rows, { partition, baseOffset: baseOffset + firstRow, receivedAtMs });
    return true;
  } catch (error) {
    if (error instanceof CoreError && error.code === "invalid_rows") return false;
    throw error;
  }
}

function textOf({ bytes, ends }: RecordBatch, row: number): Uint8Array {
  return bytes.slice(row === 0 ? 0 : ends[row - 1]! + 1, ends[row]!);
}
