// `t`: every type of the language, as a field to be described further.
import { DefinitionError } from "./definition-error.ts";
import { Field, type FieldKind, type Fields, type Presence } from "./field.ts";
import type { InputOfFields, RowOfFields } from "./infer.ts";
import type { TypeSpec } from "./model-spec.ts";

type Point = readonly [x: number, y: number];
type Integer = Field<number, number, "int32">;
type Row<F> = F extends Field<infer _T, infer R, infer _K, infer P> ? (P extends "optional" ? R | null : R) : never;
type Input<F> = F extends Field<infer T, infer _R, infer _K, infer P> ? (P extends "optional" ? T | null : T) : never;
type AnyField = Field<unknown, unknown, FieldKind, Presence>;

const of = <F>(type: TypeSpec): F => new Field({ type }) as F;

export const t = {
  /** UTF-8 text; `.min` and `.max` count code points. */
  string: () => of<Field<string, string, "string">>({ kind: "string" }),
  /** At most `bytes` bytes of UTF-8, 1 to 256; zeros fill it up. */
  fixedString: (bytes: number) => of<Field<string, string, "fixedString">>({ kind: "fixedString", length: bytes }),
  /** `true` or `false`. */
  boolean: () => of<Field<boolean, boolean, "boolean">>({ kind: "boolean" }),
  /** -128 to 127. JSON: a number with an integral value, `1e2` among them. */
  int8: () => of<Field<number, number, "int8">>({ kind: "int8" }),
  /** -32768 to 32767. */
  int16: () => of<Field<number, number, "int16">>({ kind: "int16" }),
  /** -2147483648 to 2147483647. */
  int32: () => of<Integer>({ kind: "int32" }),
  /** JSON: an integral number with all its digits, or a decimal string. */
  int64: () => of<Field<bigint | number | string, bigint, "int64">>({ kind: "int64" }),
  /** JSON: an integral number with all its digits, or a decimal string. */
  int128: () => of<Field<bigint | number | string, bigint, "int128">>({ kind: "int128" }),
  /** JSON: an integral number with all its digits, or a decimal string. */
  int256: () => of<Field<bigint | number | string, bigint, "int256">>({ kind: "int256" }),
  /** 0 to 255. */
  uint8: () => of<Field<number, number, "uint8">>({ kind: "uint8" }),
  /** 0 to 65535. */
  uint16: () => of<Field<number, number, "uint16">>({ kind: "uint16" }),
  /** 0 to 4294967295. */
  uint32: () => of<Field<number, number, "uint32">>({ kind: "uint32" }),
  /** JSON: an integral number with all its digits, or a decimal string. */
  uint64: () => of<Field<bigint | number | string, bigint, "uint64">>({ kind: "uint64" }),
  /** JSON: an integral number with all its digits, or a decimal string. */
  uint128: () => of<Field<bigint | number | string, bigint, "uint128">>({ kind: "uint128" }),
  /** JSON: an integral number with all its digits, or a decimal string. */
  uint256: () => of<Field<bigint | number | string, bigint, "uint256">>({ kind: "uint256" }),
  /** A number that is finite as a float32, rounded to the nearest. */
  float32: () => of<Field<number, number, "float32">>({ kind: "float32" }),
  /** A number that is finite as a float64, rounded to the nearest. */
  float64: () => of<Field<number, number, "float64">>({ kind: "float64" }),
  /** `precision` digits (1 to 76), `scale` of them behind the point. JSON: a number or a decimal string; its digits decide. */
  decimal: (precision: number, scale: number) =>
    of<Field<number | string, string, "decimal">>({ kind: "decimal", precision, scale }),
  /** `192.0.2.1`. */
  ipv4: () => of<Field<string, string, "ipv4">>({ kind: "ipv4" }),
  /** The forms of RFC 4291, `::ffff:192.0.2.1` among them; no zone ids. */
  ipv6: () => of<Field<string, string, "ipv6">>({ kind: "ipv6" }),
  /** 8-4-4-4-12 hexadecimal digits. */
  uuid: () => of<Field<string, string, "uuid">>({ kind: "uuid" }),
  /** `YYYY-MM-DD`, 1900-01-01 to 2299-12-31. */
  date: () => of<Field<string, string, "date">>({ kind: "date" }),
  /** `YYYY-MM-DD`, 1970-01-01 to 2149-06-06; two bytes. */
  date16: () => of<Field<string, string, "date16">>({ kind: "date16" }),
  /** Seconds, 1970 to 2106. The time zone only changes how ClickHouse shows it. */
  dateTime: (timezone?: string) =>
    of<Field<Date | string, string, "dateTime">>(
      timezone === undefined ? { kind: "dateTime" } : { kind: "dateTime", timezone },
    ),
  /** `precision` sub-second digits, 0 to 9; 1900 to 2299 (to 2262 with 9 digits). */
  dateTime64: (precision: number, timezone?: string) =>
    of<Field<Date | string, string, "dateTime64">>(
      timezone === undefined ? { kind: "dateTime64", precision } : { kind: "dateTime64", precision, timezone },
    ),
  /** Names, numbered from 1 in their order, or names with their numbers. */
  enum: enumeration,
  /** Any JSON value, stored and read as its text: every digit stays, and JSONExtract or a cast to JSON reads it. */
  json: () => of<Field<unknown, string, "json">>({ kind: "json" }),
  /** `[x, y]`. */
  point: () => of<Field<Point, [number, number], "point">>({ kind: "point" }),
  /** A closed line of points. */
  ring: () => of<Field<readonly Point[], [number, number][], "ring">>({ kind: "ring" }),
  /** The outer ring, then its holes. */
  polygon: () => of<Field<readonly (readonly Point[])[], [number, number][][], "polygon">>({ kind: "polygon" }),
  /** Polygons, each an outer ring and its holes. */
  multiPolygon: () =>
    of<Field<readonly (readonly (readonly Point[])[])[], [number, number][][][], "multiPolygon">>({
      kind: "multiPolygon",
    }),
  /** Keys are read as `key` says; values may be null only if `value` is optional. */
  map: <K extends AnyField, V extends AnyField>(key: K, value: V) =>
    new Field<{ readonly [name: string]: Input<V> }, { [name: string]: Row<V> }, "map">({
      type: { kind: "map", ...mapOf(key, value) },
    }),
  /** Fields of its own, which may be optional or have defaults: a named Tuple. */
  object: <const F extends Fields>(fields: F) =>
    new Field<InputOfFields<F>, RowOfFields<F>, "object">({
      type: { kind: "object", fields: Object.entries(fields).map(([name, field]) => ({ name, ...field?.spec })) },
    }),
  /** Elements may be null only if `element` is optional. */
  array: <F extends AnyField>(element: F) =>
    new Field<readonly Input<F>[], Row<F>[], "array">({ type: { kind: "array", ...elementOf(element) } }),
};

