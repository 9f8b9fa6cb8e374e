// Formats the values that an element shows, with Intl only.
import { numberOf, timeOf } from "./cell-value.ts";

export type NumberStyle = "auto" | "integer" | "compact" | "percent";

export interface ValueFormat {
  /** A BCP 47 tag; the browser's language if absent. */
  readonly locale?: string | undefined;
  /** An IANA zone; UTC if absent, because a replay's times are the airport's, not the reader's. */
  readonly timeZone?: string | undefined;
}

const numberFormats = new Map<string, Intl.NumberFormat>();
const timeFormats = new Map<string, Intl.DateTimeFormat>();

function numberFormat(locale: string | undefined, style: NumberStyle, magnitude: number): Intl.NumberFormat {
  const digits = style === "integer" || magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 2;
  const key = `${locale ?? ""}|${style}|${digits}`;
  let format = numberFormats.get(key);
  if (!format) {
    const options: Intl.NumberFormatOptions =
      style === "compact"
        ? { notation: "compact", maximumFractionDigits: 1 }
        : style === "percent"
          ? { style: "percent", maximumFractionDigits: 1 }
          : { maximumFractionDigits: digits };
    format = new Intl.NumberFormat(locale, options);
    numberFormats.set(key, format);
  }
  return format;
}

/** A number, bigint or decimal string with the reader's separators; 64-bit integers keep all digits. */
export function formatNumber(value: unknown, style: NumberStyle, format: ValueFormat): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "bigint") return numberFormat(format.locale, style, 100).format(value);
  const number = numberOf(value);
  if (number === null) return String(value);
  const wholeDigits = typeof value === "string" && /^-?\d{16,}$/.test(value);
  return numberFormat(format.locale, style, Math.abs(number)).format(wholeDigits ? BigInt(value) : number);
}

/** Numbers that stand beside each other, with the same count of decimals: as many as the largest needs, none for whole ones. */
export function formatAlike(values: readonly unknown[], format: ValueFormat): string[] {
  const numbers = values.map(numberOf);
  const largest = Math.max(0, ...numbers.map((value) => Math.abs(value ?? 0)));
  const whole = numbers.every((value) => value === null || Number.isInteger(value));
  if (whole || largest >= 100) return values.map((value) => formatNumber(value, "integer", format));
  return numbers.map((value) => (value === null ? "–" : formatDecimals(value, largest >= 10 ? 1 : 2, format)));
}

/** The number of an axis tick, with the decimals that tell it from its neighbour. */
export function formatStep(value: number, step: number, format: ValueFormat): string {
  if (Math.abs(value) >= 10_000) return formatNumber(value, "compact", format);
  // 2.5 needs one decimal, 0.25 two: the step's own, not its size.
  const decimals =
    [0, 1, 2, 3, 4].find((digits) => Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) < 1e-6) ?? 5;
  return formatDecimals(value, decimals, format);
}

function formatDecimals(value: number, decimals: number, format: ValueFormat): string {
  const key = `${format.locale ?? ""}|fixed|${decimals}`;
  let made = numberFormats.get(key);
  if (!made) {
    made = new Intl.NumberFormat(format.locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    numberFormats.set(key, made);
  }
  return made.format(value);
}

/** A time of milliseconds, as exact as the step between neighbours asks for. */
export function formatTime(timeMs: number, stepMs: number, format: ValueFormat): string {
  const precision =
    stepMs >= 86_400_000 ? "day" : stepMs >= 60_000 ? "minute" : stepMs >= 1000 ? "second" : "millisecond";
  return timeFormat(precision, format).format(timeMs);
}

/** A short label for an axis tick. */
export function formatTick(timeMs: number, stepMs: number, format: ValueFormat): string {
  const precision = stepMs >= 86_400_000 ? "tick-day" : stepMs >= 60_000 ? "tick-minute" : "tick-second";
  return timeFormat(precision, format).format(timeMs);
}

function timeFormat(precision: string, format: ValueFormat): Intl.DateTimeFormat {
  const key = `${format.locale ?? ""}|${format.timeZone ?? ""}|${precision}`;
  let made = timeFormats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(format.locale, { ...timeOptions(precision), timeZone: format.timeZone ?? "UTC" });
    timeFormats.set(key, made);
  }
  return made;
}

function timeOptions(precision: string): Intl.DateTimeFormatOptions {
  const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  switch (precision) {
    case "tick-day":
      return { month: "short", day: "numeric" };
    case "tick-minute":
      return clock;
    case "tick-second":
      return { ...clock, second: "2-digit" };
    case "day":
      return { dateStyle: "medium" };
    case "minute":
      return { month: "short", day: "numeric", ...clock };
    case "second":
      return { month: "short", day: "numeric", ...clock, second: "2-digit" };
    default:
      return { ...clock, second: "2-digit", fractionalSecondDigits: 3 };
  }
}

/** Any cell: times as times, numbers as numbers, the rest as text. */
export function formatCell(value: unknown, format: ValueFormat): string {
  const timeMs = typeof value === "number" || typeof value === "bigint" ? null : timeOf(value);
  if (timeMs !== null) return formatTime(timeMs, timeMs % 86_400_000 === 0 ? 60_000 : 1000, format);
  return typeof value === "number" || typeof value === "bigint"
    ? formatNumber(value, "auto", format)
    : value === null || value === undefined
      ? "–"
      : String(value);
}

/** `averageDelay` → `Average delay`, for a label nobody wrote. */
export function labelOf(columnName: string): string {
  const words = columnName
    .replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .replace(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
