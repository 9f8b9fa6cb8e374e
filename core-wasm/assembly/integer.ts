// Integers by their digits: 1e2 and 100.0 are integral, 18446744073709551615 survives.
import { NOT_INTEGRAL, OUT_OF_RANGE } from "./layout";
import { skipNumber } from "./skip";

/** The number read last: its magnitude and sign, or the code of what is wrong with it (0 is fine: INVALID_JSON never comes from here). */
export let magnitude: u64 = 0;
export let negative: bool = false;
export let integerProblem: u32 = 0;

@inline
function isDigit(c: u32): bool {
  return c - 0x30 < 10;
}

/** `p` is at "-" or a digit. Returns the end of the number, or 0 on a syntax error. */
export function readInteger(p: usize): usize {
  let q = p;
  const minus = load<u8>(q) == 0x2d;
  if (minus) q++;
  const first = q;
  let value: u64 = 0;
  let digit = <u32>load<u8>(q) - 0x30;
  while (digit < 10) {
    value = value * 10 + digit;
    q++;
    digit = <u32>load<u8>(q) - 0x30;
  }
  const digits = q - first;
  const next = <u32>load<u8>(q);
  // 18 digits cannot overflow; everything unusual takes the slow way.
  if (digits - 1 > 17 || next == 0x2e || (next | 0x20) == 0x65 || (load<u8>(first) == 0x30 && digits > 1)) return readSlowly(p);
  magnitude = value;
  negative = minus;
  integerProblem = 0;
  return q;
}

function readSlowly(p: usize): usize {
  const end = skipNumber(p);
  // skipNumber stops behind a leading zero; what follows must not be a digit.
  if (end == 0) return 0;
  integerProblem = evaluate(p, end);
  return end;
}

/** Reads the checked number at `p` to `end` digit by digit. Returns a code, 0 when it is an integer of 64 bits. */
function evaluate(p: usize, end: usize): u32 {
  negative = load<u8>(p) == 0x2d;
  if (negative) p++;
  let mark = p;
  while (mark < end && (load<u8>(mark) | 0x20) != 0x65) mark++;
  const exponent = mark < end ? readExponent(mark + 1, end) : 0;
  // Position of the last digit that is not zero, and of the point, counted in digits.
  let digits: i64 = 0;
  let point: i64 = -1;
  let firstKept: i64 = -1;
  let lastKept: i64 = -1;
  for (let q = p; q < mark; q++) {
    const c = load<u8>(q);
    if (c == 0x2e) point = digits;
    else {
      if (c != 0x30) {
        if (firstKept < 0) firstKept = digits;
        lastKept = digits;
      }
      digits++;
    }
  }
  magnitude = 0;
  if (firstKept < 0) return 0;
  if (point < 0) point = digits;
  const integerDigits = point + exponent;
  if (lastKept >= integerDigits) return NOT_INTEGRAL;
  if (integerDigits - firstKept > 20) return OUT_OF_RANGE;
  let value: u64 = 0;
  let index: i64 = 0;
  let q = p;
  while (index < integerDigits) {
    let digit: u64 = 0;
    if (index < digits) {
      if (load<u8>(q) == 0x2e) q++;
      digit = <u64>load<u8>(q++) - 0x30;
    }
    if (value > 1844674407370955161 || (value == 1844674407370955161 && digit > 5)) return OUT_OF_RANGE;
    value = value * 10 + digit;
    index++;
  }
  magnitude = value;
  return 0;
}

/** The exponent behind "e", held within ±2^40: no input is long enough to make up for more. */
export function readExponent(p: usize, end: usize): i64 {
  const sign = load<u8>(p);
  if (sign == 0x2b || sign == 0x2d) p++;
  let value: i64 = 0;
  while (p < end) {
    if (value < 1 << 36) value = value * 10 + <i64>(load<u8>(p) - 0x30);
    p++;
  }
  return sign == 0x2d ? -value : value;
}

/** Reads the text of a decimal string: an optional "-", digits without leading zeros. False when it is none. */
export function readDecimalText(p: usize, end: usize): bool {
  const first = load<u8>(p) == 0x2d ? p + 1 : p;
  if (first >= end || (load<u8>(first) == 0x30 && end - first > 1)) return false;
  for (let q = first; q < end; q++) if (!isDigit(load<u8>(q))) return false;
  integerProblem = evaluate(p, end);
  return true;
}
