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
    default:
      return typeof value === "string" && !isNumeric(type) ? quoteString(value) : String(value);
  }
}

const digits = { s: 9, ms: 6, us: 3, ns: 0 } as const;

function toNanoseconds(value: number, epoch: keyof typeof digits = "s"): string {
  return `${BigInt(value)}${"0".repeat(digits[epoch])}`;
}

/** 64-bit integers may be given as decimal text. */
function isNumeric(type: TypeSpec): boolean {
  return type.kind === "int64" || type.kind === "uint64";
}
