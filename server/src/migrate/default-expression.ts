// A field's default, given in JSON, as the SQL expression of a column's DEFAULT. Pure.
import { clickHouseType, type FieldSpec, type JsonValue, type TypeSpec } from "@moose/core";
import { quoteString } from "../model/sql-text.ts";

/** Rows that were stored before the column existed read this. The language has checked that the value fits the type. */
export function defaultExpression(type: TypeSpec, value: JsonValue): string {
  if (type.kind === "json") return quoteString(JSON.stringify(value));
  if (Array.isArray(value)) {
    const items = value.map((item) =>
      item === null ? "NULL" : defaultExpression(elementType(type), item as JsonValue),
    );
    return type.kind === "point" ? `tuple(${items.join(", ")})` : `[${items.join(", ")}]`;
  }
  switch (type.kind) {
    case "object":
      return `tuple(${type.fields.map((field) => memberExpression(field, value)).join(", ")})`;
    case "map":
      return `map(${Object.entries(value as object)
        .flatMap(([key, item]) => [
          keyExpression(type.key, key),
          item === null ? "NULL" : defaultExpression(type.value, item),
        ])
        .join(", ")})`;
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

function elementType(type: TypeSpec): TypeSpec {
  switch (type.kind) {
    case "array":
      return type.element;
    case "ring":
      return { kind: "point" };
    case "polygon":
      return { kind: "ring" };
    case "multiPolygon":
      return { kind: "polygon" };
    default:
      return { kind: "float64" };
  }
}

/** A field of an object: its value, else its own default, else NULL or what is empty. */
function memberExpression(field: FieldSpec, object: JsonValue): string {
  const value = (object as { readonly [key: string]: JsonValue })[field.name] ?? absentValue(field);
  return value === undefined ? "NULL" : defaultExpression(field.type, value);
}

/** What an absent field holds besides NULL. An absent object is one without members. */
export function absentValue(field: FieldSpec): JsonValue | undefined {
  if (field.default !== undefined || field.optional !== true) return field.default;
  if (field.type.kind === "object" || field.type.kind === "map") return {};
  return ["array", "ring", "polygon", "multiPolygon"].includes(field.type.kind) ? [] : undefined;
}

/** Keys of integer types are digits. */
const keyExpression = (type: TypeSpec, key: string): string =>
  /^u?int/.test(type.kind)
    ? `CAST(${quoteString(key)}, ${quoteString(clickHouseType({ type }))})`
    : defaultExpression(type, key);

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
