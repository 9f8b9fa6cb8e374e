// From a ClickHouse type string to what reads a column of it.
import type { ColumnReader } from "./column-reader.ts";
import { decimalText, fixedColumn, fixedColumns, readBigInt } from "./fixed-columns.ts";
import { arrayColumn, lowCardinalityColumn, mapColumn, nullableColumn, tupleColumn } from "./nested-columns.ts";
import { parseType, type TypeArgument, type TypeTree } from "./parse-type.ts";
import { enumColumn, fixedStringColumn, jsonColumn, stringColumn } from "./text-columns.ts";
import { timeText, zoneOffset } from "./time-text.ts";

const MAX_FIXED_STRING = 0xff_ffff;

/** What the geometric types are made of. */
const aliases: Readonly<Record<string, string>> = {
  Point: "Tuple(Float64, Float64)",
  Ring: "Array(Point)",
  LineString: "Array(Point)",
  MultiLineString: "Array(LineString)",
  Polygon: "Array(Ring)",
  MultiPolygon: "Array(Polygon)",
};

/** Undefined when the type is not known. */
export function createColumnReader(type: string): ColumnReader | undefined {
  const tree = parseType(type);
  return tree === undefined ? undefined : readerOf(tree);
}

function readerOf({ name, args }: TypeTree): ColumnReader | undefined {
  if (args.length === 0) {
    const alias = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
    if (alias !== undefined) return createColumnReader(alias);
    if (Object.hasOwn(fixedColumns, name)) return fixedColumns[name];
    if (name === "String") return stringColumn;
    if (name === "JSON") return jsonColumn;
  }
  switch (name) {
    case "FixedString":
      return fixedString(args);
    case "Decimal":
      return decimal(args);
    case "Enum8":
    case "Enum16":
      return enumeration(name === "Enum8" ? 1 : 2, args);
    case "DateTime":
    case "DateTime64":
      return time(name, args);
    case "SimpleAggregateFunction":
      return nested(args.slice(-1), ([inner]) => inner);
    default:
      return compound(name, args);
  }
}

function compound(name: string, args: readonly TypeArgument[]): ColumnReader | undefined {
  switch (name) {
    case "Nullable":
      return nested(args, ([inner]) => nullableColumn(inner!), 1);
    case "Array":
      return nested(args, ([inner]) => arrayColumn(inner!), 1);
    case "Map":
      return nested(args, ([keys, values]) => mapColumn(keys!, values!), 2);
    case "Tuple":
      return nested(args, (inner) => tupleColumn(inner, labels(args)));
    case "Nested":
      return nested(args, (inner) => arrayColumn(tupleColumn(inner, labels(args))));
    case "LowCardinality":
      return lowCardinality(args);
    default:
      return undefined;
  }
}

const labels = (args: readonly TypeArgument[]): (string | undefined)[] =>
  args.map((argument) => (argument.kind === "type" ? argument.label : undefined));

function nested(
  args: readonly TypeArgument[],
  make: (inner: readonly ColumnReader[]) => ColumnReader | undefined,
  count = args.length,
): ColumnReader | undefined {
  const inner = args.map((argument) => (argument.kind === "type" ? readerOf(argument.type) : undefined));
  const known = inner.filter((reader) => reader !== undefined);
  return known.length === args.length && args.length === count ? make(known) : undefined;
}

function lowCardinality(args: readonly TypeArgument[]): ColumnReader | undefined {
  const [argument] = args;
  const nullable = argument?.kind === "type" && argument.type.name === "Nullable";
  return nested(nullable ? argument.type.args : args, ([inner]) => lowCardinalityColumn(inner!, nullable), 1);
}

function fixedString([length]: readonly TypeArgument[]): ColumnReader | undefined {
  if (length?.kind !== "number" || length.number < 1 || length.number > MAX_FIXED_STRING) return undefined;
  return fixedStringColumn(length.number);
}

function decimal([digits, fraction]: readonly TypeArgument[]): ColumnReader | undefined {
  if (digits?.kind !== "number" || fraction?.kind !== "number") return undefined;
  const [precision, scale] = [digits.number, fraction.number];
  if (precision < 1 || precision > 76 || scale < 0 || scale > precision) return undefined;
  if (precision <= 9) return fixedColumn(4, ({ view }, at) => decimalText(BigInt(view.getInt32(at, true)), scale));
  const width = precision <= 18 ? 8 : precision <= 38 ? 16 : 32;
  return fixedColumn(width, (from, at) => decimalText(readBigInt(from, at, width, true), scale));
}

function enumeration(width: 1 | 2, args: readonly TypeArgument[]): ColumnReader | undefined {
  const names = new Map<number, string>();
  for (const argument of args) {
    if (argument.kind !== "text" || argument.number === undefined) return undefined;
    names.set(argument.number, argument.text);
  }
  return enumColumn(width, names);
}

function time(name: "DateTime" | "DateTime64", args: readonly TypeArgument[]): ColumnReader | undefined {
  const [first] = args;
  const zone = args.at(-1);
  const offset = zoneOffset(zone?.kind === "text" ? zone.text : undefined);
  if (offset === undefined) return undefined;
  if (name === "DateTime") {
    return fixedColumn(4, (from, at) => timeText(from, BigInt(from.view.getUint32(at, true)), 0, offset));
  }
  if (first?.kind !== "number" || first.number < 0 || first.number > 9) return undefined;
  return fixedColumn(8, (from, at) => timeText(from, from.view.getBigInt64(at, true), first.number, offset));
}
