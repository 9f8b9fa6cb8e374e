// Writes a field's type into a program: one node for each type, an array's element behind its array.
import { isEnum8 } from "../language/clickhouse-type.ts";
import type { FieldSpec, TypeSpec } from "../language/model-spec.ts";
import {
  dayLimits,
  decimalLimits,
  epochDigits,
  integerLimits,
  isHugeInteger,
  isInteger,
  isWideInteger,
  tickLimits,
} from "../language/type-limits.ts";
import { maxLength } from "../pattern/string-format.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { expectedText } from "./expected-text.ts";
import { decimalWidth, kinds, NODE_BYTES, nodeFlags, widths } from "./layout.ts";
import { writeNameTable } from "./name-table.ts";
import { writePatterns } from "./write-patterns.ts";

export const countNodes = (type: TypeSpec): number => (type.kind === "array" ? 1 + countNodes(type.element) : 1);

/** Writes the nodes of a field at `at`, and what each accepts to `texts`. Returns where the next field's begin. */
export function writeNodes(out: ByteWriter, at: number, field: FieldSpec, texts: Map<number, string>): number {
  const optional = field.optional === true;
  const flags =
    (optional ? (field.type.kind === "array" ? nodeFlags.nullIsEmpty : nodeFlags.nullable) : 0) |
    (field.lowCardinality === true ? nodeFlags.lowCardinality : 0);
  return writeNode(out, at, field.type, flags, texts);
}

function writeNode(out: ByteWriter, at: number, type: TypeSpec, flags: number, texts: Map<number, string>): number {
  texts.set(at, expectedText(type, (flags & (nodeFlags.nullable | nodeFlags.nullIsEmpty)) !== 0));
  const epoch =
    (type.kind === "dateTime" || type.kind === "dateTime64") && type.epoch !== undefined ? type.epoch : undefined;
  out.u8(at, kinds[type.kind]);
  out.u8(
    at + 1,
    flags |
      (isWideInteger(type.kind) ? nodeFlags.wide : 0) |
      (epoch === undefined ? 0 : nodeFlags.epoch) |
      (type.kind === "decimal" ? nodeFlags.scaled : 0),
  );
  out.u8(at + 2, widthOf(type));
  out.u8(at + 3, type.kind === "dateTime64" ? type.precision : type.kind === "decimal" ? type.scale : 0);
  out.u8(at + 4, epoch === undefined ? 0 : epochDigits[epoch]);
  writeLimits(out, at, type);
  if (type.kind === "enum") out.u32(at + 12, writeNameTable(out, Object.entries(type.values).sort(byNumber)));
  if (type.kind === "string") out.u32(at + 12, writePatterns(out, type));
  if (type.kind !== "array") return at + NODE_BYTES;
  out.u32(at + 8, at + NODE_BYTES);
  return writeNode(out, at + NODE_BYTES, type.element, type.optionalElement === true ? nodeFlags.nullable : 0, texts);
}

function widthOf(type: TypeSpec): number {
  if (type.kind === "decimal") return decimalWidth(type.precision);
  return type.kind === "enum" && !isEnum8(type.values) ? 2 : widths[type.kind];
}

const byNumber = (a: readonly [string, number], b: readonly [string, number]): number => a[1] - b[1];

/** Least and most: integers, days and ticks as such, floats as float64, strings as lengths. */
function writeLimits(out: ByteWriter, at: number, type: TypeSpec): void {
  const put = (least: bigint, most: bigint): void => {
    out.i64(at + 16, least);
    out.i64(at + 24, most);
  };
  if (isInteger(type.kind)) {
    const { min, max } = type as { min?: number | string; max?: number | string };
    const [least, most] = integerLimits[type.kind];
    const limits = [min === undefined ? least : BigInt(min), max === undefined ? most : BigInt(max)] as const;
    if (isHugeInteger(type.kind)) out.u32(at + 12, writeWideLimits(out, limits));
    else put(...limits);
  } else if (type.kind === "decimal") {
    const limits = decimalLimits(type);
    if (decimalWidth(type.precision) > 8) out.u32(at + 12, writeWideLimits(out, limits));
    else put(...limits);
  } else if (type.kind === "fixedString") {
    put(0n, BigInt(type.length));
  } else if (type.kind === "string") {
    put(BigInt(type.min ?? 0), BigInt(maxLength(type) ?? 0xffff_ffff));
  } else if (type.kind === "date" || type.kind === "date16") {
    const [least, most] = dayLimits[type.kind];
    put(least, most);
  } else if (type.kind === "dateTime" || type.kind === "dateTime64") {
    const [least, most] = tickLimits(type.kind, type.kind === "dateTime64" ? type.precision : 0);
    put(least, most);
  } else if (type.kind === "float32" || type.kind === "float64") {
    out.f64(at + 16, type.min ?? -Number.MAX_VALUE);
    out.f64(at + 24, type.max ?? Number.MAX_VALUE);
  }
}

/** Least and most, each as a sign (64 bits) and a magnitude of 256 bits. Returns where they begin. */
function writeWideLimits(out: ByteWriter, limits: readonly [bigint, bigint]): number {
  out.align(8);
  const at = out.reserve(80);
  limits.forEach((limit, index) => {
    const magnitude = limit < 0n ? -limit : limit;
    out.i64(at + index * 40, limit < 0n ? 1n : 0n);
    for (let limb = 0; limb < 4; limb++) out.i64(at + index * 40 + 8 + limb * 8, magnitude >> BigInt(64 * limb));
  });
  return at;
}