function enumeration<const N extends readonly [string, ...string[]]>(names: N): Field<N[number], N[number], "enum">;
function enumeration<const V extends Readonly<Record<string, number>>>(
  values: V,
): Field<keyof V & string, keyof V & string, "enum">;
function enumeration(names: readonly string[] | Readonly<Record<string, number>>): Field<string, string, "enum"> {
  if (!Array.isArray(names)) return of({ kind: "enum", values: { ...(names as Record<string, number>) } });
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new DefinitionError("t.enum", undefined, `"${twice}" stands twice: remove one`);
  return of({ kind: "enum", values: Object.fromEntries(names.map((name: string, at) => [name, at + 1])) });
}

function elementOf(element: AnyField): { element: TypeSpec; optionalElement?: true } {
  const { type, optional } = partOf("t.array", "an element", element);
  return { element: type, ...(optional ? { optionalElement: true } : {}) };
}

function mapOf(key: AnyField, value: AnyField): { key: TypeSpec; value: TypeSpec; optionalValue?: true } {
  const keyPart = partOf("t.map", "a key", key);
  if (keyPart.optional) throw new DefinitionError("t.map", undefined, "a key cannot be .optional(): remove it");
  const { type, optional } = partOf("t.map", "a value", value);
  return { key: keyPart.type, value: type, ...(optional ? { optionalValue: true } : {}) };
}

/** A type inside another, which cannot carry what only a field can. */
function partOf(where: string, what: string, part: AnyField): { type: TypeSpec; optional: boolean } {
  const { type, optional, description: _, ...modifiers } = part.spec;
  const misplaced = Object.keys(modifiers)[0];
  if (misplaced !== undefined) {
    const problem = `${what} cannot have .${misplaced}(): only a field can. Put it on the field, or remove it`;
    throw new DefinitionError(where, undefined, problem);
  }
  return { type, optional: optional === true };
}
