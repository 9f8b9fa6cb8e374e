// Hot path: walks over the records of fetched record batches, and makes nothing per record.
import { MooseError } from "../../model/errors.ts";
import { lookupCodecByAttributes } from "./kafkajs-internals.ts";
import * as layout from "./record-batch-layout.ts";

/** A transaction that was aborted: the records of this producer from this offset on, up to its marker, do not count. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface StoredBatch {
  readonly baseOffset: number;
  /** After the last offset of the batch, compacted or not. */
  readonly nextOffset: number;
  readonly count: number;
  readonly baseTimestampMs: number;
  /** Set by the broker for all records of the batch, when the topic says so. */
  readonly appendedAtMs: number | undefined;
  /** The codec's number; 0: not compressed. */
  readonly compression: number;
  readonly records: Buffer;
}

export interface RecordSet {
  /** Those that count: no control batches, nothing of aborted transactions, nothing that was cut off at the end. */
  readonly batches: readonly StoredBatch[];
  /** Where the next fetch begins. */
  readonly nextOffset: number;
}

/** What was fetched of one partition. Batches that are compressed still are: see `decompressed`. */
export function openRecordSet(set: Buffer, fromOffset: number, aborted: readonly AbortedTransaction[] = []): RecordSet {
  const batches: StoredBatch[] = [];
  const abortedYet = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const ignored = new Set<bigint>();
  let nextOffset = fromOffset;
  for (let at = 0; at + layout.RECORDS_AT <= set.length; ) {
    const end = at + layout.LENGTH_FROM + set.readInt32BE(at + layout.LENGTH_AT);
    if (end > set.length) break;
    if (set[at + layout.MAGIC_AT] !== layout.MAGIC)
      throw new MooseError("log_unavailable", "A topic holds messages of before Kafka 0.11, which cannot be read.");
    const attributes = set.readInt16BE(at + layout.ATTRIBUTES_AT);
    const baseOffset = Number(set.readBigInt64BE(at));
    const producerId = set.readBigInt64BE(at + layout.PRODUCER_ID_AT);
    const last = baseOffset + set.readInt32BE(at + layout.LAST_OFFSET_DELTA_AT);
    while (abortedYet.length > 0 && abortedYet[0]!.firstOffset <= last) ignored.add(abortedYet.shift()!.producerId);
    if ((attributes & layout.CONTROL_FLAG) !== 0) {
      // The marker ends the producer's transaction, whether it was aborted or not.
      ignored.delete(producerId);
    } else if (last >= fromOffset && !((attributes & layout.TRANSACTIONAL_FLAG) !== 0 && ignored.has(producerId))) {
      const appendedAtMs = Number(set.readBigInt64BE(at + layout.MAX_TIMESTAMP_AT));
      batches.push({
        baseOffset,
        nextOffset: last + 1,
        count: set.readInt32BE(at + layout.COUNT_AT),
        baseTimestampMs: Number(set.readBigInt64BE(at + layout.BASE_TIMESTAMP_AT)),
        appendedAtMs: (attributes & layout.LOG_APPEND_TIME_FLAG) === 0 ? undefined : appendedAtMs,
        compression: attributes & layout.COMPRESSION_MASK,
        records: set.subarray(at + layout.RECORDS_AT, end),
      });
    }
    nextOffset = Math.max(nextOffset, last + 1);
    at = end;
  }
  return { batches, nextOffset };
}

const codecNames = ["none", "gzip", "snappy", "lz4", "zstd"];

/** The same set, with no batch compressed. Rejects with MooseError `log_unavailable` when the codec cannot be read. */
export async function decompressed(set: RecordSet): Promise<RecordSet> {
  if (set.batches.every(({ compression }) => compression === 0)) return set;
  return { ...set, batches: await Promise.all(set.batches.map(decompress)) };
}

async function decompress(batch: StoredBatch): Promise<StoredBatch> {
  if (batch.compression === 0) return batch;
  try {
    const codec = lookupCodecByAttributes(batch.compression);
    if (codec) return { ...batch, compression: 0, records: await codec.decompress(batch.records) };
    throw new Error("no such codec");
  } catch (cause) {
    const name = codecNames[batch.compression] ?? "an unknown codec";
    throw new MooseError(
      "log_unavailable",
      `A producer wrote records compressed with ${name}, which cannot be read (offset ${batch.baseOffset}). Set the topic's compression.type to "uncompressed": then the broker stores new ones so.`,
      { cause },
    );
  }
}

/** Stands on one record of a batch at a time; positions are in `bytes`. */
export class RecordCursor {
  readonly bytes: Buffer;
  offset = 0;
  timestampMs = 0;
  /** -1: null. */
  keyBegin = -1;
  keyEnd = -1;
  /** -1: null. */
  valueBegin = -1;
  valueEnd = -1;
  /** The headers, their count first. */
  headersBegin = 0;
  headersEnd = 0;

  readonly #batch: StoredBatch;
  #at = 0;
  #left: number;

  constructor(batch: StoredBatch) {
    this.#batch = batch;
    this.bytes = batch.records;
    this.#left = batch.count;
  }

  /** Goes to the next record; false behind the last. */
  next(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    const length = this.#varint();
    const end = this.#at + length;
    if (length < 0 || end > this.bytes.length)
      throw new MooseError("log_unavailable", `A record batch at offset ${this.#batch.baseOffset} is damaged.`);
    this.#at++;
    this.timestampMs = this.#batch.appendedAtMs ?? this.#batch.baseTimestampMs + this.#longVarint();
    if (this.#batch.appendedAtMs !== undefined) this.#longVarint();
    this.offset = this.#batch.baseOffset + this.#varint();
    const keyBytes = this.#varint();
    this.keyBegin = keyBytes < 0 ? -1 : this.#at;
    this.#at += Math.max(0, keyBytes);
    this.keyEnd = keyBytes < 0 ? -1 : this.#at;
    const valueBytes = this.#varint();
    this.valueBegin = valueBytes < 0 ? -1 : this.#at;
    this.#at += Math.max(0, valueBytes);
    this.valueEnd = valueBytes < 0 ? -1 : this.#at;
    this.headersBegin = this.#at;
    this.headersEnd = end;
    this.#at = end;
    return true;
  }

  #varint(): number {
    const { bytes } = this;
    let byte = bytes[this.#at++]!;
    let coded = byte & 0x7f;
    for (let shift = 7; byte > 0x7f && shift < 35; shift += 7) {
      byte = bytes[this.#at++]!;
      coded |= (byte & 0x7f) << shift;
    }
    return (coded >>> 1) ^ -(coded & 1);
  }

  /** Of 64 bits, read as a double: exact for times and their differences. */
  #longVarint(): number {
    const { bytes } = this;
    let coded = 0;
    let factor = 1;
    for (let byte = 0x80; byte > 0x7f && factor < 2 ** 70; factor *= 128) {
      byte = bytes[this.#at++]!;
      coded += (byte & 0x7f) * factor;
    }
    return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
  }
}
