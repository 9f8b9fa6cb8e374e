// Writes a field's type into a program: one node for each type, an array's element behind its array.

import { type ChildType, childTypes, isEmptyable } from "../language/child-types.ts";
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

/** Nodes of a type and of the types in it; and fields of the objects in it. */
export const countNodes = (type: TypeSpec): number =>
  1 + childTypes(type).reduce((sum, child) => sum + countNodes(child.type), 0);

export const countFields = (type: TypeSpec): number =>
  childTypes(type).reduce((sum, child) => sum + (child.field === undefined ? 0 : 1) + countFields(child.type), 0);

/** What the nodes of a program are written with. */
export interface NodeWriter {
  readonly out: ByteWriter;
  /** What each node accepts, by where it stands. */
  readonly texts: Map<number, string>;
  /** Writes the record of an object with these fields, whose nodes stand at `nodes`. Returns where the record is. */
  readonly writeObject: (fields: readonly FieldSpec[], nodes: readonly number[]) => number;
}

/** Writes the nodes of a type at `at`, those of the types in it behind. Returns where the next begin. */
export function writeNodes(
  writer: NodeWriter,
  at: number,
  { type, optional, lowCardinality, isKey }: ChildType,
): number {
  const { out, texts } = writer;
  texts.set(at, `${isKey === true ? "a key that is " : ""}${expectedText(type, optional === true)}`);
  const epoch = type.kind === "dateTime" || type.kind === "dateTime64" ? type.epoch : undefined;
  out.u8(at, kinds[type.kind]);
  out.u8(
    at + 1,
    (optional === true ? (isEmptyable(type.kind) ? nodeFlags.nullIsEmpty : nodeFlags.nullable) : 0) |
      (lowCardinality === true ? nodeFlags.lowCardinality : 0) |
      // A key is text in JSON, whatever its type.
      (isWideInteger(type.kind) || (isKey === true && isInteger(type.kind)) ? nodeFlags.wide : 0) |
      (epoch === undefined ? 0 : nodeFlags.epoch) |
      (type.kind === "decimal" ? nodeFlags.scaled : 0),
  );
  out.u8(at + 2, widthOf(type));
  out.u8(at + 3, type.kind === "dateTime64" ? type.precision : type.kind === "decimal" ? type.scale : 0);
  out.u8(at + 4, epoch === undefined ? 0 : epochDigits[epoch]);
  writeLimits(out, at, type);
  if (type.kind === "enum") out.u32(at + 12, writeNameTable(out, Object.entries(type.values).sort(byNumber)));
  if (type.kind === "string") out.u32(at + 12, writePatterns(out, type));
  let next = at + NODE_BYTES;
  const children = childTypes(type).map((child) => {
    const node = next;
    next = writeNodes(writer, node, child);
    return node;
  });
  if (children[0] !== undefined) out.u32(at + 8, children[0]);
  if (type.kind === "map") out.u32(at + 12, children[1]!);
  if (type.kind === "object") out.u32(at + 12, writer.writeObject(type.fields, children));
  return next;
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
