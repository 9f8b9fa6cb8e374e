// Floats, correctly rounded: exact small cases, then Eisel-Lemire (Lemire, "Number Parsing at a Gigabyte per Second", 2021), then big integers.
import { roundByDigits } from "./float-slow";
import { readExponent } from "./integer";
import { powersOfFive, SMALLEST_POWER } from "./powers-of-five.generated";
import { skipNumber } from "./skip";

/** The number read last, as the bits of a float64 or float32. Infinite when it has no finite value in that type. */
export let floatBits: u64 = 0;

/** Value, as float64, of what was read last. */
export let floatValue: f64 = 0;

@inline
function isDigit(c: u32): bool {
  return c - 0x30 < 10;
}

let low: u64 = 0;

/** High half of a 128-bit product; the low half is left in `low`. */
@inline
function multiply(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const lowLow = aLow * bLow;
  const middle = aHigh * bLow + (lowLow >> 32);
  const cross = aLow * bHigh + (middle & 0xffffffff);
  low = (cross << 32) | (lowLow & 0xffffffff);
  return aHigh * bHigh + (middle >> 32) + (cross >> 32);
}

/** Bits (without sign) of the float nearest to mantissa · 10^power. `single` chooses float32. */
function eiselLemire(mantissa: u64, power: i64, single: bool): u64 {
  const bits: i32 = single ? 23 : 52;
  const minimum: i32 = single ? -127 : -1023;
  const infinite: u64 = single ? 0xff : 0x7ff;
  const smallest: i64 = single ? -64 : -342;
  if (mantissa == 0 || smallest > power) return 0;
  if (power > (single ? 38 : 308)) return infinite << bits;
  const q = <i32>power;
  const zeros = <i32>clz<u64>(mantissa);
  const w = mantissa << zeros;
  const entry = powersOfFive + (<usize>(q - SMALLEST_POWER) << 4);
  let high = multiply(w, load<u64>(entry));
  const mask: u64 = u64.MAX_VALUE >> (bits + 3);
  if ((high & mask) == mask) {
    const firstLow = low;
    const second = multiply(w, load<u64>(entry, 8));
    low = firstLow + second;
    if (low < firstLow) high++;
  }
  const upper = <i32>(high >> 63);
  const shift = upper + 64 - bits - 3;
  let m = high >> shift;
  let exponent = ((217706 * q) >> 16) + 63 + upper - zeros - minimum;
  if (exponent <= 0) {
    if (1 - exponent >= 64) return 0;
    m >>= 1 - exponent;
    m = (m + (m & 1)) >> 1;
    return m;
  }
  // Exactly half way between two floats: only for small powers of five.
  if (low <= 1 && q >= (single ? -17 : -4) && q <= (single ? 10 : 23) && (m & 3) == 1 && m << shift == high) m &= ~1;
  m = (m + (m & 1)) >> 1;
  if (m >= <u64>2 << bits) {
    m = <u64>1 << bits;
    exponent++;
  }
  if (<u64>exponent >= infinite) return infinite << bits;
  return (m & ~(<u64>1 << bits)) | (<u64>exponent << bits);
}

/** Powers of ten that a float64 holds exactly. */
const exactPowers: usize = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]);

/** 10^power, which is exact up to 22. */
@inline
export function exactPower(power: usize): f64 {
  return load<f64>(exactPowers + (power << 3));
}

/** `p` is at "-" or a digit. Returns the end of the number, or 0 on a syntax error. */
export function readFloat(p: usize, single: bool): usize {
  let q = p;
  const minus = load<u8>(q) == 0x2d;
  if (minus) q++;
  const first = q;
  let mantissa: u64 = 0;
  let digit = <u32>load<u8>(q) - 0x30;
  while (digit < 10) {
    mantissa = mantissa * 10 + digit;
    q++;
    digit = <u32>load<u8>(q) - 0x30;
  }
  let count = q - first;
  // A point needs a digit before it, as skipNumber says.
  if (count == 0) return skipNumber(p);
  let fraction: usize = 0;
  if (load<u8>(q) == 0x2e) {
    const from = ++q;
    digit = <u32>load<u8>(q) - 0x30;
    while (digit < 10) {
      mantissa = mantissa * 10 + digit;
      q++;
      digit = <u32>load<u8>(q) - 0x30;
    }
    fraction = q - from;
    if (fraction == 0) return skipNumber(p);
    count += fraction;
  }
  if (count - 1 > 18 || (load<u8>(first) == 0x30 && first + 1 < q && isDigit(load<u8>(first, 1))) || (load<u8>(q) | 0x20) == 0x65) {
    return readLong(p, single);
  }
  setFloat(mantissa, -<i64>fraction, minus, single);
  return q;
}

function setBits(bits: u64, minus: bool, single: bool): void {
  if (single) {
    floatBits = bits | (<u64>minus << 31);
    floatValue = <f64>reinterpret<f32>(<u32>floatBits);
  } else {
    floatBits = bits | (<u64>minus << 63);
    floatValue = reinterpret<f64>(floatBits);
  }
}

/** Leaves mantissa · 10^power, rounded, in floatBits and floatValue. */
export function setFloat(mantissa: u64, power: i64, minus: bool, single: bool): void {
  if (!single && mantissa <= 1 << 53 && power <= 22 && power >= -22) {
    let value = <f64>(<i64>mantissa);
    const scale = exactPower(<usize>(power < 0 ? -power : power));
    value = power < 0 ? value / scale : value * scale;
    floatValue = minus ? -value : value;
    floatBits = reinterpret<u64>(floatValue);
    return;
  }
  setBits(eiselLemire(mantissa, power, single), minus, single);
}

/** Numbers with an exponent, with leading zeros or with more than 19 digits. */
function readLong(p: usize, single: bool): usize {
  const end = skipNumber(p);
  if (end == 0) return 0;
  const minus = load<u8>(p) == 0x2d;
  const first = minus ? p + 1 : p;
  let mark = first;
  while (mark < end && (load<u8>(mark) | 0x20) != 0x65) mark++;
  let power: i64 = mark < end ? readExponent(mark + 1, end) : 0;
  let mantissa: u64 = 0;
  let significant = 0;
  let cut = false;
  let inFraction = false;
  for (let q = first; q < mark; q++) {
    const c = load<u8>(q);
    if (c == 0x2e) {
      inFraction = true;
      continue;
    }
    if (significant < 19) {
      mantissa = mantissa * 10 + (c - 0x30);
      if (mantissa != 0) significant++;
      if (inFraction) power--;
    } else {
      if (c != 0x30) cut = true;
      if (!inFraction) power++;
    }
  }
  if (!cut) {
    setFloat(mantissa, power, minus, single);
    return end;
  }
  // The digits that were cut off lie between mantissa and mantissa + 1: when both round alike, they do not matter.
  const below = eiselLemire(mantissa, power, single);
  const above = eiselLemire(mantissa + 1, power, single);
  setBits(below == above ? below : roundByDigits(first, mark, power, below, single), minus, single);
  return end;
}
