// Decimal digits, eight at a time: how many a word begins with, and their value.

/** Eight times the character "0". A word of digits xor ZEROS has a digit's value in each byte. */
export const ZEROS: u64 = 0x3030303030303030;

/** Bits of the digits that `word` (text xor ZEROS) begins with: 8 for each, 64 when it has nothing else. */
@inline
export function digitBits(word: u64): u64 {
  return ctz<u64>(((word + 0x7676767676767676) | word) & 0x8080808080808080) & ~7;
}

/** Takes the byte of a sign, or whatever a word begins with, for a digit. */
export const SIGN_AS_DIGIT: u64 = 0xffffffffffffff00;

/** The word with a zero in the place of its sign. */
@inline
export function withoutSign(word: u64): u64 {
  return word & SIGN_AS_DIGIT;
}

/** Value of the digits in the first `bits` bits of `word`, 8 to 64 of them. Three multiplications, each of neighbours. */
@inline
export function digitsValue(word: u64, bits: u64): u64 {
  const digits = word << (64 - bits);
  const pairs = digits * 10 + (digits >> 8);
  return ((pairs & 0x000000ff000000ff) * 0x000f424000000064 + ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32;
}

const powers: usize = memory.data<u64>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000]);

/** 10^digits, up to 10^9. */
@inline
export function power10(digits: u32): u64 {
  return load<u64>(powers + (<usize>digits << 3));
}
