// Test fixture: what the Native reader must give for a row that was accepted, worked out from its JSON text alone.
import { type ExactValue, exactDecimal, exactTree } from "../ajv/test-exact-tree.ts";
import { isEmptyable } from "../language/child-types.ts";
import type { FieldSpec, ModelSpec, TypeSpec } from "../language/model-spec.ts";
import { epochDigits, isInteger, isWideInteger } from "../language/type-limits.ts";
import { ipv6Text } from "../native/ip-text.ts";

/** Fields as readNativeBlocks gives them; of JSON texts, the tree. */
export function expectedRow(spec: ModelSpec, text: string): Record<string, unknown> {
  const row = exactTree(text);
  if (row.kind !== "object") throw new Error("not a row");
  const known = new Set(spec.fields.map(({ name }) => name));
  const unknown = row.members.filter(([name]) => !known.has(name));
  return {
    ...expectedFields(spec.fields, row.members),
    ...(spec.extra === "keep" ? { _extra: Object.fromEntries(unknown) } : {}),
  };
}

/** What the reader gave, with JSON texts as their trees, so that both sides compare. */
export function comparableRow(spec: ModelSpec, row: Record<string, unknown>): Record<string, unknown> {
  const { _partition, _offset, _received_at, ...rest } = row;
  const fields = Object.fromEntries(spec.fields.map((field) => [field.name, comparable(field.type, rest[field.name])]));
  if (spec.extra !== "keep") return fields;
  const kept = Object.entries(rest._extra as Record<string, string>);
  return { ...fields, _extra: Object.fromEntries(kept.map(([name, text]) => [name, exactTree(text)])) };
}

function comparable(type: TypeSpec, value: unknown): unknown {
  if (value === null) return null;
  if (type.kind === "json") return exactTree(value as string);
  if (type.kind === "array") return (value as unknown[]).map((item) => comparable(type.element, item));
  const entries = (): [string, unknown][] => Object.entries(value as Record<string, unknown>);
  if (type.kind === "map")
    return Object.fromEntries(entries().map(([key, item]) => [key, comparable(type.value, item)]));
  if (type.kind !== "object") return value;
  const types = new Map(type.fields.map((field) => [field.name, field.type]));
  return Object.fromEntries(entries().map(([name, item]) => [name, comparable(types.get(name)!, item)]));
}

type Members = readonly (readonly [name: string, value: ExactValue])[];

function expectedFields(fields: readonly FieldSpec[], members: Members): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((field) => {
      const sent = members.find(([name]) => name === field.name)?.[1];
      const value = sent ?? (field.default === undefined ? undefined : exactTree(JSON.stringify(field.default)));
      return [field.name, expectedField(field, value)];
    }),
  );
}

function expectedField(field: FieldSpec, value: ExactValue | undefined): unknown {
  const isNull = value === undefined || (value.kind === "literal" && value.value === null);
  return isNull && field.optional === true ? absent(field.type) : expectedValue(field.type, value!);
}

function absent(type: TypeSpec): unknown {
  if (!isEmptyable(type.kind)) return null;
  if (type.kind === "object") return expectedFields(type.fields, []);
  return type.kind === "map" ? {} : [];
}

function expectedValue(type: TypeSpec, value: ExactValue): unknown {
  if (type.kind === "json") return value;
  if (value.kind === "array") return expectedItems(type, value.items);
  if (value.kind === "object") {
    if (type.kind === "object") return expectedFields(type.fields, value.members);
    if (type.kind !== "map") throw new Error(`${type.kind} from an object`);
    const { key, value: inner, optionalValue } = type;
    return Object.fromEntries(
      value.members.map(([name, member]) => [
        String(expectedText(key, name)),
        isNull(member) && optionalValue === true ? null : expectedValue(inner, member),
      ]),
    );
  }
  if (value.kind === "literal") return value.value;
  return value.kind === "string" ? expectedText(type, value.text) : expectedNumber(type, value.text);
}

const isNull = (value: ExactValue): boolean => value.kind === "literal" && value.value === null;

const geo: Readonly<Record<string, TypeSpec>> = {
  point: { kind: "float64" },
  ring: { kind: "point" },
  polygon: { kind: "ring" },
  multiPolygon: { kind: "polygon" },
};

function expectedItems(type: TypeSpec, items: readonly ExactValue[]): unknown[] {
  if (type.kind !== "array") return items.map((item) => expectedValue(geo[type.kind]!, item));
  return items.map((item) =>
    isNull(item) && type.optionalElement === true ? null : expectedValue(type.element, item),
  );
}

function expectedNumber(type: TypeSpec, text: string): unknown {
  if (type.kind === "float64") return Number(text);
  if (type.kind === "float32") return Math.fround(Number(text));
  const { digits, scale } = exactDecimal(text)!;
  if (type.kind === "decimal") return decimalText(digits, scale);
  if (isInteger(type.kind)) return isWideInteger(type.kind) ? digits : Number(digits);
  if (type.kind !== "dateTime" && type.kind !== "dateTime64") throw new Error(`${type.kind} from a number`);
  const precision = type.kind === "dateTime" ? 0 : type.precision;
  return timeText((digits * 10n ** BigInt(precision)) / 10n ** BigInt(epochDigits[type.epoch!]), precision);
}

const decimalText = (value: bigint, scale: number): string => {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, "0");
  return `${value < 0n ? "-" : ""}${scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`}`;
};

function timeText(ticks: bigint, precision: number): string {
  const scale = 10n ** BigInt(precision);
  const fraction = ((ticks % scale) + scale) % scale;
  const second = new Date(Number((ticks - fraction) / scale) * 1000).toISOString().slice(0, 19).replace("T", " ");
  return precision === 0 ? second : `${second}.${fraction.toString().padStart(precision, "0")}`;
}

const TIME = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)?$/;

function expectedText(type: TypeSpec, text: string): unknown {
  if (isInteger(type.kind)) return isWideInteger(type.kind) ? BigInt(text) : Number(BigInt(text));
  switch (type.kind) {
    case "decimal":
      return expectedNumber(type, text);
    case "fixedString":
      return text.replace(/\0+$/, "");
    case "uuid":
      return text.toLowerCase();
    case "ipv6":
      return ipv6Text(ipv6Bytes(text));
    case "dateTime":
    case "dateTime64": {
      const precision = type.kind === "dateTime" ? 0 : type.precision;
      const [, day, second, fraction = "", zone = "Z"] = TIME.exec(text)!;
      const seconds = BigInt(Date.parse(`${day}T${second}${zone.toUpperCase()}`) / 1000);
      const ticks = BigInt(fraction.replace(/0+$/, "").padEnd(precision, "0") || "0");
      return timeText(seconds * 10n ** BigInt(precision) + ticks, precision);
    }
    default:
      return text;
  }
}

/** By the host's own parser of addresses. */
function ipv6Bytes(text: string): Uint8Array {
  const [head, tail] = new URL(`http://[${text}]`).hostname.slice(1, -1).split("::") as [string, string?];
  const groups = (part: string | undefined): number[] =>
    part === undefined || part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const [first, last] = [groups(head), groups(tail)];
  const all = [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 255]));
}
