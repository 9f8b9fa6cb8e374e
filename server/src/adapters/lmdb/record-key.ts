// Keys of stored record batches: ordered bytes, so that one forward seek finds the batch that holds an offset.

/**
 *   0        4            8                        16                              24
 *   | stream | partition  | offset of the LAST row | bytes of the partition so far |      all big-endian
 *
 * The last row's offset, not the first's: the first key at or after `offset` is then the batch that holds it. The bytes count every stored
 * batch that the partition ever had, this one included: the difference of two keys is what lies between them, without reading it.
 */
const RECORD_KEY_BYTES = 24;
const SEEK_KEY_BYTES = 16;

export interface RecordKey {
  readonly streamId: number;
  readonly partition: number;
  readonly lastOffset: number;
  readonly bytesSoFar: number;
}

export function recordKey({ streamId, partition, lastOffset, bytesSoFar }: RecordKey): Buffer {
  const key = Buffer.allocUnsafe(RECORD_KEY_BYTES);
  writeSeekKey(key, streamId, partition, lastOffset);
  key.writeBigUInt64BE(BigInt(bytesSoFar), 16);
  return key;
}

/** Sorts before every key whose last offset is `offset` or above, and behind all others. */
export function seekKey(streamId: number, partition: number, offset: number): Buffer {
  const key = Buffer.allocUnsafe(SEEK_KEY_BYTES);
  writeSeekKey(key, streamId, partition, offset);
  return key;
}

function writeSeekKey(key: Buffer, streamId: number, partition: number, offset: number): void {
  key.writeUInt32BE(streamId, 0);
  key.writeUInt32BE(partition, 4);
  key.writeBigUInt64BE(BigInt(offset), 8);
}

export function lastOffsetOfKey(key: Buffer): number {
  return Number(key.readBigUInt64BE(8));
}

/** 0 in keys that were written before they had it. */
export function bytesSoFarOfKey(key: Buffer): number {
  return key.length < RECORD_KEY_BYTES ? 0 : Number(key.readBigUInt64BE(16));
}

export function keyBelongsTo(key: Buffer, streamId: number, partition: number): boolean {
  return key.length >= SEEK_KEY_BYTES && key.readUInt32BE(0) === streamId && key.readUInt32BE(4) === partition;
}

/** Key of the offset to which a partition was trimmed. */
export function startKey(streamId: number, partition: number): Buffer {
  const key = Buffer.allocUnsafe(8);
  key.writeUInt32BE(streamId, 0);
  key.writeUInt32BE(partition, 4);
  return key;
}
