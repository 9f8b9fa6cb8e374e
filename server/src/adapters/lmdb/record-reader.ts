// Hot path: reads record batches back, cut to the offsets and limits asked for, into memory that the caller uses again where it gives some.
import type { Database } from "lmdb";
import type { ByteArena } from "../../lib/byte-arena.ts";
import { MooseError } from "../../model/errors.ts";
import type { RecordBatch } from "../../model/record-batch.ts";
import type { ReadLimit } from "../../ports/stream-log.ts";
import type { OpenedLog } from "./open-log.ts";
import { bytesSoFarOfKey, keyBelongsTo, lastOffsetOfKey, seekKey, startKey } from "./record-key.ts";
import { cutBatch, readStoredBatch } from "./stored-batch.ts";

/** LMDB's own buffer grows to twice the largest value that was read by it, and stays. */
const REUSED_VALUE_BYTES = 1024 * 1024;

export interface StoredPartition {
  readonly stream: string;
  readonly streamId: number;
  readonly index: number;
  /** Everything below was trimmed. */
  start: number;
  /** Everything below is durable. */
  end: number;
  /** As in StoredEnd; kept where this process alone appends. */
  bytesSoFar: number;
}

export interface StoredEnd {
  readonly end: number;
  /** Bytes of all batches that the partition had since it was last empty. */
  readonly bytesSoFar: number;
}

export class RecordReader {
  readonly #records: Database<Buffer, Buffer>;
  readonly #starts: Database<Buffer, Buffer>;
  readonly #path: string;

  constructor({ records, starts }: Pick<OpenedLog, "records" | "starts">, path: string) {
    this.#records = records;
    this.#starts = starts;
    this.#path = path;
  }

  /** Throws MooseError `offset_trimmed`, and `log_unavailable` where the log is damaged: `extra.nextOffset` says where reading can go on. */
  read(partition: StoredPartition, fromOffset: number, limit: ReadLimit): readonly RecordBatch[] {
    const until = Math.min(partition.end, limit.untilOffset ?? partition.end);
    const batches: RecordBatch[] = [];
    if (fromOffset >= until || limit.maxRecords < 1) return batches;
    if (fromOffset < partition.start) throw trimmed(partition, fromOffset);
    let next = fromOffset;
    let bytesLeft = limit.maxBytes;
    let rowsLeft = limit.maxRecords;
    const { streamId, index, stream } = partition;
    const range = { start: seekKey(streamId, index, fromOffset), end: seekKey(streamId, index + 1, 0) };
    const entries = limit.memory === undefined ? this.#records.getRange(range) : this.#entriesIn(range, limit.memory);
    for (const { key, value } of entries) {
      const stored = readStoredBatch(asBuffer(value), stream, index);
      const last = lastOffsetOfKey(key);
      if (stored === undefined || stored.baseOffset > next || stored.baseOffset + stored.ends.length !== last + 1) {
        // What could be read before the damage is handed out first; the next read begins at the damage and says so.
        if (batches.length > 0) return batches;
        this.#mustNotBeTrimmed(partition, next);
        throw this.#damaged(partition, next, stored === undefined ? last + 1 : Math.max(stored.baseOffset, next + 1));
      }
      const first = next - stored.baseOffset;
      const wanted = Math.min(stored.ends.length, until - stored.baseOffset, first + rowsLeft);
      let end = rowsWithin(stored.ends, first, wanted, bytesLeft);
      // One row at least, whatever its size: a reader must get on.
      if (end === first && batches.length === 0) end = first + 1;
      if (end === first) break;
      const batch = cutBatch(stored, first, end);
      batches.push(batch);
      next = stored.baseOffset + end;
      bytesLeft -= batch.bytes.length;
      rowsLeft -= end - first;
      if (next >= until || rowsLeft <= 0 || bytesLeft <= 0 || end < stored.ends.length) break;
    }
    if (batches.length === 0) {
      this.#mustNotBeTrimmed(partition, next);
      throw this.#damaged(partition, next, until);
    }
    return batches;
  }

