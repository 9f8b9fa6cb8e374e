// Hot path: writes events into one record batch of Kafka's format as they come, cut from their NDJSON bytes; nothing is made per event.
import type { NewRecords } from "../../model/record-batch.ts";
import { NO_KEY } from "../../model/record-batch.ts";
import { crc32c } from "./crc32c.ts";
import { eventIdBytes, writeEventId } from "./event-id-header.ts";
import * as layout from "./record-batch-layout.ts";
import { varintBytes, writeVarint } from "./record-batch-layout.ts";
import { encodeHeaders } from "./record-headers.ts";

/** Events that share a record batch share their time of receipt, the first's, within this: then their headers are the same bytes. */
const SHARED_RECEIPT_MS = 20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export interface BatchSeal {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly timestampMs: number;
  /** Readers see the batch once the producer's transaction was committed. */
  readonly transactional?: true;
}

export class RecordSetBuilder {
  readonly #stream: string;
  readonly #maxBytes: number;
  #bytes: Buffer<ArrayBufferLike>;
  #at = layout.RECORDS_AT;
  #count = 0;
  #schemaId = "";
  #receivedAtMs = 0;
  #ownHeaders = -1;
  #headers: Buffer = Buffer.alloc(0);

  /** `maxBytes` bounds the whole record batch, but one event is always taken. */
  constructor(stream: string, maxBytes: number, firstBytes: number) {
    this.#stream = stream;
    this.#maxBytes = maxBytes;
    this.#bytes = Buffer.allocUnsafe(Math.min(maxBytes, layout.RECORDS_AT + firstBytes));
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#at;
  }

  /** Takes rows from `row` on while there is room; returns the first row that it did not take. */
  add(records: NewRecords, row: number): number {
    this.#useHeaders(records);
    const { bytes, ends, keys, eventIds } = records;
    const headers = this.#headers;
    let next = row;
    for (; next < ends.length; next++) {
      const begin = next === 0 ? 0 : ends[next - 1]! + 1;
      const end = ends[next]!;
      let keyBegin = keys === undefined ? NO_KEY : keys.bounds[next * 2]!;
      let keyEnd = keyBegin === NO_KEY ? NO_KEY : keys!.bounds[next * 2 + 1]!;
      let keySource: Uint8Array = bytes;
      if (keyBegin !== NO_KEY && bytes[keyBegin] === QUOTE) {
        keyBegin++;
        keyEnd--;
        if (hasEscape(bytes, keyBegin, keyEnd)) {
          keySource = unescaped(bytes, keyBegin - 1, keyEnd + 1);
          keyBegin = 0;
          keyEnd = keySource.length;
        }
      }
      const keyBytes = keyBegin === NO_KEY ? 0 : keyEnd - keyBegin;
      const size =
        2 + // attributes and the delta of the time
        varintBytes(this.#count) +
        (keyBegin === NO_KEY ? 1 : varintBytes(keyBytes) + keyBytes) +
        varintBytes(end - begin) +
        (end - begin) +
        headers.length +
        (eventIds === undefined ? 0 : eventIdBytes(eventIds.producer, eventIds.sequences[next]!));
      const whole = varintBytes(size) + size;
      if (this.#count > 0 && this.#at + whole > this.#maxBytes) return next;
      this.#reserve(whole);
      const target = this.#bytes;
      let at = writeVarint(target, this.#at, size);
      target[at++] = 0;
      target[at++] = 0;
      at = writeVarint(target, at, this.#count);
      if (keyBegin === NO_KEY) at = writeVarint(target, at, -1);
      else at = copy(keySource, keyBegin, keyEnd, target, writeVarint(target, at, keyBytes));
      at = copy(bytes, begin, end, target, writeVarint(target, at, end - begin));
      at = copy(headers, 0, headers.length, target, at);
      if (eventIds !== undefined) at = writeEventId(target, at, eventIds.producer, eventIds.sequences[next]!);
      this.#at = at;
      this.#count++;
    }
    return next;
  }

  /** The finished record batch. May be called again, with another seal; nothing is added after the first. */
  seal({ producerId, producerEpoch, baseSequence, timestampMs, transactional }: BatchSeal): Buffer {
    const bytes = this.#bytes.subarray(0, this.#at);
    bytes.fill(0, 0, layout.RECORDS_AT);
    bytes.writeInt32BE(this.#at - layout.LENGTH_FROM, layout.LENGTH_AT);
    bytes.writeInt8(layout.MAGIC, layout.MAGIC_AT);
    if (transactional) bytes.writeInt16BE(layout.TRANSACTIONAL_FLAG, layout.ATTRIBUTES_AT);
    bytes.writeInt32BE(this.#count - 1, layout.LAST_OFFSET_DELTA_AT);
    bytes.writeBigInt64BE(BigInt(timestampMs), layout.BASE_TIMESTAMP_AT);
    bytes.writeBigInt64BE(BigInt(timestampMs), layout.MAX_TIMESTAMP_AT);
    bytes.writeBigInt64BE(producerId, layout.PRODUCER_ID_AT);
    bytes.writeInt16BE(producerEpoch, layout.PRODUCER_EPOCH_AT);
    bytes.writeInt32BE(baseSequence, layout.BASE_SEQUENCE_AT);
    bytes.writeInt32BE(this.#count, layout.COUNT_AT);
    bytes.writeUInt32BE(crc32c(bytes, layout.ATTRIBUTES_AT, this.#at), layout.CRC_AT);
    return bytes;
  }

  #useHeaders({ schemaId, receivedAtMs, eventIds }: NewRecords): void {
    const ownHeaders = eventIds === undefined ? 0 : 1;
    const near = Math.abs(receivedAtMs - this.#receivedAtMs) <= SHARED_RECEIPT_MS;
    if (schemaId === this.#schemaId && near && ownHeaders === this.#ownHeaders) return;
    this.#schemaId = schemaId;
    this.#receivedAtMs = receivedAtMs;
    this.#ownHeaders = ownHeaders;
    this.#headers = encodeHeaders(this.#stream, { schemaId, receivedAtMs }, ownHeaders);
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, Math.min(this.#maxBytes, this.#bytes.length * 2)));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}

/** Short pieces byte by byte: a call into native code costs more than they do. */
function copy(source: Uint8Array, begin: number, end: number, target: Buffer, at: number): number {
  const length = end - begin;
  if (length < 48) for (let i = 0; i < length; i++) target[at + i] = source[begin + i]!;
  else target.set(source.subarray(begin, end), at);
  return at + length;
}

function hasEscape(bytes: Uint8Array, begin: number, end: number): boolean {
  for (let at = begin; at < end; at++) if (bytes[at] === BACKSLASH) return true;
  return false;
}

/** The text of a JSON string with escapes: what the core hashes, too. */
function unescaped(bytes: Uint8Array, begin: number, end: number): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + begin, end - begin).toString("utf8");
  return Buffer.from(JSON.parse(text) as string);
}
