// A field's default, given in JSON, as the SQL expression of a column's DEFAULT. Pure.
import type { JsonValue, TypeSpec } from "@moose/core";
import { quoteString } from "../model/sql-text.ts";

/** Rows that were stored before the column existed read this. The language has checked that the value fits the type. */
export function defaultExpression(type: TypeSpec, value: JsonValue): string {
  if (Array.isArray(value)) {
    const element = type.kind === "array" ? type.element : type;
    return `[${value.map((item) => (item === null ? "NULL" : defaultExpression(element, item as JsonValue))).join(", ")}]`;
  }
  switch (type.kind) {
    case "dateTime":
      return typeof value === "number"
        ? `toDateTime(fromUnixTimestamp64Nano(toInt64(${toNanoseconds(value, type.epoch)})))`
        : `parseDateTimeBestEffort(${quoteString(String(value))}, 'UTC')`;
    case "dateTime64":
      return typeof value === "number"
        ? `fromUnixTimestamp64Nano(toInt64(${toNanoseconds(value, type.epoch)}))`
        : `parseDateTime64BestEffort(${quoteString(String(value))}, ${type.precision}, 'UTC')`;
    case "decimal":
      // Digits that a float cannot hold survive as text.
      return `${decimalFunction(type.precision)}(${quoteString(String(value))}, ${type.scale})`;
    default:
      return typeof value === "string" && !isNumeric(type) ? quoteString(value) : String(value);
  }
}

const digits = { s: 9, ms: 6, us: 3, ns: 0 } as const;

function toNanoseconds(value: number, epoch: keyof typeof digits = "s"): string {
  return `${BigInt(value)}${"0".repeat(digits[epoch])}`;
}

/** Integers from 64 bits may be given as decimal text; beyond 64 bits ClickHouse needs the text, too. */
function isNumeric(type: TypeSpec): boolean {
  return type.kind === "int64" || type.kind === "uint64";
}

const decimalFunction = (precision: number): string =>
  `toDecimal${precision <= 9 ? 32 : precision <= 18 ? 64 : precision <= 38 ? 128 : 256}`;
