// Hot path: the stored form of a record batch. Builds it with one copy of the rows, reads it back without any.
import { crc32 } from "node:zlib";
import { type BatchEventIds, cutEventIds, parseEventIds, rangesOf, rangesText } from "../../model/event-ids.ts";
import type { NewRecords, RecordBatch } from "../../model/record-batch.ts";

/**
 *   0  u8   version: 2 when event ids follow, else 1
 *   1  u8   length of the schema id
 *   2  u16  0
 *   4  u32  CRC-32 of every byte from 8 to the end
 *   8  f64  base offset
 *  16  f64  received at, ms since 1970
 *  24  u32  count of rows
 *  28  u32  bytes of rows
 *  32  the schema id in ASCII, filled up with zeros to a multiple of 4
 *      the rows, each followed by "\n", filled up with zeros to a multiple of 4
 *      u32[count] end of each row, counted from the first row's begin
 *      to the end, in ASCII, lines of "first row;producer;ranges": the event ids of the rows that have one
 *
 * Numbers are little-endian. The ends come last, so that rows can still be added while the batch waits for its commit.
 */
const PLAIN = 1;
const WITH_EVENT_IDS = 2;
const HEADER_BYTES = 32;
const INITIAL_ROW_BYTES = 4096;
/** A line of ids that are one range: nearly always they are. */
const EVENT_IDS_BYTES = 128;

const aligned = (bytes: number): number => (bytes + 3) & ~3;

/** A batch that is being put together. Rows are copied in: the caller may reuse its buffers at once. */
export class StoredBatchBuilder {
  readonly schemaId: string;
  readonly receivedAtMs: number;
  readonly #rowsBegin: number;
  #buffer: Buffer;
  #position: number;
  #ends: Uint32Array;
  #count = 0;
  #eventIds = "";

  constructor(first: NewRecords, spareRowBytes: number) {
    this.schemaId = first.schemaId;
    this.receivedAtMs = first.receivedAtMs;
    this.#rowsBegin = HEADER_BYTES + aligned(first.schemaId.length);
    this.#position = this.#rowsBegin;
    const rowBytes = spareRowBytes === 0 ? first.bytes.length : Math.max(spareRowBytes, first.bytes.length);
    const idBytes = first.eventIds === undefined ? 0 : EVENT_IDS_BYTES;
    this.#buffer = Buffer.allocUnsafeSlow(this.#rowsBegin + aligned(rowBytes) + 4 * first.ends.length + idBytes);
    this.#ends =
      spareRowBytes === 0 ? new Uint32Array(first.ends.length) : new Uint32Array(Math.max(64, first.ends.length));
    this.add(first);
  }

  static readonly spareRowBytes = INITIAL_ROW_BYTES;

  get count(): number {
    return this.#count;
  }

  get rowBytes(): number {
    return this.#position - this.#rowsBegin;
  }

