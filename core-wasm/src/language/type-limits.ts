// The ranges of the scalar types: one table for checks, JSON Schema, the program and messages.
import type { EpochUnit } from "./model-spec.ts";

/** Inclusive limits of the integer types. */
export const integerLimits = {
  int8: [-128n, 127n],
  int16: [-32768n, 32767n],
  int32: [-2147483648n, 2147483647n],
  int64: [-9223372036854775808n, 9223372036854775807n],
  uint8: [0n, 255n],
  uint16: [0n, 65535n],
  uint32: [0n, 4294967295n],
  uint64: [0n, 18446744073709551615n],
  int128: [-(2n ** 127n), 2n ** 127n - 1n],
  int256: [-(2n ** 255n), 2n ** 255n - 1n],
  uint128: [0n, 2n ** 128n - 1n],
  uint256: [0n, 2n ** 256n - 1n],
} as const satisfies Record<string, readonly [bigint, bigint]>;

export type IntegerName = keyof typeof integerLimits;

export const isInteger = (kind: string): kind is IntegerName => Object.hasOwn(integerLimits, kind);

/** Whether the integer type has more than 53 bits, and so takes strings of digits, too. */
export const isWideInteger = (kind: string): boolean => isInteger(kind) && integerLimits[kind][1] > 2n ** 53n;

/** Whether the integer type has more than 64 bits. */
export const isHugeInteger = (kind: string): boolean => isInteger(kind) && integerLimits[kind][1] > 2n ** 64n;

/** A decimal text times 10^scale, or undefined when it has more digits behind the point. */
export function scaledDecimal(text: string, scale: number): bigint | undefined {
  const [whole, fraction = ""] = text.split(".") as [string, string?];
  const kept = fraction.replace(/0+$/, "");
  return kept.length > scale ? undefined : BigInt(`${whole}${kept.padEnd(scale, "0")}`);
}

/** Inclusive limits of a decimal, times 10^scale. */
export function decimalLimits(type: {
  precision: number;
  scale: number;
  min?: string;
  max?: string;
}): readonly [bigint, bigint] {
  const most = 10n ** BigInt(type.precision) - 1n;
  return [
    type.min === undefined ? -most : (scaledDecimal(type.min, type.scale) ?? -most),
    type.max === undefined ? most : (scaledDecimal(type.max, type.scale) ?? most),
  ];
}

const DAY = 86_400n;

/** Days since 1970-01-01 that ClickHouse can hold (Date32, Date). */
export const dayLimits = {
  date: [-25_567n, 120_529n],
  date16: [0n, 65_535n],
} as const satisfies Record<string, readonly [bigint, bigint]>;

/** Ticks (10^-precision s) since 1970-01-01 that ClickHouse can hold. */
export function tickLimits(kind: "dateTime" | "dateTime64", precision: number): readonly [bigint, bigint] {
  if (kind === "dateTime") return [0n, 4_294_967_295n];
  const scale = 10n ** BigInt(precision);
  const [first, last] = [dayLimits.date[0] * DAY * scale, (dayLimits.date[1] + 1n) * DAY * scale - 1n];
  const [least, most] = integerLimits.int64;
  return [first < least ? least : first, last > most ? most : last];
}

/** Ticks of a second in each epoch unit, as a power of ten. */
export const epochDigits: Readonly<Record<EpochUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 };

/** Bytes of the longest fixedString: ClickHouse calls longer ones suspicious, and makes no column of them. */
export const MAX_FIXED_BYTES = 256;

/** Types may nest this deep: the path of an error keeps a step for each. */
export const MAX_NESTING = 10;
