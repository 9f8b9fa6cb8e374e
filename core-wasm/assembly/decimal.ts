// Decimals and integers beyond 64 bits, by their digits: 256 bits of magnitude and a sign.
import { readExponent } from "./integer";
import { NOT_INTEGRAL, OUT_OF_RANGE, PRECISION_LOSS } from "./layout";

/** The magnitude read last, times ten to the scale: lowest 64 bits first. */
export let limb0: u64 = 0;
export let limb1: u64 = 0;
export let limb2: u64 = 0;
export let limb3: u64 = 0;
export let decimalNegative: bool = false;

/** 2^256 has 78 digits. */
const MAX_DIGITS: i64 = 78;

/** Powers of ten that 64 bits hold. */
const powers: usize = memory.data<u64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
  100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
]);

let carry: u64 = 0;

/** limb * factor + carry, the rest in `carry`. The factor has at most 32 bits. */
@inline
function multiplyLimb(limb: u64, factor: u64): u64 {
  const low = (limb & 0xffffffff) * factor + carry;
  const high = (limb >> 32) * factor + (low >> 32);
  carry = high >> 32;
  return (high << 32) | (low & 0xffffffff);
}

/** magnitude * factor + add; false when it has more than 256 bits. */
function multiplyAdd(factor: u64, add: u64): bool {
  carry = add;
  limb0 = multiplyLimb(limb0, factor);
  limb1 = multiplyLimb(limb1, factor);
  limb2 = multiplyLimb(limb2, factor);
  limb3 = multiplyLimb(limb3, factor);
  return carry == 0;
}

function setSmall(value: u64): void {
  limb0 = value;
  limb1 = 0;
  limb2 = 0;
  limb3 = 0;
}

/** Reads a plain number of up to 18 digits at `p`. Returns its end, or 0 when it takes the slow way (evaluateDecimal). */
export function readPlainDecimal(p: usize, scale: u32): usize {
  const minus = load<u8>(p) == 0x2d;
  let q = minus ? p + 1 : p;
  const first = q;
  let value: u64 = 0;
  let digit = <u32>load<u8>(q) - 0x30;
  while (digit < 10) {
    value = value * 10 + digit;
    q++;
    digit = <u32>load<u8>(q) - 0x30;
  }
  let count = q - first;
  if (count == 0 || (load<u8>(first) == 0x30 && count > 1)) return 0;
  let fraction: usize = 0;
  if (load<u8>(q) == 0x2e) {
    const from = ++q;
    digit = <u32>load<u8>(q) - 0x30;
    while (digit < 10) {
      value = value * 10 + digit;
      q++;
      digit = <u32>load<u8>(q) - 0x30;
    }
    fraction = q - from;
    if (fraction == 0) return 0;
    count += fraction;
  }
  if (fraction > <usize>scale || count + <usize>scale - fraction > 18 || (load<u8>(q) | 0x20) == 0x65) return 0;
  decimalNegative = minus;
  setSmall(value * load<u64>(powers + ((<usize>scale - fraction) << 3)));
  return q;
}

/** Evaluates the checked number at `p` to `end` times ten to `scale`. Returns a code, 0 when the limbs hold it. */
export function evaluateDecimal(p: usize, end: usize, scale: u32, integral: bool): u32 {
  decimalNegative = load<u8>(p) == 0x2d;
  if (decimalNegative) p++;
  let mark = p;
  while (mark < end && (load<u8>(mark) | 0x20) != 0x65) mark++;
  const exponent = mark < end ? readExponent(mark + 1, end) : 0;
  setSmall(0);
  // Positions counted in digits: of the point, of the first and of the last digit that is not zero.
  let digits: i64 = 0;
  let point: i64 = -1;
  let firstKept: i64 = -1;
  let lastKept: i64 = -1;
  let begin: usize = p;
  for (let q = p; q < mark; q++) {
    const c = load<u8>(q);
    if (c == 0x2e) point = digits;
    else {
      if (c != 0x30) {
        if (firstKept < 0) {
          firstKept = digits;
          begin = q;
        }
        lastKept = digits;
      }
      digits++;
    }
  }
  if (firstKept < 0) return 0;
  if (point < 0) point = digits;
  const wanted = point + exponent + <i64>scale;
  if (lastKept >= wanted) return integral ? NOT_INTEGRAL : PRECISION_LOSS;
  if (wanted - firstKept > MAX_DIGITS) return OUT_OF_RANGE;
  return accumulate(begin, firstKept, digits, wanted) ? 0 : OUT_OF_RANGE;
}

/** Takes the digits `index` to `wanted`, of which those from `digits` are zeros that are not written. */
function accumulate(q: usize, index: i64, digits: i64, wanted: i64): bool {
  while (index < wanted) {
    const stop = min<i64>(wanted, index + 9);
    let factor: u64 = 1;
    let chunk: u64 = 0;
    for (; index < stop; index++) {
      let digit: u64 = 0;
      if (index < digits) {
        if (load<u8>(q) == 0x2e) q++;
        digit = <u64>load<u8>(q++) - 0x30;
      }
      chunk = chunk * 10 + digit;
      factor *= 10;
    }
    if (!multiplyAdd(factor, chunk)) return false;
  }
  return true;
}

/** Whether a text is an optional "-", digits without leading zeros and, with `fraction`, a point and digits. */
export function isDecimalText(p: usize, end: usize, fraction: bool): bool {
  if (load<u8>(p) == 0x2d) p++;
  const first = p;
  while (p < end && <u32>load<u8>(p) - 0x30 < 10) p++;
  if (p == first || (load<u8>(first) == 0x30 && p - first > 1)) return false;
  if (p == end) return true;
  if (!fraction || load<u8>(p) != 0x2e || p + 1 == end) return false;
  for (p++; p < end; p++) if (<u32>load<u8>(p) - 0x30 > 9) return false;
  return true;
}

/** Whether what was read lies between the limits at `limits`: a sign (64 bits) and a magnitude each. */
export function isWithin(limits: usize): bool {
  return compareWith(limits) >= 0 && compareWith(limits + 40) <= 0;
}

function compareWith(limit: usize): i32 {
  const zero = (limb0 | limb1 | limb2 | limb3) == 0;
  const minus = decimalNegative && !zero;
  if (minus != (load<u64>(limit) != 0)) return minus ? -1 : 1;
  const order = compareMagnitude(limit + 8);
  return minus ? -order : order;
}

function compareMagnitude(at: usize): i32 {
  if (limb3 != load<u64>(at, 24)) return limb3 < load<u64>(at, 24) ? -1 : 1;
  if (limb2 != load<u64>(at, 16)) return limb2 < load<u64>(at, 16) ? -1 : 1;
  if (limb1 != load<u64>(at, 8)) return limb1 < load<u64>(at, 8) ? -1 : 1;
  return limb0 == load<u64>(at) ? 0 : limb0 < load<u64>(at) ? -1 : 1;
}

/** Gives a negative number its two's complement, in which it is stored. */
export function complement(): void {
  if (!decimalNegative) return;
  limb0 = ~limb0 + 1;
  limb1 = ~limb1 + <u64>(limb0 == 0);
  limb2 = ~limb2 + <u64>(limb0 == 0 && limb1 == 0);
  limb3 = ~limb3 + <u64>(limb0 == 0 && limb1 == 0 && limb2 == 0);
}
