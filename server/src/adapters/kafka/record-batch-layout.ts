// The layout of a record batch in Kafka's message format 2, and its variable-length integers.
//
//    0 base offset            int64     21 attributes            int16     43 producer id             int64
//    8 length, from 12 on     int32     23 last offset delta     int32     51 producer epoch          int16
//   12 leader epoch           int32     27 base timestamp        int64     53 base sequence           int32
//   16 magic, 2               int8      35 maximum timestamp     int64     57 count of records        int32
//   17 CRC-32C, of 21 on      uint32                                       61 records
//
// A record: length, attributes (int8, 0), timestamp delta, offset delta, key length (-1: null) and key, value length (-1: null) and
// value, count of headers and each header as length, key, length (-1: null), value. Lengths, deltas and counts are zigzag varints.
// Source: kafka.apache.org/documentation/#recordbatch.

export const LENGTH_AT = 8;
export const LENGTH_FROM = 12;
export const MAGIC_AT = 16;
export const CRC_AT = 17;
export const ATTRIBUTES_AT = 21;
export const LAST_OFFSET_DELTA_AT = 23;
export const BASE_TIMESTAMP_AT = 27;
export const MAX_TIMESTAMP_AT = 35;
export const PRODUCER_ID_AT = 43;
export const PRODUCER_EPOCH_AT = 51;
export const BASE_SEQUENCE_AT = 53;
export const COUNT_AT = 57;
export const RECORDS_AT = 61;

export const MAGIC = 2;
export const COMPRESSION_MASK = 0x07;
export const LOG_APPEND_TIME_FLAG = 0x08;
export const TRANSACTIONAL_FLAG = 0x10;
export const CONTROL_FLAG = 0x20;

/** Bytes of `value` as a zigzag varint; for values of 31 bits. */
export function varintBytes(value: number): number {
  const coded = (value << 1) ^ (value >> 31);
  return coded >>> 7 === 0 ? 1 : coded >>> 14 === 0 ? 2 : coded >>> 21 === 0 ? 3 : coded >>> 28 === 0 ? 4 : 5;
}

/** Writes `value` as a zigzag varint; returns where the next byte goes. For values of 31 bits. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let next = at;
  for (; rest > 0x7f; rest >>>= 7) bytes[next++] = (rest & 0x7f) | 0x80;
  bytes[next++] = rest;
  return next;
}
