// Says why a plain value does not fit a type that holds others.
import type { FieldSpec, JsonValue, TypeSpec } from "./model-spec.ts";
import { isInteger } from "./type-limits.ts";

type Check = (type: TypeSpec, value: JsonValue) => string | undefined;

const GEO_PARTS = { ring: "point", polygon: "ring", multiPolygon: "polygon" } as const;
const MAX_DEPTH = 64;

/** `check` is valueProblem. Unknown members of an object do not fit: a default has no use for them. */
export function compositeValueProblem(type: TypeSpec, value: JsonValue, check: Check): string | undefined {
  switch (type.kind) {
    case "object":
      return isPlainObject(value) ? objectProblem(type.fields, value, check) : "must be an object";
    case "map":
      if (!isPlainObject(value)) return "must be an object";
      return firstProblem(Object.entries(value), ([key, item]) => {
        const keyValue =
          isInteger(type.key.kind) && /^-?(0|[1-9]\d*)$/.test(key)
            ? integerKey(type.key, key, check)
            : check(type.key, key);
        return keyValue ?? (item === null && type.optionalValue === true ? undefined : check(type.value, item));
      });
    case "json":
      return jsonProblem(value, 0);
    case "point":
      if (!Array.isArray(value) || value.length !== 2) return "must be [x, y]";
      return firstProblem(value, (item) => check({ kind: "float64" }, item as JsonValue));
    case "ring":
    case "polygon":
    case "multiPolygon":
      if (!Array.isArray(value)) return "must be an array";
      return firstProblem(value, (item) =>
        check({ kind: GEO_PARTS[type.kind as keyof typeof GEO_PARTS] }, item as JsonValue),
      );
    default:
      return undefined;
  }
}

const isPlainObject = (value: JsonValue): value is { readonly [key: string]: JsonValue } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function firstProblem<T>(items: readonly T[], problemOf: (item: T) => string | undefined): string | undefined {
  for (const [at, item] of items.entries()) {
    const problem = problemOf(item);
    if (problem !== undefined) return `[${at}] ${problem}`;
  }
  return undefined;
}

function objectProblem(
  fields: readonly FieldSpec[],
  value: { readonly [key: string]: JsonValue },
  check: Check,
): string | undefined {
  const unknown = Object.keys(value).find((name) => !fields.some((field) => field.name === name));
  if (unknown !== undefined) return `has "${unknown}", which is not a field`;
  for (const field of fields) {
    const item = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
    if (
      item === undefined
        ? field.optional === true || field.default !== undefined
        : item === null && field.optional === true
    )
      continue;
    const problem = item === undefined ? "is missing" : check(field.type, item);
    if (problem !== undefined) return `"${field.name}" ${problem}`;
  }
  return undefined;
}

/** Digits as a key: small integer types take no strings elsewhere. */
const integerKey = (key: TypeSpec, digits: string, check: Check): string | undefined => {
  const wide = check(key, digits);
  return wide === undefined || !Number.isSafeInteger(Number(digits)) ? wide : check(key, Number(digits));
};

function jsonProblem(value: JsonValue, depth: number): string | undefined {
  if (typeof value === "string") return /\p{Surrogate}/u.test(value) ? "holds half of a surrogate pair" : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  if (depth >= MAX_DEPTH - 1) return `is nested deeper than ${MAX_DEPTH} levels`;
  const parts = Array.isArray(value) ? value : Object.entries(value).flat();
  return firstProblem(parts, (part) => jsonProblem(part as JsonValue, depth + 1));
}
