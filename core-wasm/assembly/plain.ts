// Hot path: values in their usual form, from bytes to verdict and column. What is unusual or does not fit is left to value.ts.
//
// A value's end is where the next begins, so the steps from one end to the next hold up all that follows. Therefore an end comes from one load
// and few instructions, and whether a value is good is asked by branches, which a processor foresees: no end is chosen by a comparison.
import { appendPair, appendWord, notNull } from "./columns";
import { digitBits, digitsValue, power10, SIGN_AS_DIGIT, withoutSign, ZEROS } from "./digits";
import { atStep } from "./errors";
import { exactPower, floatBits, floatValue, setFloat } from "./float";
import {
  B_CURSOR, B_END, N_DATA, N_FLAGS, N_MAX, N_MIN, N_PRECISION, N_SHORT_NAMES, OP_BOOLEAN, OP_DATE, OP_ENUM, OP_FLOAT32, OP_FLOAT64, OP_INSTANT, OP_INTEGER,
  OP_LOW_CARDINALITY, OP_STRING, OP_TIME, OP_UNSIGNED, OP_UUID,
} from "./layout";
import { appendKeyCode } from "./low-cardinality";
import { firstSpecial } from "./scan";
import { findShortText, shortText, shortValue } from "./short-text";
import { readDate, readInstant, readTime, timeValue } from "./time";
import { readUuid, uuidHigh, uuidLow } from "./uuid";
import { readValue, writing } from "./value";
import { specialsOf } from "./vectors";

const QUOTE: u32 = 0x22;

/** Longest string whose length is one byte of LEB128. */
const COPIED: usize = 127;

/** Whether a string of `length` characters is neither too short nor too long. */
@inline
function fits(node: usize, length: usize): bool {
  return length >= <usize>load<u32>(node, N_MIN) && length <= <usize>load<u32>(node, N_MAX);
}

/** Whether a number goes on behind its digits. */
@inline
function goesOn(c: u32): bool {
  return c == 0x2e || (c | 0x20) == 0x65;
}

/**
 * Reads the value at `p` as the node and its N_OP, `op`, say. The container that `depth` steps lead to has it by the step `first`, `second`
 * (errors.ts). Returns the value's end, or 0 on a syntax error; what does not fit is noted and skipped.
 */
