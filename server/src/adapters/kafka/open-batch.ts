// Hot path: a record batch of the stream port that grows, row by row, while rows have one origin and offsets without a gap.
import type { RecordBatch } from "../../model/record-batch.ts";
import { EventIdReader } from "./event-id-header.ts";
import { decodeHeaders, type EventOrigin } from "./record-headers.ts";
import type { RecordCursor } from "./record-set-cursor.ts";

const NEWLINE = 0x0a;
const SPACE = 0x20;

export class OpenBatch {
  readonly baseOffset: number;
  readonly origin: EventOrigin;
  /** Another producer wrote the rows, without Moose's headers. */
  readonly foreign: boolean;
  /** The rows are not one JSON object each. */
  readonly malformed: boolean;
  readonly #common: Buffer;
  readonly #eventIds: EventIdReader | undefined;
  #bytes = Buffer.allocUnsafe(1024);
  #at = 0;
  #ends = new Uint32Array(16);
  #count = 0;

  constructor(cursor: RecordCursor) {
    const { offset, bytes, headersBegin, headersEnd, timestampMs } = cursor;
    const headers = bytes.subarray(headersBegin, headersEnd);
    const { origin, commonBytes } = decodeHeaders(headers);
    this.baseOffset = offset;
    this.foreign = origin === undefined;
    this.malformed = this.foreign && !isOneObject(cursor);
    this.origin = origin ?? { schemaId: "", receivedAtMs: timestampMs };
    this.#common = Buffer.from(headers.subarray(0, commonBytes));
    this.#eventIds = commonBytes < headers.length && !this.foreign ? new EventIdReader() : undefined;
  }

  continues(cursor: RecordCursor): boolean {
    const { offset, bytes, headersBegin, headersEnd, timestampMs } = cursor;
    if (offset !== this.baseOffset + this.#count) return false;
    const common = this.#common;
    const length = headersEnd - headersBegin;
    if (this.#eventIds === undefined ? length !== common.length : length <= common.length) return false;
    if (this.foreign && timestampMs !== this.origin.receivedAtMs) return false;
    // From the end: it is the time of receipt that differs.
    for (let i = common.length - 1; i >= 0; i--) if (bytes[headersBegin + i] !== common[i]) return false;
    return !this.foreign || this.malformed !== isOneObject(cursor);
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
    // Between the tokens of JSON text a newline is a space; rows are lines everywhere else.
    if (this.foreign && !this.malformed) joinLines(this.#bytes, this.#at, this.#at + length);
    this.#at += length;
    this.#ends[this.#count++] = this.#at;
    this.#bytes[this.#at++] = NEWLINE;
    this.#eventIds?.add(bytes, headersBegin + this.#common.length, headersEnd);
  }

  rows(): Pick<RecordBatch, "bytes" | "ends" | "eventIds"> {
    const rows = { bytes: this.#bytes.subarray(0, this.#at), ends: this.#ends.subarray(0, this.#count) };
    return this.#eventIds === undefined ? rows : { ...rows, eventIds: this.#eventIds.ids };
  }
}

/** Whether the value can stand as one row: what its fields are is for the core to judge. */
function isOneObject({ bytes, valueBegin, valueEnd }: RecordCursor): boolean {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8", valueBegin, valueEnd));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function joinLines(bytes: Buffer, begin: number, end: number): void {
  for (let at = begin; at < end; at++) if (bytes[at] === NEWLINE) bytes[at] = SPACE;
}
