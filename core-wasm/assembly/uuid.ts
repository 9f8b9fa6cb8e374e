// UUIDs from their 36 characters to the two 64-bit halves that ClickHouse stores, 16 digits at a time.

export let uuidHigh: u64 = 0;
export let uuidLow: u64 = 0;

/** Value of 16 hexadecimal digits, the last in lane 0; false in `valid` when one is none. */
let valid: bool = false;

@inline
function packDigits(text: v128): u64 {
  const decimal = i8x16.sub(text, i8x16.splat(0x30));
  const isDecimal = i8x16.lt_u(decimal, i8x16.splat(10));
  const letter = i8x16.sub(v128.or(text, i8x16.splat(0x20)), i8x16.splat(0x61));
  valid = i8x16.all_true(v128.or(isDecimal, i8x16.lt_u(letter, i8x16.splat(6))));
  const digits = v128.bitselect(decimal, i8x16.add(letter, i8x16.splat(10)), isDecimal);
  // Lanes of 16 bits: the low digit below, the high one above.
  const pairs = v128.or(v128.and(digits, i16x8.splat(0x0f)), i16x8.shr_u(v128.and(digits, i16x8.splat(0x0f00)), 4));
  return i64x2.extract_lane(i8x16.narrow_i16x8_u(pairs, pairs), 0);
}

/** Reads 8-4-4-4-12 hexadecimal digits. False when the text is anything else. */
export function readUuid(p: usize, length: usize): bool {
  if (length != 36 || load<u8>(p, 8) != 0x2d || load<u8>(p, 13) != 0x2d || load<u8>(p, 18) != 0x2d || load<u8>(p, 23) != 0x2d) return false;
  // Characters 17 to 14, 12 to 9, 7 to 0; then 35 to 24, 22 to 19: backwards, because lane 0 is the lowest.
  const high = v128.shuffle<i8>(v128.load(p), v128.load(p, 2), 31, 30, 29, 28, 12, 11, 10, 9, 7, 6, 5, 4, 3, 2, 1, 0);
  uuidHigh = packDigits(high);
  if (!valid) return false;
  const low = v128.shuffle<i8>(v128.load(p, 19), v128.load(p, 20), 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 3, 2, 1, 0);
  uuidLow = packDigits(low);
  return valid;
}
