// Vectors of one repeated byte, kept in memory: an engine loads one with one instruction, and makes a constant anew with three.

const quotes: usize = memory.data<u8>([34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34]);
const backslashes: usize = memory.data<u8>([92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92]);
const blanks: usize = memory.data<u8>([32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32]);

/** A bit for each byte that is a quote, a backslash, a control character or not ASCII (as signed bytes, below 0x20). */
@inline
export function specialsOf(v: v128): i32 {
  return i8x16.bitmask(
    v128.or(v128.or(i8x16.eq(v, v128.load(quotes)), i8x16.eq(v, v128.load(backslashes))), i8x16.lt_s(v, v128.load(blanks))),
  );
}