  add(records: NewRecords): void {
    const { bytes, ends, eventIds } = records;
    const count = ends.length;
    this.#reserve(this.#position + bytes.length);
    if (this.#count + count > this.#ends.length) {
      const grown = new Uint32Array(Math.max(this.#ends.length * 2, this.#count + count));
      grown.set(this.#ends.subarray(0, this.#count));
      this.#ends = grown;
    }
    if (eventIds !== undefined && count > 0) {
      this.#eventIds += `${this.#count};${eventIds.producer};${rangesText(rangesOf(eventIds))}\n`;
    }
    const shift = this.rowBytes;
    if (shift === 0) this.#ends.set(ends, 0);
    else for (let i = 0; i < count; i++) this.#ends[this.#count + i] = ends[i]! + shift;
    this.#buffer.set(bytes, this.#position);
    this.#position += bytes.length;
    this.#count += count;
  }

  /** The stored bytes. Nothing can be added afterwards. */
  seal(baseOffset: number): Buffer {
    const endsBegin = aligned(this.#position);
    const endsEnd = endsBegin + 4 * this.#count;
    const total = endsEnd + this.#eventIds.length;
    this.#reserve(total);
    const buffer = this.#buffer;
    buffer.fill(0, this.#position, endsBegin);
    buffer.writeUInt8(this.#eventIds === "" ? PLAIN : WITH_EVENT_IDS, 0);
    buffer.writeUInt8(this.schemaId.length, 1);
    buffer.writeUInt16LE(0, 2);
    buffer.writeDoubleLE(baseOffset, 8);
    buffer.writeDoubleLE(this.receivedAtMs, 16);
    buffer.writeUInt32LE(this.#count, 24);
    buffer.writeUInt32LE(this.rowBytes, 28);
    buffer.fill(0, HEADER_BYTES, this.#rowsBegin);
    buffer.write(this.schemaId, HEADER_BYTES, "latin1");
    new Uint32Array(buffer.buffer, buffer.byteOffset + endsBegin, this.#count).set(this.#ends.subarray(0, this.#count));
    buffer.write(this.#eventIds, endsEnd, "latin1");
    const stored = buffer.subarray(0, total);
    buffer.writeUInt32LE(crc32(stored.subarray(8)), 4);
    return stored;
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, bytes));
    this.#buffer.copy(grown, 0, 0, this.#position);
    this.#buffer = grown;
  }
}

/** The batch as views on `stored`; undefined when the bytes are not what was written. */
export function readStoredBatch(stored: Buffer, stream: string, partition: number): RecordBatch | undefined {
  if (stored.length < HEADER_BYTES || (stored[0] !== PLAIN && stored[0] !== WITH_EVENT_IDS)) return undefined;
  if (crc32(stored.subarray(8)) !== stored.readUInt32LE(4)) return undefined;
  return viewStoredBatch(stored, stream, partition);
}

/** The same without the check: for bytes that were sealed in this process. */
export function viewStoredBatch(stored: Buffer, stream: string, partition: number): RecordBatch {
  const schemaIdBytes = stored[1]!;
  const count = stored.readUInt32LE(24);
  const rowBytes = stored.readUInt32LE(28);
  const rowsBegin = HEADER_BYTES + aligned(schemaIdBytes);
  const endsBegin = rowsBegin + aligned(rowBytes);
  return {
    stream,
    partition,
    baseOffset: stored.readDoubleLE(8),
    schemaId: stored.toString("latin1", HEADER_BYTES, HEADER_BYTES + schemaIdBytes),
    receivedAtMs: stored.readDoubleLE(16),
    bytes: stored.subarray(rowsBegin, rowsBegin + rowBytes),
    ends: uint32View(stored, endsBegin, count),
    ...(stored[0] === WITH_EVENT_IDS ? { eventIds: readEventIds(stored, endsBegin + 4 * count) } : undefined),
  };
}

/** The rows of `batch` from index `first` to `last` (exclusive), as views where nothing has to be renumbered. */
export function cutBatch(batch: RecordBatch, first: number, last: number): RecordBatch {
  if (first === 0 && last === batch.ends.length) return batch;
  const begin = first === 0 ? 0 : batch.ends[first - 1]! + 1;
  const end = batch.ends[last - 1]! + 1;
  const ends = first === 0 ? batch.ends.subarray(0, last) : batch.ends.slice(first, last);
  if (first > 0) for (let i = 0; i < ends.length; i++) ends[i] = ends[i]! - begin;
  const { eventIds: ids, ...rest } = batch;
  const cut = { ...rest, baseOffset: batch.baseOffset + first, bytes: batch.bytes.subarray(begin, end), ends };
  const eventIds = cutEventIds(ids, first, last);
  return eventIds === undefined ? cut : { ...cut, eventIds };
}

function readEventIds(stored: Buffer, begin: number): BatchEventIds[] {
  const lines = stored.toString("latin1", begin).split("\n");
  return lines.slice(0, -1).map((line) => {
    const cut = line.indexOf(";");
    const { producer, ranges } = parseEventIds(line.slice(cut + 1));
    return { firstRow: Number(line.slice(0, cut)), producer, ranges };
  });
}

function uint32View(bytes: Buffer, offset: number, count: number): Uint32Array {
  const begin = bytes.byteOffset + offset;
  if (begin % 4 === 0) return new Uint32Array(bytes.buffer as ArrayBuffer, begin, count);
  return new Uint32Array(new Uint8Array(bytes.subarray(offset, offset + 4 * count)).buffer);
}
