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
} as const satisfies Record<string, readonly [bigint, bigint]>;

export type IntegerName = keyof typeof integerLimits;

export const isInteger = (kind: string): kind is IntegerName => Object.hasOwn(integerLimits, kind);

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

/** Arrays may nest this deep: the path of an error keeps one index for each. */
export const MAX_ARRAY_NESTING = 4;
