// Vectors of one repeated byte, kept in memory: an engine loads one with one instruction, and makes a constant anew with three.

const quotes: usize = memory.data<u8>([34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34]);
const backslashes: usize = memory.data<u8>([92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92]);
const blanks: usize = memory.data<u8>([32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32]);

const lineFeeds: usize = memory.data<u8>([10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10]);
const returns: usize = memory.data<u8>([13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13]);
const tabs: usize = memory.data<u8>([9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);

/** A bit for each byte that is white space; a line feed only when it counts. */
@inline
export function spacesOf(v: v128, withLineFeeds: bool): i32 {
  const others = v128.or(i8x16.eq(v, v128.load(tabs)), i8x16.eq(v, v128.load(returns)));
  const spaces = v128.or(i8x16.eq(v, v128.load(blanks)), others);
  return i8x16.bitmask(withLineFeeds ? v128.or(spaces, i8x16.eq(v, v128.load(lineFeeds))) : spaces);
}

/** A bit for each byte that is a quote, a backslash, a control character or not ASCII (as signed bytes, below 0x20). */
@inline
export function specialsOf(v: v128): i32 {
  return i8x16.bitmask(
    v128.or(v128.or(i8x16.eq(v, v128.load(quotes)), i8x16.eq(v, v128.load(backslashes))), i8x16.lt_s(v, v128.load(blanks))),
  );
}
