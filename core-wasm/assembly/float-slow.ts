// The rare float whose first 19 digits do not decide: compares all its digits with the half-way point, in big integers.
import { NUMBER_SCRATCH } from "./layout";

// A number is its count of 32-bit limbs and then the limbs, lowest first. The largest here: 800 digits or 2^1100 · 10^342, under 4,000 bits.
const LEFT: usize = NUMBER_SCRATCH;
const RIGHT: usize = NUMBER_SCRATCH + 0x800;

/** A float64 half-way point has at most 767 significant digits; what follows only says "and a little more". */
const MAX_DIGITS: i32 = 768;

function setNumber(at: usize, value: u64): void {
  store<u32>(at, value == 0 ? 0 : value >> 32 == 0 ? 1 : 2);
  store<u64>(at, value, 4);
}

function multiplyAdd(at: usize, factor: u32, add: u32): void {
  const limbs = load<u32>(at);
  let carry: u64 = add;
  for (let i: u32 = 0; i < limbs; i++) {
    const limb = at + 4 + (<usize>i << 2);
    carry += <u64>load<u32>(limb) * factor;
    store<u32>(limb, <u32>carry);
    carry >>= 32;
  }
  if (carry != 0) {
    store<u32>(at + 4 + (<usize>limbs << 2), <u32>carry);
    store<u32>(at, limbs + 1);
  }
}

/** Times 5^power; thirteen powers of five fit in a limb. */
function multiplyFives(at: usize, power: i64): void {
  for (; power >= 13; power -= 13) multiplyAdd(at, 1220703125, 0);
  for (; power > 0; power--) multiplyAdd(at, 5, 0);
}

function shiftLeft(at: usize, bits: i64): void {
  while (bits >= 31) {
    multiplyAdd(at, 0x80000000, 0);
    bits -= 31;
  }
  multiplyAdd(at, <u32>1 << <u32>bits, 0);
}

function compareNumbers(a: usize, b: usize): i32 {
  const limbs = load<u32>(a);
  if (limbs != load<u32>(b)) return limbs < load<u32>(b) ? -1 : 1;
  for (let i = limbs; i > 0; i--) {
    const x = load<u32>(a + (<usize>i << 2));
    const y = load<u32>(b + (<usize>i << 2));
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

/**
 * Digits (with a point among them) from `p` to `end`; their first 19 significant ones times 10^power lie at or above the float `below`
 * and under its second neighbour. Returns the bits of the nearest float, ties to even.
 */
export function roundByDigits(p: usize, end: usize, power: i64, below: u64, single: bool): u64 {
  const bits: i32 = single ? 23 : 52;
  const infinite: u64 = single ? 0xff : 0x7ff;
  let candidate = below;
  // `below` was rounded to nearest from the cut digits, so the answer is it or one of its neighbours.
  if (candidate > 0) candidate--;
  while (candidate >> bits < infinite) {
    const order = compareWithHalf(p, end, power, candidate, bits, single);
    if (order < 0 || (order == 0 && (candidate & 1) == 0)) return candidate;
    candidate++;
  }
  return infinite << bits;
}

/** Order of the digits against the point half way from `candidate` to the float above it. */
function compareWithHalf(p: usize, end: usize, power: i64, candidate: u64, bits: i32, single: bool): i32 {
  const biased = <i64>(candidate >> bits);
  const hidden: u64 = biased == 0 ? 0 : <u64>1 << bits;
  const mantissa = (((candidate & ((<u64>1 << bits) - 1)) | hidden) << 1) + 1;
  const exponent = (biased == 0 ? 1 : biased) - (single ? 127 : 1023) - bits - 1;
  let digits = 0;
  let scale = power;
  let more = false;
  let chunk: u32 = 0;
  let chunkScale: u32 = 1;
  setNumber(LEFT, 0);
  for (let q = p; q < end; q++) {
    const c = <u32>load<u8>(q);
    if (c == 0x2e) continue;
    if (digits >= MAX_DIGITS) {
      if (c != 0x30) more = true;
      continue;
    }
    // Nine digits at a time.
    chunk = chunk * 10 + (c - 0x30);
    chunkScale *= 10;
    if (chunkScale == 1000000000) {
      multiplyAdd(LEFT, chunkScale, chunk);
      chunk = 0;
      chunkScale = 1;
    }
    if (digits > 0 || c != 0x30) {
      digits++;
      // `power` belongs to the first 19 significant digits: each further one is worth a tenth.
      if (digits > 19) scale--;
    }
  }
  multiplyAdd(LEFT, chunkScale, chunk);
  setNumber(RIGHT, mantissa);
  if (scale >= 0) {
    multiplyFives(LEFT, scale);
  } else multiplyFives(RIGHT, -scale);
  const twos = scale - exponent;
  if (twos >= 0) shiftLeft(LEFT, twos);
  else shiftLeft(RIGHT, -twos);
  const order = compareNumbers(LEFT, RIGHT);
  return order == 0 && more ? 1 : order;
}
