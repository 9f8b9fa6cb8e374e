// Hot path: CRC-32C (Castagnoli), the checksum of Kafka's record batches; four bytes at a time.

const POLYNOMIAL = 0x82f63b78;
let tables: readonly [Int32Array, Int32Array, Int32Array, Int32Array] | undefined;

function makeTables(): readonly [Int32Array, Int32Array, Int32Array, Int32Array] {
  const make = () => new Int32Array(256);
  const made = [make(), make(), make(), make()] as const;
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    made[0][byte] = crc;
  }
  for (let byte = 0; byte < 256; byte++) {
    for (let i = 1; i < 4; i++) {
      const before = made[i - 1]![byte]!;
      made[i]![byte] = (before >>> 8) ^ made[0][before & 0xff]!;
    }
  }
  return made;
}

/** Of `bytes` from `begin` to `end` (exclusive), as an unsigned number of 32 bits. */
export function crc32c(bytes: Uint8Array, begin: number, end: number): number {
  tables ??= makeTables();
  const [first, second, third, fourth] = tables;
  let crc = -1;
  let at = begin;
  for (; at + 4 <= end; at += 4) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc = fourth[crc & 0xff]! ^ third[(crc >>> 8) & 0xff]! ^ second[(crc >>> 16) & 0xff]! ^ first[crc >>> 24]!;
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ first[(crc ^ bytes[at]!) & 0xff]!;
  return ~crc >>> 0;
}
