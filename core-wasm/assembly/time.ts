// Dates and times from their text: days that exist, offsets, sub-second digits, ranges.
import { power10 } from "./digits";
import { INVALID_FORMAT, OUT_OF_RANGE, PRECISION_LOSS } from "./layout";

/** Days or ticks of the text read last. */
export let timeValue: i64 = 0;

/** Value of two digits, or more than 99. */
@inline
function two(p: usize): u32 {
  const tens = <u32>load<u8>(p) - 0x30;
  const ones = <u32>load<u8>(p, 1) - 0x30;
  return tens < 10 && ones < 10 ? tens * 10 + ones : 255;
}

/**
 * Days from 1970-01-01 in the proleptic Gregorian calendar, for years from 0: the year begins in March, as in Neri and Schneider, "Euclidean
 * affine functions and their application to calendar algorithms" (2022); 400 years are added so that nothing is negative.
 */
@inline
function daysFromCivil(year: u32, month: u32, day: u32): i32 {
  const early = <u32>(month <= 2);
  const y = year + 400 - early;
  const m = month + early * 12;
  const century = y / 100;
  return <i32>(((1461 * y) >> 2) - century + (century >> 2) + ((979 * m - 2919) >> 5) + day) - 865566;
}

function daysInMonth(year: u32, month: u32): u32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

const NO_DAY: i32 = i32.MIN_VALUE;

/** `YYYY-MM-DD` at `p`; NO_DAY when there is no such day. */
@inline
function readDay(p: usize): i32 {
  const century = two(p);
  const rest = two(p + 2);
  const month = two(p + 5);
  const day = two(p + 8);
  if ((century | rest | month | day) > 127 || load<u8>(p, 4) != 0x2d || load<u8>(p, 7) != 0x2d) return NO_DAY;
  return dayNumber(century * 100 + rest, month, day);
}

/** Days from 1970-01-01; NO_DAY when there is no such day. */
@inline
function dayNumber(year: u32, month: u32, day: u32): i32 {
  if (month - 1 > 11 || day == 0 || (day > 28 && day > daysInMonth(year, month))) return NO_DAY;
  return daysFromCivil(year, month, day);
}

/** Reads a date of `length` bytes. Returns a code, 0 when `timeValue` holds its days. */
export function readDate(p: usize, length: usize, least: i64, most: i64): u32 {
  const day = length == 10 ? readDay(p) : NO_DAY;
  if (day == NO_DAY) return INVALID_FORMAT;
  timeValue = day;
  return timeValue < least || timeValue > most ? OUT_OF_RANGE : 0;
}

/** What `YYYY-MM-DDThh:mm` has where its digits are 0, and how many characters from that may stand in each place. */
const instantShape: usize = memory.data<u8>([48, 48, 48, 48, 45, 48, 48, 45, 48, 48, 84, 48, 48, 58, 48, 48]);
const instantRange: usize = memory.data<u8>([10, 10, 10, 10, 1, 2, 10, 1, 4, 10, 1, 3, 10, 1, 6, 10]);

/** Reads `YYYY-MM-DDThh:mm:ss.mmm`, behind which "Z" was seen. False when it is none, or not within `least` and `most`; else `timeValue` has its milliseconds. */
export function readInstant(p: usize, least: i64, most: i64): bool {
  const digits = i8x16.sub(v128.load(p), v128.load(instantShape));
  // ":ss.mmm", the first character lowest; what is added makes a byte negative that is above 9, or 5 of the first digit, or 0 of what is no digit.
  const rest = (load<u64>(p, 15) >> 8) ^ 0x3030302e30303a;
  if (((rest | (rest + 0x7676767f767a7f)) & 0x80808080808080) != 0) return false;
  if (!i8x16.all_true(i8x16.lt_u(digits, v128.load(instantRange)))) return false;
  // Each byte becomes the number that its digit and the next one make.
  const date = pairsOf(i64x2.extract_lane(digits, 0));
  const hours = pairsOf(i64x2.extract_lane(digits, 1));
  const seconds = pairsOf(rest);
  const day = dayNumber(byteOf(date, 0) * 100 + byteOf(date, 2), byteOf(date, 5), byteOf(hours, 0));
  const hour = byteOf(hours, 3);
  if (day == NO_DAY || hour > 23) return false;
  const second = hour * 3600 + byteOf(hours, 6) * 60 + byteOf(seconds, 1);
  const ticks = (<i64>day * 86400 + <i64>second) * 1000 + <i64>(byteOf(seconds, 4) * 10 + byteOf(rest, 6));
  timeValue = ticks;
  return ticks >= least && ticks <= most;
}

@inline
function pairsOf(digits: u64): u64 {
  return digits * 10 + (digits >> 8);
}

@inline
function byteOf(word: u64, index: u32): u32 {
  return <u32>(word >> (index << 3)) & 0xff;
}

