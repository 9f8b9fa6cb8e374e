// Hot path: one value of a known type, from its bytes to verdict and column.
import { appendFixed, appendNull, decodedLimit, decodedRoom, endDecoded, appendPair, appendString, appendWide, appendWord } from "./columns";
import { appendEmptyObject, readArray, readMap, readNested, readPartitionKey, readPoint } from "./containers";
import {
  complement, decimalNegative, evaluateDecimal, isDecimalText, isWithin, limb0, limb1, limb2, limb3, readPlainDecimal,
} from "./decimal";
import { pathDepth, violation } from "./errors";
import { floatBits, floatValue, readFloat } from "./float";
import { integerProblem, magnitude, negative, readDecimalText, readInteger } from "./integer";
import { ipv4, ipv6First, ipv6Second, readIpv4, readIpv6 } from "./ip";
import {
  EPOCH, INVALID_FORMAT, INVALID_UTF8, KIND_ARRAY, KIND_BOOLEAN, KIND_DATE, KIND_DECIMAL, KIND_ENUM, KIND_FIXED_STRING, KIND_FLOAT32,
  KIND_FLOAT64, KIND_INTEGER, KIND_IPV4, KIND_IPV6, KIND_JSON, KIND_MAP, KIND_OBJECT, KIND_PARTITION_KEY, KIND_POINT, KIND_STRING, KIND_TIME,
  KIND_UINT64, KIND_UUID, LOW_CARDINALITY, NOT_IN_ENUM, NULLABLE, NULL_IS_EMPTY, N_EPOCH, N_FLAGS, N_KIND, N_LIMITS, N_MAX, N_MIN, N_NAMES, N_PATTERNS,
  N_PRECISION, N_WIDTH, OUT_OF_RANGE, PROGRAM, SCALED, TEXT_SCRATCH, TEXT_SCRATCH_BYTES, TOO_DEEP, TOO_LONG, TOO_SHORT, WIDE, WRONG_TYPE,
} from "./layout";
import { readJson } from "./json-value";
import { findName, nameValue } from "./names";
import { matchesPatterns } from "./run-pattern";
import { codePoints, escaped, firstSpecial, scanRest, scanString, wellFormed } from "./scan";
import { skipNumber, skipValue, skippedTooDeep, skippedWellFormed } from "./skip";
import { decodeText, decodedLength } from "./text";
import { readDate, readEpoch, readTime, timeValue } from "./time";
import { copyDecoded, walkedPoints, writtenEnd } from "./walk-text";
import { readUuid, uuidHigh, uuidLow } from "./uuid";

/** Whether values go to columns; else they are only checked. */
export let writing: bool = false;
export function setWriting(value: bool): void {
  writing = value;
}

/** Decoded text of the short string read last. */
let textBegin: usize = 0;
let textLength: usize = 0;

@inline
function isNumber(c: u32): bool {
  return c - 0x30 < 10 || c == 0x2d;
}

/** Reads the value at `p` as `node` says. Returns its end, or 0 on a syntax error; what does not fit is noted and skipped. */
export function readValue(node: usize, p: usize): usize {
  switch (<u32>load<u8>(node, N_KIND)) {
    case KIND_STRING:
      return readString(node, p);
    case KIND_INTEGER:
      return isNumber(load<u8>(p)) ? readSigned(node, p) : readIntegerText(node, p);
    case KIND_FLOAT64:
      return readDouble(node, p);
    case KIND_TIME:
    case KIND_DATE:
    case KIND_ENUM:
    case KIND_UUID:
    case KIND_IPV4:
    case KIND_IPV6:
      return readText(node, p);
    case KIND_BOOLEAN:
      return readBoolean(node, p);
    case KIND_UINT64:
      return isNumber(load<u8>(p)) ? readUnsigned(node, p) : readIntegerText(node, p);
    case KIND_FLOAT32:
      return readDouble(node, p);
    case KIND_ARRAY:
      return readArray(node, p);
    case KIND_DECIMAL:
      return readDecimal(node, p);
    case KIND_FIXED_STRING:
      return readFixedString(node, p);
    case KIND_MAP:
      return readMap(node, p);
    case KIND_OBJECT:
      return readNested(node, p);
    case KIND_JSON:
      return readJson(node, p);
    case KIND_POINT:
      return readPoint(node, p);
    case KIND_PARTITION_KEY:
      return readPartitionKey(node, p);
    default:
      return mismatch(node, p);
  }
}

