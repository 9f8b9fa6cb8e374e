// Keys of stored record batches: ordered bytes, so that one forward seek finds the batch that holds an offset.

/**
 *   0        4            8                        16
 *   | stream | partition  | offset of the LAST row |      all big-endian
 *
 * The last row's offset, not the first's: the first key at or after `offset` is then the batch that holds it.
 */
const RECORD_KEY_BYTES = 16;

export function recordKey(streamId: number, partition: number, lastOffset: number): Buffer {
  const key = Buffer.allocUnsafe(RECORD_KEY_BYTES);
  key.writeUInt32BE(streamId, 0);
  key.writeUInt32BE(partition, 4);
  key.writeBigUInt64BE(BigInt(lastOffset), 8);
  return key;
}

export function lastOffsetOfKey(key: Buffer): number {
  return Number(key.readBigUInt64BE(8));
}

export function keyBelongsTo(key: Buffer, streamId: number, partition: number): boolean {
  return key.length === RECORD_KEY_BYTES && key.readUInt32BE(0) === streamId && key.readUInt32BE(4) === partition;
}