@inline
export function readPlain(node: usize, op: u32, p: usize, depth: u32, first: u32, second: u32): usize {
  do {
    /** What a column of numbers stores, and where the value ends. "break" is: they are known; "continue" is: not plain. */
    let value: u64 = 0;
    let end: usize = 0;
    switch (op) {
      case OP_STRING: {
        if (load<u8>(p) != QUOTE) continue;
        if (!writing) {
          end = firstSpecial(p + 1);
          if (load<u8>(end) != QUOTE || !fits(node, end - p - 1)) continue;
          return end + 1;
        }
        // Copied while its end is looked for.
        const cursor = <usize>load<u32>(node, N_DATA + B_CURSOR);
        if (cursor + COPIED + 1 > <usize>load<u32>(node, N_DATA + B_END)) continue;
        let from = p + 1;
        let to = cursor + 1;
        let text = v128.load(from);
        v128.store(to, text);
        let found = specialsOf(text);
        while (found == 0 && to < cursor + COPIED - 16) {
          from += 16;
          to += 16;
          text = v128.load(from);
          v128.store(to, text);
          found = specialsOf(text);
        }
        if (found == 0) continue;
        end = from + <usize>ctz<i32>(found);
        const length = end - p - 1;
        if (load<u8>(end) != QUOTE || !fits(node, length)) continue;
        store<u8>(cursor, <u32>length);
        store<u32>(node, <u32>(cursor + 1 + length), N_DATA + B_CURSOR);
        notNull(node, <u32>load<u8>(node, N_FLAGS));
        return end + 1;
      }
      case OP_INTEGER: {
        let word = load<u64>(p) ^ ZEROS;
        // The end is the same with a sign and without.
        const bits = digitBits(word & SIGN_AS_DIGIT);
        const negative = <u8>word == 0x1d;
        if (negative) {
          if (bits == 8 || (<u32>load<u8>(p, 1) == 0x30 && bits != 16)) continue;
          word = withoutSign(word);
        } else if (<u32>load<u8>(p) - 0x30 > 9 || (<u32>load<u8>(p) == 0x30 && bits != 8)) continue;
        value = digitsValue(word, bits);
        end = p + <usize>(bits >> 3);
        if (bits == 64) {
          word = load<u64>(p, 8) ^ ZEROS;
          const more = digitBits(word);
          if (more == 64) continue;
          if (more != 0) {
            value = value * power10(<u32>(more >> 3)) + digitsValue(word, more);
            end += <usize>(more >> 3);
          }
        }
        if (goesOn(load<u8>(end))) continue;
        if (negative) value = -value;
        if (<i64>value < load<i64>(node, N_MIN) || <i64>value > load<i64>(node, N_MAX)) continue;
        break;
      }
      case OP_UNSIGNED: {
        let word = load<u64>(p) ^ ZEROS;
        const bits = digitBits(word);
        if (bits == 0 || (<u32>load<u8>(p) == 0x30 && bits != 8)) continue;
        value = digitsValue(word, bits);
        end = p + <usize>(bits >> 3);
        if (bits == 64) {
          word = load<u64>(p, 8) ^ ZEROS;
          const more = digitBits(word);
          if (more == 64) continue;
          if (more != 0) {
            value = value * power10(<u32>(more >> 3)) + digitsValue(word, more);
            end += <usize>(more >> 3);
          }
        }
        if (goesOn(load<u8>(end)) || value < load<u64>(node, N_MIN) || value > load<u64>(node, N_MAX)) continue;
        break;
      }
      case OP_FLOAT64:
      case OP_FLOAT32: {
        let word = load<u64>(p) ^ ZEROS;
        // Sign and digits before the point: at most seven.
        let bits = digitBits(word & SIGN_AS_DIGIT);
        const negative = <u8>word == 0x1d;
        if (bits == 64) continue;
        if (negative) {
          if (bits == 8 || (<u32>load<u8>(p, 1) == 0x30 && bits != 16)) continue;
          word = withoutSign(word);
        } else if (<u32>load<u8>(p) - 0x30 > 9 || (<u32>load<u8>(p) == 0x30 && bits != 8)) continue;
        let mantissa = digitsValue(word, bits);
        end = p + <usize>(bits >> 3);
        let fraction: usize = 0;
        if (<u32>load<u8>(end) == 0x2e) {
          const point = end;
          word = load<u64>(point, 1) ^ ZEROS;
          bits = digitBits(word);
          if (bits == 0) continue;
          mantissa = mantissa * power10(<u32>(bits >> 3)) + digitsValue(word, bits);
          end = point + 1 + <usize>(bits >> 3);
          if (bits == 64) {
            word = load<u64>(point, 9) ^ ZEROS;
            bits = digitBits(word);
            if (bits == 64) {
              // Up to nineteen digits fit 64 bits: here at most seven, sixteen, and what they leave.
              mantissa = mantissa * 100000000 + digitsValue(word, bits);
              end = point + 17;
              while (<u32>load<u8>(end) - 0x30 < 10 && end - p < 20) mantissa = mantissa * 10 + (<u64>load<u8>(end++) - 0x30);
              if (end - p > 20 || <u32>load<u8>(end) - 0x30 < 10) continue;
            } else if (bits != 0) {
              mantissa = mantissa * power10(<u32>(bits >> 3)) + digitsValue(word, bits);
              end = point + 9 + <usize>(bits >> 3);
              if (end - p > 20) continue;
            }
          }
          fraction = end - point - 1;
        }
        if ((<u32>load<u8>(end) | 0x20) == 0x65) continue;
        if (op == OP_FLOAT64 && mantissa <= 1 << 53) {
          // Both are exact, so one division rounds correctly.
          const quotient = <f64>(<i64>mantissa) / exactPower(fraction);
          const signed = negative ? -quotient : quotient;
          if (!(signed >= load<f64>(node, N_MIN) && signed <= load<f64>(node, N_MAX))) continue;
          value = reinterpret<u64>(signed);
          break;
        }
        setFloat(mantissa, -<i64>fraction, negative, op == OP_FLOAT32);
        if (!(floatValue >= load<f64>(node, N_MIN) && floatValue <= load<f64>(node, N_MAX))) continue;
        value = floatBits;
        break;
      }
      case OP_INSTANT: {
        // What JavaScript's Date writes. A time holds no quote, so these are the text's ends.
        if (load<u8>(p) != QUOTE || <u32>load<u16>(p, 24) != 0x225a) continue;
        if (!readInstant(p + 1, load<i64>(node, N_MIN), load<i64>(node, N_MAX))) continue;
        value = <u64>timeValue;
        end = p + 26;
        break;
      }
      case OP_TIME: {
        if (load<u8>(p) != QUOTE) continue;
        const length: usize = <u32>load<u16>(p, 24) == 0x225a ? 24 : 20;
        if (<u32>load<u16>(p + length) != 0x225a) continue;
        if (readTime(p + 1, length, <u32>load<u8>(node, N_PRECISION), load<i64>(node, N_MIN), load<i64>(node, N_MAX)) != 0) continue;
        value = <u64>timeValue;
        end = p + length + 2;
        break;
      }
      case OP_LOW_CARDINALITY:
      case OP_ENUM: {
        if (load<u8>(p) != QUOTE) continue;
        const chars = v128.load(p + 1);
        const found = specialsOf(chars);
        if (found == 0) continue;
        const length = <usize>ctz<i32>(found);
        end = p + length + 2;
        if (load<u8>(p + length, 1) != QUOTE) continue;
        const text = shortText(chars, length);
        if (op == OP_LOW_CARDINALITY) {
          if (!fits(node, length)) continue;
          appendKeyCode(node, text, p + 1, length);
          return end;
        }
        const slot = findShortText(load<u32>(node, N_SHORT_NAMES), text);
        if (slot == 0) continue;
        value = <u64>(<i64>shortValue(slot));
        break;
      }
      case OP_BOOLEAN: {
        if (load<u32>(p) == 0x65757274) {
          value = 1;
          end = p + 4;
        } else {
          if (load<u64>(p) << 24 != 0x65736c6166000000) continue;
          if (writing) appendWord(node, 0);
          return p + 5;
        }
        break;
      }
      case OP_UUID: {
        if (load<u8>(p) != QUOTE || <u32>load<u8>(p, 37) != QUOTE || !readUuid(p + 1, 36)) continue;
        if (writing) appendPair(node, uuidHigh, uuidLow);
        return p + 38;
      }
      case OP_DATE: {
        if (load<u8>(p) != QUOTE || <u32>load<u8>(p, 11) != QUOTE) continue;
        if (readDate(p + 1, 10, load<i64>(node, N_MIN), load<i64>(node, N_MAX)) != 0) continue;
        value = <u64>timeValue;
        end = p + 12;
        break;
      }
      default:
        continue;
    }
    if (writing) appendWord(node, value);
    return end;
  } while (false);
  atStep(depth, first, second);
  return readValue(node, p);
}