/** Null where null may be; else a value of the wrong type. */
export function mismatch(node: usize, p: usize): usize {
  if (load<u32>(p) == 0x6c6c756e && <u32>load<u8>(node, N_FLAGS) & (NULLABLE | NULL_IS_EMPTY)) {
    if (writing) {
      if (<u32>load<u8>(node, N_KIND) == KIND_OBJECT) appendEmptyObject(node);
      else appendNull(node);
    }
    return p + 4;
  }
  return skipNoting(node, p, WRONG_TYPE);
}

/** Code of skipNoting: the value is dropped, not refused. */
export const NO_CODE: u32 = 0xff;

/** Skips a value that is refused with `code`, or dropped. */
export function skipNoting(node: usize, p: usize, code: u32): usize {
  const end = skipValue(p, pathDepth);
  if (end == 0) return 0;
  if (code != NO_CODE) violation(code, node, p, end);
  if (!skippedWellFormed) violation(INVALID_UTF8, 0, p, end);
  if (skippedTooDeep) violation(TOO_DEEP, 0, p, end);
  return end;
}

@inline
function readString(node: usize, p: usize): usize {
  if (load<u8>(p) != 0x22) return mismatch(node, p);
  const end = firstSpecial(p + 1);
  if (load<u8>(end) != 0x22) return readAwkwardString(node, p, end);
  acceptString(node, p, end, <u64>(end - p - 1), false);
  return end + 1;
}

/** A string with escapes, beyond ASCII or broken: `special` is the first such byte. */
function readAwkwardString(node: usize, p: usize, special: usize): usize {
  if (writing && load<u32>(node, N_PATTERNS) == 0 && !(<u32>load<u8>(node, N_FLAGS) & LOW_CARDINALITY)) {
    const quote = copyDecoded(p + 1, decodedRoom(node), decodedLimit(node));
    if (quote != 0 && <u64>walkedPoints >= load<u64>(node, N_MIN) && <u64>walkedPoints <= load<u64>(node, N_MAX)) {
      endDecoded(node, writtenEnd);
      return quote + 1;
    }
  }
  const end = scanRest(p + 1, special);
  if (end == 0) return 0;
  if (!wellFormed) violation(INVALID_UTF8, node, p, end + 1);
  else acceptString(node, p, end, codePoints, escaped);
  return end + 1;
}

@inline
function acceptString(node: usize, p: usize, end: usize, points: u64, hasEscapes: bool): void {
  if (points < load<u64>(node, N_MIN)) violation(TOO_SHORT, node, p, end + 1);
  else if (points > load<u64>(node, N_MAX)) violation(TOO_LONG, node, p, end + 1);
  else if (load<u32>(node, N_PATTERNS) != 0 && !matchesPatterns(load<u32>(node, N_PATTERNS), p + 1, end, hasEscapes)) {
    violation(INVALID_FORMAT, node, p, end + 1);
  } else if (writing) appendString(node, p + 1, end, hasEscapes);
}

@inline
function readSigned(node: usize, p: usize): usize {
  const end = readInteger(p);
  if (end != 0) acceptSigned(node, p, end);
  return end;
}

@inline
function acceptSigned(node: usize, p: usize, end: usize): void {
  const value = negative ? -(<i64>magnitude) : <i64>magnitude;
  // The magnitude of a positive number must stay below 2^63, of a negative one may reach it.
  if (integerProblem != 0) violation(integerProblem, node, p, end);
  else if (magnitude > <u64>i64.MAX_VALUE + <u64>negative || value < load<i64>(node, N_MIN) || value > load<i64>(node, N_MAX)) {
    violation(OUT_OF_RANGE, node, p, end);
  } else if (writing) appendWord(node, <u64>value);
}

@inline
function readUnsigned(node: usize, p: usize): usize {
  const end = readInteger(p);
  if (end != 0) acceptUnsigned(node, p, end);
  return end;
}

