// Turns an event's JSON, as the app sent it, into the row type of its model: defaults filled in, 64-bit integers as bigint.
import type { FieldSpec, ModelSpec, TypeSpec } from "@moose/core";

const unitMs = { s: 1_000, ms: 1, us: 1e-3, ns: 1e-6 } as const;

/** Decided once for each model. */
export function eventDecoder(spec: ModelSpec): (event: Record<string, unknown>) => Record<string, unknown> {
  return (event) => {
    const row: Record<string, unknown> = {};
    for (const field of spec.fields) row[field.name] = fieldValue(field, event[field.name]);
    return row;
  };
}

function fieldValue(field: FieldSpec, value: unknown): unknown {
  const present = value ?? field.default;
  if (present === undefined || present === null) return emptyValue(field);
  return typedValue(field.type, present);
}

function typedValue(type: TypeSpec, value: unknown): unknown {
  switch (type.kind) {
    case "int64":
    case "uint64":
    case "int128":
    case "int256":
    case "uint128":
    case "uint256":
      return typeof value === "number" || typeof value === "string" ? BigInt(value) : value;
    case "decimal":
      return String(value);
    case "dateTime":
    case "dateTime64":
      return typeof value === "number" && type.epoch ? new Date(value * unitMs[type.epoch]).toISOString() : value;
    case "json":
      // A table holds the text of the value, and so does a row.
      return JSON.stringify(value);
    case "object":
      return isObject(value)
        ? Object.fromEntries(type.fields.map((field) => [field.name, fieldValue(field, value[field.name])]))
        : value;
    case "map":
      return isObject(value)
        ? Object.fromEntries(
            Object.entries(value).map(([key, item]) => [key, item === null ? null : typedValue(type.value, item)]),
          )
        : value;
    case "array":
      return Array.isArray(value)
        ? value.map((item) => (item === null ? null : typedValue(type.element, item)))
        : value;
    default:
      return value;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What an absent field holds: nothing, an empty array or map, or an object of absent fields. */
function emptyValue(field: FieldSpec): unknown {
  switch (field.type.kind) {
    case "array":
    case "ring":
    case "polygon":
    case "multiPolygon":
      return [];
    case "map":
      return {};
    case "object":
      return typedValue(field.type, {});
    default:
      return null;
  }
}