  /** As `getRange`, the values in `memory`. LMDB itself copies each value into a buffer that it keeps: a value that is large for that has its own. */
  *#entriesIn(range: { start: Buffer; end: Buffer }, memory: ByteArena): Generator<{ key: Buffer; value: Buffer }> {
    let bytesBefore = this.#bytesSoFarBefore(range.start);
    for (const key of this.#records.getKeys(range)) {
      const bytesSoFar = bytesSoFarOfKey(key);
      const fits = bytesSoFar > bytesBefore && bytesSoFar - bytesBefore <= REUSED_VALUE_BYTES;
      bytesBefore = bytesSoFar;
      const value = fits ? this.#records.getBinaryFast(key) : this.#records.get(key);
      // Another process has trimmed it meanwhile.
      if (value === undefined) return;
      yield { key, value: fits ? copyInto(memory, value) : value };
    }
  }

  /** 0 where nothing is stored before. */
  #bytesSoFarBefore(start: Buffer): number {
    for (const key of this.#records.getKeys({ start, reverse: true, limit: 1 })) {
      return keyBelongsTo(key, start.readUInt32BE(0), start.readUInt32BE(4)) ? bytesSoFarOfKey(key) : 0;
    }
    return 0;
  }

  /** The next offset to be written: in a transaction the newest, else as this turn of the event loop sees the log. */
  storedEnd({ streamId, index }: Pick<StoredPartition, "streamId" | "index">): StoredEnd {
    const newestFirst = { start: seekKey(streamId, index + 1, 0), reverse: true, limit: 2 };
    for (const key of this.#records.getKeys(newestFirst)) {
      if (keyBelongsTo(key, streamId, index)) {
        return { end: lastOffsetOfKey(key) + 1, bytesSoFar: bytesSoFarOfKey(key) };
      }
    }
    return { end: this.storedStart(streamId, index), bytesSoFar: 0 };
  }

  /** The offset to which a partition was trimmed; 0 when it never was. */
  storedStart(streamId: number, index: number): number {
    const stored = this.#starts.get(startKey(streamId, index));
    return stored === undefined ? 0 : Number(asBuffer(stored).toString("utf8"));
  }

  /** Keys of batches that lie below `offset` as a whole, oldest first. */
  keysBelow({ streamId, index }: StoredPartition, offset: number, limit: number): Buffer[] {
    // The batch that holds `offset - 1` has a last offset at or above it; only one that ends there lies below as a whole.
    const range = { start: seekKey(streamId, index, 0), end: seekKey(streamId, index, offset), limit };
    return [...this.#records.getKeys(range)].map((key) => Buffer.from(key));
  }

  /** Bytes of the batches that are stored. */
  bytesOf(partition: StoredPartition): number {
    const { streamId, index } = partition;
    const range = { start: seekKey(streamId, index, 0), end: seekKey(streamId, index + 1, 0), limit: 1 };
    for (const { key, value } of this.#records.getRange(range)) {
      return this.storedEnd(partition).bytesSoFar - bytesSoFarOfKey(key) + value.length;
    }
    return 0;
  }

  /** What another process has trimmed meanwhile is no damage. */
  #mustNotBeTrimmed(partition: StoredPartition, offset: number): void {
    partition.start = Math.max(partition.start, this.storedStart(partition.streamId, partition.index));
    if (offset < partition.start) throw trimmed(partition, offset);
  }

  #damaged(partition: StoredPartition, offset: number, nextOffset: number): MooseError {
    const { stream, index } = partition;
    return new MooseError(
      "log_unavailable",
      `The log at ${this.#path} is damaged: stream "${stream}", partition ${index}, offsets ${offset} to ${nextOffset - 1} cannot be read.`,
      { extra: { stream, partition: index, offset, nextOffset } },
    );
  }
}

function trimmed({ stream, index, start }: StoredPartition, offset: number): MooseError {
  return new MooseError(
    "offset_trimmed",
    `Offset ${offset} of stream "${stream}", partition ${index} is no longer kept: the log begins at ${start}.`,
    { extra: { stream, partition: index, offset, startOffset: start } },
  );
}

function copyInto(memory: ByteArena, value: Uint8Array): Buffer {
  // The length of LMDB's own buffer is a property of it: its typed array is longer.
  const piece = memory.take(value.length);
  piece.set(new Uint8Array(value.buffer, value.byteOffset, piece.length));
  return piece;
}

/** How many rows from `first` end within `bytes`: the index after the last one, at most `wanted`. */
function rowsWithin(ends: Uint32Array, first: number, wanted: number, bytes: number): number {
  const limit = (first === 0 ? 0 : ends[first - 1]! + 1) + bytes;
  if (ends[wanted - 1]! < limit) return wanted;
  let low = first;
  let high = wanted;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** lmdb-js hands out plain Uint8Arrays from some of its reads. */
export function asBuffer(value: Uint8Array): Buffer {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