@inline
function acceptUnsigned(node: usize, p: usize, end: usize): void {
  if (integerProblem != 0) violation(integerProblem, node, p, end);
  else if ((negative && magnitude != 0) || magnitude < load<u64>(node, N_MIN) || magnitude > load<u64>(node, N_MAX)) {
    violation(OUT_OF_RANGE, node, p, end);
  } else if (writing) appendWord(node, magnitude);
}

/** An integer as a string of its decimal digits, which only the 64-bit types take. */
function readIntegerText(node: usize, p: usize): usize {
  if (load<u8>(p) != 0x22 || !(<u32>load<u8>(node, N_FLAGS) & WIDE)) return mismatch(node, p);
  const end = readShortText(node, p);
  if (end == 0 || textBegin == 0) return end;
  if (!readDecimalText(textBegin, textBegin + textLength)) violation(INVALID_FORMAT, node, p, end);
  else if (<u32>load<u8>(node, N_KIND) == KIND_UINT64) acceptUnsigned(node, p, end);
  else acceptSigned(node, p, end);
  return end;
}

/** A number, or a string of decimal digits. */
function readDecimal(node: usize, p: usize): usize {
  const scale = <u32>load<u8>(node, N_PRECISION);
  const scaled = (<u32>load<u8>(node, N_FLAGS) & SCALED) != 0;
  if (isNumber(load<u8>(p))) {
    const plainEnd = readPlainDecimal(p, scale);
    if (plainEnd != 0) {
      acceptDecimal(node, 0, p, plainEnd);
      return plainEnd;
    }
    const end = skipNumber(p);
    if (end != 0) acceptDecimal(node, evaluateDecimal(p, end, scale, !scaled), p, end);
    return end;
  }
  if (load<u8>(p) != 0x22) return mismatch(node, p);
  const end = readShortText(node, p);
  if (end == 0 || textBegin == 0) return end;
  const textEnd = textBegin + textLength;
  if (!isDecimalText(textBegin, textEnd, scaled)) violation(INVALID_FORMAT, node, p, end);
  else acceptDecimal(node, evaluateDecimal(textBegin, textEnd, scale, !scaled), p, end);
  return end;
}

function acceptDecimal(node: usize, problem: u32, p: usize, end: usize): void {
  if (problem != 0) violation(problem, node, p, end);
  else if (<u32>load<u8>(node, N_WIDTH) <= 8) {
    const value = decimalNegative ? -(<i64>limb0) : <i64>limb0;
    if ((limb1 | limb2 | limb3) != 0 || limb0 > <u64>i64.MAX_VALUE || value < load<i64>(node, N_MIN) || value > load<i64>(node, N_MAX)) {
      violation(OUT_OF_RANGE, node, p, end);
    } else if (writing) appendWord(node, <u64>value);
  } else if (!isWithin(PROGRAM + <usize>load<u32>(node, N_LIMITS))) violation(OUT_OF_RANGE, node, p, end);
  else if (writing) {
    complement();
    appendWide(node, limb0, limb1, limb2, limb3);
  }
}

/** At most as many bytes as the column is wide. */
function readFixedString(node: usize, p: usize): usize {
  if (load<u8>(p) != 0x22) return mismatch(node, p);
  const end = scanString(p + 1);
  if (end == 0) return 0;
  const bytes: usize = escaped && wellFormed ? decodedLength(p + 1, end) : end - p - 1;
  if (!wellFormed) violation(INVALID_UTF8, node, p, end + 1);
  else if (<u64>bytes > load<u64>(node, N_MAX)) violation(TOO_LONG, node, p, end + 1);
  else if (writing) appendFixed(node, p + 1, end, escaped);
  return end + 1;
}

function readDouble(node: usize, p: usize): usize {
  if (!isNumber(load<u8>(p))) return mismatch(node, p);
  const end = readFloat(p, <u32>load<u8>(node, N_KIND) == KIND_FLOAT32);
  if (end == 0) return 0;
  // An infinity is outside of every range: the limits are finite.
  if (!(floatValue >= load<f64>(node, N_MIN) && floatValue <= load<f64>(node, N_MAX))) violation(OUT_OF_RANGE, node, p, end);
  else if (writing) appendWord(node, floatBits);
  return end;
}

