// Test fixture: where the core differs from Ajv on our JSON Schema, each as an independent check. AJV-DIFFERENCES.md says why.
import type { FieldSpec, ModelSpec, TypeSpec } from "../language/model-spec.ts";
import { dayLimits, integerLimits, isInteger, isWideInteger, tickLimits } from "../language/type-limits.ts";
import { formatPatterns } from "../pattern/string-format.ts";
import { type ExactValue, exactDecimal } from "./test-exact-tree.ts";

/** Names of the sections of AJV-DIFFERENCES.md. */
export const differenceNames = [
  "duplicate keys",
  "half surrogates",
  "digits decide",
  "wide integers",
  "map keys",
  "decimals",
  "float32",
  "fixed strings",
  "formats",
  "days and times",
  "times in UTC",
] as const;
export type DifferenceName = (typeof differenceNames)[number];

/** The differences because of which the core refuses what Ajv takes. */
export function stricter(spec: ModelSpec, row: ExactValue): Set<DifferenceName> {
  const found = new Set<DifferenceName>();
  if (hasHalfSurrogate(row)) found.add("half surrogates");
  if (row.kind !== "object") return found;
  fieldDifferences(spec.fields, row, found);
  return found;
}

type ExactObject = Extract<ExactValue, { kind: "object" }>;

function fieldDifferences(fields: readonly FieldSpec[], row: ExactObject, found: Set<DifferenceName>): void {
  noteDuplicates(
    row.members.map(([name]) => name),
    found,
  );
  for (const [name, value] of row.members) {
    const field = fields.find((candidate) => candidate.name === name);
    if (field !== undefined) differencesOf(field.type, value, found);
  }
}

function noteDuplicates(names: readonly string[], found: Set<DifferenceName>): void {
  if (new Set(names).size < names.length) found.add("duplicate keys");
}

/** Keys are compared as what they are read as: 0 and -0 are one integer. */
function mapDifferences(type: Extract<TypeSpec, { kind: "map" }>, map: ExactObject, found: Set<DifferenceName>): void {
  const isNumber = isInteger(type.key.kind);
  const names = map.members.map(([name]) => (isNumber && /^-?\d+$/.test(name) ? BigInt(name).toString() : name));
  noteDuplicates(names, found);
  for (const [name, value] of map.members) {
    if (isNumber && /^-?\d+$/.test(name) && !inRange(type.key, BigInt(name))) found.add("map keys");
    differencesOf(type.value, value, found);
  }
}

/** A JSON value has no key twice, however deep. */
function noteDuplicatesInside(value: ExactValue, found: Set<DifferenceName>): void {
  if (value.kind === "array") for (const item of value.items) noteDuplicatesInside(item, found);
  if (value.kind !== "object") return;
  noteDuplicates(
    value.members.map(([name]) => name),
    found,
  );
  for (const [, member] of value.members) noteDuplicatesInside(member, found);
}

function hasHalfSurrogate(value: ExactValue): boolean {
  switch (value.kind) {
    case "string":
      return /\p{Surrogate}/u.test(value.text);
    case "array":
      return value.items.some(hasHalfSurrogate);
    case "object":
      return value.members.some(([name, member]) => /\p{Surrogate}/u.test(name) || hasHalfSurrogate(member));
    default:
      return false;
  }
}

function differencesOf(type: TypeSpec, value: ExactValue, found: Set<DifferenceName>): void {
  if (type.kind === "array") {
    if (value.kind === "array") for (const item of value.items) differencesOf(type.element, item, found);
  } else if (type.kind === "object") {
    if (value.kind === "object") fieldDifferences(type.fields, value, found);
  } else if (type.kind === "map") {
    if (value.kind === "object") mapDifferences(type, value, found);
  } else if (type.kind === "json") noteDuplicatesInside(value, found);
  else if (value.kind === "number") numberDifference(type, value.text, found);
  else if (value.kind === "string") textDifference(type, value.text, found);
}

function numberDifference(type: TypeSpec, text: string, found: Set<DifferenceName>): void {
  const exact = exactDecimal(text);
  if (isWideInteger(type.kind)) {
    if (exact !== undefined && exact.scale > 0) found.add("digits decide");
    else if (exact === undefined || !inRange(type, exact.digits)) found.add("wide integers");
  } else if (isInteger(type.kind)) {
    if (exact === undefined || exact.scale > 0 || !inRange(type, exact.digits)) found.add("digits decide");
  } else if (type.kind === "float32") {
    if (!Number.isFinite(Math.fround(Number(text)))) found.add("float32");
  } else if (type.kind === "decimal") {
    if (exact === undefined || !fitsDecimal(type, exact)) found.add("decimals");
  } else if ((type.kind === "dateTime" || type.kind === "dateTime64") && type.epoch !== undefined) {
    if (exact === undefined || exact.scale > 0) found.add("digits decide");
    else if (!epochFits(type, exact.digits)) found.add("days and times");
  }
}