/** Reads RFC 3339, or `YYYY-MM-DD hh:mm:ss[.f]` in UTC. Returns a code, 0 when `timeValue` holds ticks of 10^-precision s. */
export function readTime(p: usize, length: usize, precision: u32, least: i64, most: i64): u32 {
  if (length < 19) return INVALID_FORMAT;
  // YYYYMMDDhhmmss in the lanes 0 to 13; the text's separators are looked at one by one.
  const between = <u32>load<u8>(p, 10);
  const digits = i8x16.sub(
    v128.shuffle<i8>(v128.load(p), v128.load(p, 3), 0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 30, 31, 0, 0),
    i8x16.splat(0x30),
  );
  if (
    !i8x16.all_true(i8x16.lt_u(digits, i8x16.splat(10))) || load<u8>(p, 4) != 0x2d || load<u8>(p, 7) != 0x2d ||
    load<u8>(p, 13) != 0x3a || load<u8>(p, 16) != 0x3a || (between != 0x20 && (between | 0x20) != 0x74)
  ) return INVALID_FORMAT;
  const pairs = i16x8.add(i16x8.mul(v128.and(digits, i16x8.splat(0xff)), i16x8.splat(10)), i16x8.shr_u(digits, 8));
  const hour = <u32>i16x8.extract_lane_u(pairs, 4);
  const minute = <u32>i16x8.extract_lane_u(pairs, 5);
  const second = <u32>i16x8.extract_lane_u(pairs, 6);
  const day = dayNumber(
    <u32>i16x8.extract_lane_u(pairs, 0) * 100 + <u32>i16x8.extract_lane_u(pairs, 1),
    <u32>i16x8.extract_lane_u(pairs, 2),
    <u32>i16x8.extract_lane_u(pairs, 3),
  );
  if (day == NO_DAY || hour > 23 || minute > 59 || second > 59) return INVALID_FORMAT;
  const end = p + length;
  p += 19;
  let ticks: i64 = 0;
  let kept: u32 = 0;
  let lost = false;
  if (p < end && load<u8>(p) == 0x2e) {
    const first = ++p;
    while (p < end) {
      const digit = <u32>load<u8>(p) - 0x30;
      if (digit > 9) break;
      if (kept < precision) {
        ticks = ticks * 10 + digit;
        kept++;
      } else if (digit != 0) lost = true;
      p++;
    }
    if (p == first) return INVALID_FORMAT;
  }
  let offset: i64 = 0;
  if (p == end) {
    // Without an offset only the form with a blank is read as UTC.
    if (between != 0x20) return INVALID_FORMAT;
  } else if ((load<u8>(p) | 0x20) == 0x7a) {
    if (p + 1 != end) return INVALID_FORMAT;
  } else {
    const sign = load<u8>(p);
    const hours = two(p + 1);
    const minutes = two(p + 4);
    if (p + 6 != end || (sign != 0x2b && sign != 0x2d) || load<u8>(p, 3) != 0x3a || hours > 23 || minutes > 59) return INVALID_FORMAT;
    offset = <i64>(hours * 3600 + minutes * 60);
    if (sign == 0x2d) offset = -offset;
  }
  if (lost) return PRECISION_LOSS;
  return toTicks(day, <i64>(hour * 3600 + minute * 60 + second) - offset, ticks, kept, precision, least, most);
}

/** Days, seconds and `kept` sub-second digits as ticks in `timeValue`. Returns a code, 0 when they are in range. */
@inline
function toTicks(day: i32, second: i64, fraction: i64, kept: u32, precision: u32, least: i64, most: i64): u32 {
  const seconds = <i64>day * 86400 + second;
  // Within these years nothing overflows up to 8 digits. With 9 the last second of Int64 may, and then is negative and out of range.
  if (seconds < -2300000000 || seconds > 10500000000 || (precision == 9 && seconds > 9223372036)) return OUT_OF_RANGE;
  timeValue = seconds * <i64>power10(precision) + fraction * <i64>power10(precision - kept);
  return timeValue < least || timeValue > most ? OUT_OF_RANGE : 0;
}

/** Turns a whole number of units (10^-unitDigits s) into ticks. Returns a code, 0 when `timeValue` holds them. */
export function readEpoch(magnitude: u64, negative: bool, unitDigits: u32, precision: u32, least: i64, most: i64): u32 {
  if (magnitude > <u64>i64.MAX_VALUE) return OUT_OF_RANGE;
  const value = negative ? -(<i64>magnitude) : <i64>magnitude;
  if (unitDigits > precision) {
    const step = <i64>power10(unitDigits - precision);
    if (value % step != 0) return PRECISION_LOSS;
    timeValue = value / step;
  } else {
    const scale = <i64>power10(precision - unitDigits);
    if (value > most / scale || value < least / scale) return OUT_OF_RANGE;
    timeValue = value * scale;
  }
  return timeValue < least || timeValue > most ? OUT_OF_RANGE : 0;
}
