// How stored values move from one column type to another. Pure.
import { unwrapType } from "../model/aggregation-columns.ts";
import { quoteIdentifier, quoteString } from "../model/sql-text.ts";
import type { ColumnDefinition } from "./table-definitions.ts";

/** Whether every stored value keeps its meaning, so that ClickHouse may change the column in place. */
export function isWidening(from: string, to: string): boolean {
  const [a, b] = [unwrapType(from), unwrapType(to)];
  if (a.nullable && !b.nullable) return false;
  if (a.base === b.base) return true;
  const [integerA, integerB] = [integer(a.base), integer(b.base)];
  if (integerA && integerB) {
    if (integerA.unsigned === integerB.unsigned) return integerB.bits >= integerA.bits;
    return integerA.unsigned && integerB.bits > integerA.bits;
  }
  if (a.base === "Float32") return b.base === "Float64";
  const [enumA, enumB] = [enumEntries(a.base), enumEntries(b.base)];
  if (enumA && enumB) return [...enumA].every(([name, value]) => enumB.get(name) === value);
  return false;
}

function integer(type: string): { unsigned: boolean; bits: number } | undefined {
  const match = /^(U?)Int(\d+)$/.exec(type);
  return match ? { unsigned: match[1] === "U", bits: Number(match[2]) } : undefined;
}

function enumEntries(type: string): Map<string, number> | undefined {
  if (!/^Enum(8|16)\(/.test(type)) return undefined;
  return new Map([...type.matchAll(/'((?:[^'\\]|\\.)*)' = (-?\d+)/g)].map((match) => [match[1]!, Number(match[2])]));
}

export interface Conversion {
  readonly expression: string;
  /** Whether one value can make the whole statement fail. */
  readonly mayFail: boolean;
}

/**
 * Selects the old column as the new one; a value that does not convert becomes null, or the column's default.
 * Undefined when none would convert.
 */
export function convertColumn(from: string, to: ColumnDefinition): Conversion | undefined {
  const column = quoteIdentifier(to.name);
  if (from === to.type) return { expression: column, mayFail: false };
  const [wasArray, isArray] = [from.startsWith("Array("), to.type.startsWith("Array(")];
  // Nothing that holds an array can be null: it converts as a whole or not at all.
  if (wasArray && isArray) return { expression: `CAST(${column}, ${quoteString(to.type)})`, mayFail: true };
  if (isArray) return undefined;
  if (wasArray) {
    return unwrapType(to.type).base === "String" ? { expression: `toString(${column})`, mayFail: false } : undefined;
  }
  return { expression: convertedScalar(from, to), mayFail: false };
}

function convertedScalar(from: string, to: ColumnDefinition): string {
  const column = quoteIdentifier(to.name);
  const { base, nullable } = unwrapType(to.type);
  const old = unwrapType(from).base;
  const source = old.startsWith("Enum") ? `toString(${column})` : column;
  const converted = fromText(old, base, source) ?? `accurateCastOrNull(${source}, ${quoteString(base)})`;
  if (nullable) return converted;
  return `ifNull(${converted}, ${to.default === undefined ? `defaultValueOfTypeName(${quoteString(base)})` : `CAST(${to.default}, ${quoteString(base)})`})`;
}

/** ClickHouse's cast knows one form of time only; RFC 3339 needs the patient parser. */
function fromText(old: string, base: string, source: string): string | undefined {
  if (old !== "String") return undefined;
  const precision = /^DateTime64\((\d)/.exec(base)?.[1] ?? (base.startsWith("DateTime(") ? "0" : undefined);
  return precision === undefined
    ? undefined
    : `accurateCastOrNull(parseDateTime64BestEffortOrNull(${source}, ${precision}, 'UTC'), ${quoteString(base)})`;
}