function readBoolean(node: usize, p: usize): usize {
  if (load<u32>(p) == 0x65757274) {
    if (writing) appendWord(node, 1);
    return p + 4;
  }
  if (load<u8>(p) == 0x66 && load<u32>(p, 1) == 0x65736c61) {
    if (writing) appendWord(node, 0);
    return p + 5;
  }
  return mismatch(node, p);
}

/** Reads the string at `p` into `textBegin`, `textLength`; textBegin is 0 when it was refused as no text. Returns its end, or 0. */
@inline
function readShortText(node: usize, p: usize): usize {
  const end = firstSpecial(p + 1);
  if (load<u8>(end) != 0x22) return readAwkwardText(node, p, end);
  textBegin = p + 1;
  textLength = end - p - 1;
  return end + 1;
}

function readAwkwardText(node: usize, p: usize, special: usize): usize {
  const end = scanRest(p + 1, special);
  if (end == 0) return 0;
  textBegin = p + 1;
  textLength = end - textBegin;
  if (!wellFormed) {
    violation(INVALID_UTF8, node, p, end + 1);
    textBegin = 0;
  } else if (escaped && textLength < <usize>TEXT_SCRATCH_BYTES) {
    textLength = decodeText(textBegin, end, TEXT_SCRATCH) - TEXT_SCRATCH;
    textBegin = TEXT_SCRATCH;
  }
  return end + 1;
}

/** Types that are strings in JSON: date, time, enum, UUID. */
function readText(node: usize, p: usize): usize {
  if (load<u8>(p) != 0x22) return readEpochTime(node, p);
  const end = readShortText(node, p);
  if (end == 0 || textBegin == 0) return end;
  const kind = <u32>load<u8>(node, N_KIND);
  if (kind == KIND_TIME) {
    const precision = <u32>load<u8>(node, N_PRECISION);
    acceptTime(node, readTime(textBegin, textLength, precision, load<i64>(node, N_MIN), load<i64>(node, N_MAX)), p, end);
  } else if (kind == KIND_DATE) {
    acceptTime(node, readDate(textBegin, textLength, load<i64>(node, N_MIN), load<i64>(node, N_MAX)), p, end);
  } else if (kind == KIND_UUID) {
    if (!readUuid(textBegin, textLength)) violation(INVALID_FORMAT, node, p, end);
    else if (writing) appendPair(node, uuidHigh, uuidLow);
  } else if (kind == KIND_IPV4) {
    if (!readIpv4(textBegin, textBegin + textLength)) violation(INVALID_FORMAT, node, p, end);
    else if (writing) appendWord(node, <u64>ipv4);
  } else if (kind == KIND_IPV6) {
    if (!readIpv6(textBegin, textBegin + textLength)) violation(INVALID_FORMAT, node, p, end);
    else if (writing) appendPair(node, ipv6First, ipv6Second);
  } else {
    const entry = findName(PROGRAM + <usize>load<u32>(node, N_NAMES), PROGRAM, textBegin, textLength);
    if (entry == 0) violation(NOT_IN_ENUM, node, p, end);
    else if (writing) appendWord(node, <u64>(<i64>nameValue(entry)));
  }
  return end;
}

@inline
function acceptTime(node: usize, problem: u32, p: usize, end: usize): void {
  if (problem != 0) violation(problem, node, p, end);
  else if (writing) appendWord(node, <u64>timeValue);
}

function readEpochTime(node: usize, p: usize): usize {
  if (!isNumber(load<u8>(p)) || !(<u32>load<u8>(node, N_FLAGS) & EPOCH)) return mismatch(node, p);
  const end = readInteger(p);
  if (end == 0) return 0;
  const least = load<i64>(node, N_MIN);
  const most = load<i64>(node, N_MAX);
  const unit = <u32>load<u8>(node, N_EPOCH);
  const precision = <u32>load<u8>(node, N_PRECISION);
  const problem = integerProblem != 0 ? integerProblem : readEpoch(magnitude, negative, unit, precision, least, most);
  acceptTime(node, problem, p, end);
  return end;
}
