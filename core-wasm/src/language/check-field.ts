// Finds what cannot work in one field: its type's parameters, its modifiers, its default.

import { constraintsProblem } from "../pattern/string-constraints.ts";
import { compositeProblem, optionalProblem } from "./check-composite.ts";
import { LONE_SURROGATE, valueProblem } from "./check-value.ts";
import type { FieldSpec, TypeSpec } from "./model-spec.ts";
import { integerLimits, isInteger, MAX_FIXED_BYTES, scaledDecimal } from "./type-limits.ts";

/** The problem in words, with what to do; undefined when there is none. */
export function fieldProblem(field: FieldSpec): string | undefined {
  if (typeof field.type !== "object" || field.type === null) return "is not a field: write it with t, as in t.string()";
  return fieldProblemAt(field, 0);
}

function fieldProblemAt(field: FieldSpec, nesting: number): string | undefined {
  const problem = typeProblem(field.type, nesting) ?? optionalProblem(field);
  if (problem !== undefined) return problem;
  if (field.lowCardinality === true && field.type.kind !== "string") {
    return "has .lowCardinality(), which is for strings: remove it";
  }
  if (field.pii !== undefined && !["mask", "hash", "drop"].includes(field.pii)) {
    return `pii is ${JSON.stringify(field.pii)}: choose "mask", "hash" or "drop"`;
  }
  if (field.default === undefined) return undefined;
  if (field.optional === true) {
    return "has both .optional() and .default(), so an absent value would mean two things: remove one";
  }
  const unfit = valueProblem(field.type, field.default);
  return unfit === undefined
    ? undefined
    : `its default ${JSON.stringify(field.default)} does not fit ${field.type.kind}: it ${unfit}`;
}

function typeProblem(type: TypeSpec, nesting: number): string | undefined {
  if (isInteger(type.kind)) return integerBoundsProblem(type as { kind: string; min?: number | string });
  switch (type.kind) {
    case "string":
      for (const bound of [type.min, type.max]) {
        if (bound !== undefined && (!Number.isInteger(bound) || bound < 0 || bound > 0xffff_ffff)) {
          return `a length of ${bound} is not possible: use a whole number from 0`;
        }
      }
      return constraintsProblem(type) ?? orderProblem(type.min, type.max);
    case "float32":
    case "float64":
      for (const bound of [type.min, type.max]) {
        if (bound !== undefined && !Number.isFinite(bound))
          return `a bound of ${bound} is not possible: use a finite number`;
      }
      return orderProblem(type.min, type.max);
    case "fixedString":
      return Number.isInteger(type.length) && type.length >= 1 && type.length <= MAX_FIXED_BYTES
        ? undefined
        : `a length of ${type.length} bytes is not possible: use 1 to ${MAX_FIXED_BYTES}, or t.string()`;
    case "decimal":
      return decimalProblem(type);
    case "boolean":
    case "ipv4":
    case "ipv6":
    case "uuid":
    case "date":
    case "date16":
      return undefined;
    case "dateTime":
      return timezoneProblem(type.timezone) ?? epochProblem(type.epoch);
    case "dateTime64":
      if (!Number.isInteger(type.precision) || type.precision < 0 || type.precision > 9) {
        return `a precision of ${type.precision} is not possible: use 0 to 9 sub-second digits`;
      }
      return timezoneProblem(type.timezone) ?? epochProblem(type.epoch);
    case "enum":
      return enumProblem(type.values);
    case "array":
    case "map":
    case "object":
    case "json":
    case "point":
    case "ring":
    case "polygon":
    case "multiPolygon":
      return compositeProblem(type, nesting, { typeProblem, fieldProblem: fieldProblemAt });
    default:
      return `its type ${JSON.stringify((type as { kind: unknown }).kind)} is not known to this version of @moose/core`;
  }
}

function integerBoundsProblem(type: {
  kind: string;
  min?: number | string;
  max?: number | string;
}): string | undefined {
  if (!isInteger(type.kind)) return undefined;
  const [least, most] = integerLimits[type.kind];
  for (const bound of [type.min, type.max]) {
    if (bound === undefined) continue;
    if (!/^-?\d+$/.test(String(bound))) return `a bound of ${bound} is not possible: use a whole number`;
    if (BigInt(bound) < least || BigInt(bound) > most)
      return `a bound of ${bound} is outside ${type.kind}: ${least} to ${most}`;
  }
  return orderProblem(
    type.min === undefined ? undefined : BigInt(type.min),
    type.max === undefined ? undefined : BigInt(type.max),
  );
}

function decimalProblem(type: Extract<TypeSpec, { kind: "decimal" }>): string | undefined {
  const { precision, scale } = type;
  if (!Number.isInteger(precision) || precision < 1 || precision > 76) {
    return `a precision of ${precision} is not possible: use 1 to 76 digits`;
  }
  if (!Number.isInteger(scale) || scale < 0 || scale > precision) {
    return `a scale of ${scale} is not possible: use 0 to ${precision} digits behind the point`;
  }
  const bounds = [type.min, type.max].map((bound) => {
    if (bound === undefined) return undefined;
    const scaled = /^-?(0|[1-9]\d*)(\.\d+)?$/.test(bound) ? scaledDecimal(bound, scale) : undefined;
    return scaled !== undefined && scaled < 10n ** BigInt(precision) && -scaled < 10n ** BigInt(precision)
      ? scaled
      : bound;
  });
  const unfit = bounds.find((bound) => typeof bound === "string");
  if (unfit !== undefined) return `a bound of ${unfit} is no decimal of ${precision} digits, ${scale} behind the point`;
  const crossed = orderProblem(bounds[0] as bigint | undefined, bounds[1] as bigint | undefined);
  return crossed && `min ${type.min} is above max ${type.max}: no value would fit`;
}

function orderProblem(min: number | bigint | undefined, max: number | bigint | undefined): string | undefined {
  return min !== undefined && max !== undefined && min > max
    ? `min ${min} is above max ${max}: no value would fit`
    : undefined;
}

function timezoneProblem(timezone: string | undefined): string | undefined {
  if (timezone === undefined) return undefined;
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
    return /^[A-Za-z0-9_+/-]+$/.test(timezone) ? undefined : `"${timezone}" is not a time zone name`;
  } catch {
    return `"${timezone}" is not a time zone: use an IANA name such as "Europe/Berlin"`;
  }
}

function epochProblem(unit: string | undefined): string | undefined {
  if (unit === undefined || ["s", "ms", "us", "ns"].includes(unit)) return undefined;
  return `an epoch unit of "${unit}" is not possible: use "s", "ms", "us" or "ns"`;
}

function enumProblem(values: Readonly<Record<string, number>>): string | undefined {
  const entries = Object.entries(values);
  if (entries.length === 0) return "has no names: an enum needs at least one";
  const seen = new Map<number, string>();
  for (const [name, value] of entries) {
    if (name === "" || LONE_SURROGATE.test(name)) return `the name ${JSON.stringify(name)} is not possible in an enum`;
    if (!Number.isInteger(value) || value < -32768 || value > 32767) {
      return `the number of "${name}" is ${value}: it must be a whole number from -32768 to 32767`;
    }
    const other = seen.get(value);
    if (other !== undefined) return `"${other}" and "${name}" have the same number ${value}: give each its own`;
    seen.set(value, name);
  }
  return undefined;
}