function textDifference(type: TypeSpec, text: string, found: Set<DifferenceName>): void {
  if (isWideInteger(type.kind)) {
    if (/^-?\d+$/.test(text) && !inRange(type, BigInt(text))) found.add("wide integers");
  } else if (type.kind === "decimal") {
    const exact = /^-?\d+(\.\d+)?$/.test(text) ? exactDecimal(text) : undefined;
    if (exact === undefined || !fitsDecimal(type, exact)) found.add("decimals");
  } else if (type.kind === "fixedString") {
    if (new TextEncoder().encode(text).length > type.length) found.add("fixed strings");
  } else if (type.kind === "string" && type.format !== undefined) {
    if (!new RegExp(formatPatterns[type.format], "u").test(text)) found.add("formats");
  } else if (type.kind === "uuid") {
    if (!new RegExp(formatPatterns.uuid).test(text)) found.add("formats");
  } else if (type.kind === "date" || type.kind === "date16") {
    const day = Math.floor(Date.parse(`${text}T00:00:00Z`) / 86_400_000);
    const [least, most] = dayLimits[type.kind];
    if (!(day >= least && day <= most)) found.add("days and times");
  } else if (type.kind === "dateTime" || type.kind === "dateTime64") {
    if (!timeFits(type, text)) found.add("days and times");
  }
}

function inRange(type: TypeSpec, value: bigint): boolean {
  if (!isInteger(type.kind)) return true;
  const { min, max } = type as { min?: number | string; max?: number | string };
  const [least, most] = integerLimits[type.kind];
  return value >= BigInt(min ?? least) && value <= BigInt(max ?? most);
}

function fitsDecimal(type: Extract<TypeSpec, { kind: "decimal" }>, exact: { digits: bigint; scale: number }): boolean {
  if (exact.scale > type.scale) return false;
  const scaled = exact.digits * 10n ** BigInt(type.scale - exact.scale);
  const limit = 10n ** BigInt(type.precision);
  return scaled > -limit && scaled < limit;
}

type TimeType = Extract<TypeSpec, { kind: "dateTime" | "dateTime64" }>;
const precisionOf = (type: TimeType): number => (type.kind === "dateTime64" ? type.precision : 0);
const epochScale = { s: 0, ms: 3, us: 6, ns: 9 } as const;

function epochFits(type: TimeType, value: bigint): boolean {
  const ticks = value * 10n ** BigInt(precisionOf(type));
  const unit = 10n ** BigInt(epochScale[type.epoch!]);
  const [least, most] = tickLimits(type.kind, precisionOf(type));
  return ticks % unit === 0n && ticks / unit >= least && ticks / unit <= most;
}

const TIME = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/;
const BLANK_TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)$/;

function timeFits(type: TimeType, text: string): boolean {
  const [, day, second, fraction = "", zone] = TIME.exec(timeInUtc(text) ?? text) ?? [];
  if (day === undefined || second!.endsWith(":60")) return false;
  const digits = fraction.replace(/0+$/, "");
  if (digits.length > precisionOf(type)) return false;
  const seconds = Date.parse(`${day}T${second}${zone!.toUpperCase()}`) / 1000;
  if (Number.isNaN(seconds)) return false;
  const scale = 10n ** BigInt(precisionOf(type));
  const ticks = BigInt(seconds) * scale + BigInt(digits.padEnd(precisionOf(type), "0") || "0");
  const [least, most] = tickLimits(type.kind, precisionOf(type));
  return ticks >= least && ticks <= most;
}

/** The only form that the core takes and JSON Schema's date-time does not: `2001-01-31 13:05:00`, in UTC. */
export function timeInUtc(text: string): string | undefined {
  const [, day, time] = BLANK_TIME.exec(text) ?? [];
  return day === undefined ? undefined : `${day}T${time}Z`;
}

/** The row as Ajv is asked: times without offset said as RFC 3339. */
export function forAjv(fields: readonly FieldSpec[], row: unknown): unknown {
  if (!isObject(row)) return row;
  const mended = { ...row };
  for (const field of fields)
    if (Object.hasOwn(mended, field.name)) mended[field.name] = mend(field.type, mended[field.name]);
  return mended;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function mend(type: FieldSpec["type"], value: unknown): unknown {
  if (type.kind === "array" && Array.isArray(value)) return value.map((item) => mend(type.element, item));
  if (type.kind === "object") return forAjv(type.fields, value);
  if (type.kind === "map" && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mend(type.value, member)]));
  }
  const isTime = type.kind === "dateTime" || type.kind === "dateTime64";
  return isTime && typeof value === "string" ? (timeInUtc(value) ?? value) : value;
}
