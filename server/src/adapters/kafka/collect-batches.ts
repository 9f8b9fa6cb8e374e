// Hot path: makes the record batches that the stream port speaks of from fetched records; a batch ends where headers or offsets do.
import type { RecordBatch } from "../../model/record-batch.ts";
import type { ReadLimit } from "../../ports/stream-log.ts";
import { EventIdReader } from "./event-id-header.ts";
import { decodeHeaders, type EventOrigin } from "./record-headers.ts";
import { RecordCursor, type RecordSet } from "./record-set-cursor.ts";

export interface BatchTarget {
  readonly stream: string;
  readonly partition: number;
  /** The schema of rows that another producer wrote; asked for when the first one comes. */
  foreignSchemaId(): string;
}

/** Gathers rows until a limit of `read` is reached, over several fetches. */
export class BatchCollector {
  readonly #batches: RecordBatch[] = [];
  readonly #target: BatchTarget;
  readonly #limit: ReadLimit;
  #next: number;
  #full = false;
  #rows = 0;
  #rowBytes = 0;
  #open: OpenBatch | undefined;

  constructor(target: BatchTarget, fromOffset: number, limit: ReadLimit) {
    this.#target = target;
    this.#limit = limit;
    this.#next = fromOffset;
  }

  /** Where the next fetch begins. */
  get nextOffset(): number {
    return this.#next;
  }

  /** True when nothing more may be added. */
  get full(): boolean {
    return this.#full || (this.#limit.untilOffset !== undefined && this.#next >= this.#limit.untilOffset);
  }

  /** `set` is decompressed. */
  add({ batches, nextOffset }: RecordSet): void {
    for (const batch of batches) {
      const cursor = new RecordCursor(batch);
      while (cursor.next()) if (!this.#take(cursor)) return;
      this.#next = Math.max(this.#next, batch.nextOffset);
    }
    this.#next = Math.max(this.#next, nextOffset);
  }

  /** All that was gathered. */
  finish(): readonly RecordBatch[] {
    this.#seal();
    return this.#batches;
  }

  #take(cursor: RecordCursor): boolean {
    const { offset } = cursor;
    if (offset < this.#next) return true;
    const { maxBytes, maxRecords, untilOffset } = this.#limit;
    if (untilOffset !== undefined && offset >= untilOffset) {
      this.#full = true;
      return false;
    }
    // A value of null deletes a key of a compacted topic: it is no event.
    if (cursor.valueBegin >= 0) {
      const bytes = cursor.valueEnd - cursor.valueBegin + 1;
      if (this.#rows >= maxRecords || (this.#rows > 0 && this.#rowBytes + bytes > maxBytes)) {
        this.#full = true;
        return false;
      }
      this.#batchFor(cursor).add(cursor);
      this.#rows++;
      this.#rowBytes += bytes;
    }
    this.#next = offset + 1;
    return true;
  }

  #batchFor(cursor: RecordCursor): OpenBatch {
    if (this.#open?.continues(cursor)) return this.#open;
    this.#seal();
    this.#open = new OpenBatch(cursor);
    return this.#open;
  }

  #seal(): void {
    if (this.#open === undefined) return;
    const { stream, partition } = this.#target;
    const { baseOffset, origin, foreign } = this.#open;
    this.#batches.push({
      stream,
      partition,
      baseOffset,
      receivedAtMs: origin.receivedAtMs,
      schemaId: foreign ? this.#target.foreignSchemaId() : origin.schemaId,
      ...(foreign ? { unchecked: true as const } : {}),
      ...this.#open.rows(),
    });
    this.#open = undefined;
  }
}

/** A record batch that grows: its rows have one origin, and offsets without a gap. */
class OpenBatch {
  readonly baseOffset: number;
  readonly origin: EventOrigin;
  readonly foreign: boolean;
  readonly #common: Buffer;
  readonly #eventIds: EventIdReader | undefined;
  #bytes = Buffer.allocUnsafe(1024);
  #at = 0;
  #ends = new Uint32Array(16);
  #count = 0;

  constructor({ offset, bytes, headersBegin, headersEnd, timestampMs }: RecordCursor) {
    const headers = bytes.subarray(headersBegin, headersEnd);
    const { origin, commonBytes } = decodeHeaders(headers);
    this.baseOffset = offset;
    this.foreign = origin === undefined;
    this.origin = origin ?? { schemaId: "", receivedAtMs: timestampMs };
    this.#common = Buffer.from(headers.subarray(0, commonBytes));
    this.#eventIds = commonBytes < headers.length && !this.foreign ? new EventIdReader() : undefined;
  }

  continues({ offset, bytes, headersBegin, headersEnd, timestampMs }: RecordCursor): boolean {
    if (offset !== this.baseOffset + this.#count) return false;
    const common = this.#common;
    const length = headersEnd - headersBegin;
    if (this.#eventIds === undefined ? length !== common.length : length <= common.length) return false;
    if (this.foreign && timestampMs !== this.origin.receivedAtMs) return false;
    // From the end: it is the time of receipt that differs.
    for (let i = common.length - 1; i >= 0; i--) if (bytes[headersBegin + i] !== common[i]) return false;
    return true;
  }

  add({ bytes, valueBegin, valueEnd, headersBegin, headersEnd }: RecordCursor): void {
    const length = valueEnd - valueBegin;
    if (this.#at + length + 1 > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + length + 1));
      this.#bytes.copy(grown, 0, 0, this.#at);
      this.#bytes = grown;
    }
    if (this.#count === this.#ends.length) {
      const grown = new Uint32Array(this.#count * 2);
      grown.set(this.#ends);
      this.#ends = grown;
    }
    bytes.copy(this.#bytes, this.#at, valueBegin, valueEnd);
    this.#at += length;
    this.#ends[this.#count++] = this.#at;
    this.#bytes[this.#at++] = 0x0a;
    this.#eventIds?.add(bytes, headersBegin + this.#common.length, headersEnd);
  }

  rows(): Pick<RecordBatch, "bytes" | "ends" | "eventIds"> {
    const rows = { bytes: this.#bytes.subarray(0, this.#at), ends: this.#ends.subarray(0, this.#count) };
    return this.#eventIds === undefined ? rows : { ...rows, eventIds: this.#eventIds.ids };
  }
}
