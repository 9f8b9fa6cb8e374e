// JSON Schema (draft 2020-12) of one event of a model: what OpenAPI shows.

import { maxLength } from "../pattern/string-format.ts";
import type { FieldSpec, ModelSpec, TypeSpec } from "./model-spec.ts";
import { integerLimits, isInteger, isWideInteger } from "./type-limits.ts";

type Schema = { [key: string]: unknown };

/** The schema of one event, as an application sends it. */
export function jsonSchema(spec: ModelSpec): object {
  const { type, ...rest } = objectSchema(spec.fields, spec.extra === "drop");
  const open = spec.extra !== "reject";
  return {
    type,
    title: spec.name,
    ...(spec.description === undefined ? {} : { description: spec.description }),
    ...rest,
    additionalProperties: open,
  };
}

/** `open`: unknown members are accepted. */
function objectSchema(fields: readonly FieldSpec[], open: boolean): Schema {
  const required = fields.filter((field) => field.optional !== true && field.default === undefined);
  return {
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field, open)])),
    ...(required.length === 0 ? {} : { required: required.map((field) => field.name) }),
    additionalProperties: open,
  };
}

function fieldSchema(field: FieldSpec, open: boolean): Schema {
  return {
    ...nullable(typeSchema(field.type, open), field.optional === true),
    ...(field.description === undefined ? {} : { description: field.description }),
    ...(field.default === undefined ? {} : { default: field.default }),
    ...(field.pii === undefined ? {} : { "x-pii": field.pii }),
  };
}

/** A key is always text: of an integer, its digits. */
function keySchema(key: TypeSpec): Schema {
  if (!isInteger(key.kind)) return typeSchema(key, false);
  return { type: "string", pattern: key.kind.startsWith("u") ? "^(-?0|[1-9][0-9]*)$" : "^-?(0|[1-9][0-9]*)$" };
}

function nullable(schema: Schema, optional: boolean): Schema {
  // A schema without a type accepts null as it is.
  if (!optional || (schema.type === undefined && schema.anyOf === undefined)) return schema;
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: "null" }] };
  const names = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {};
  return { ...schema, ...names, type: [schema.type, "null"] };
}

function typeSchema(type: TypeSpec, open: boolean): Schema {
  if (isWideInteger(type.kind)) {
    const digits = {
      type: "string",
      pattern: type.kind.startsWith("u") ? "^(-?0|[1-9][0-9]*)$" : "^-?(0|[1-9][0-9]*)$",
    };
    return { anyOf: [{ type: "integer", format: type.kind }, digits] };
  }
  if (isInteger(type.kind)) {
    const [least, most] = integerLimits[type.kind];
    const { min, max } = type as { min?: number; max?: number };
    return { type: "integer", minimum: min ?? Number(least), maximum: max ?? Number(most) };
  }
  switch (type.kind) {
    case "string":
      return { type: "string", ...stringBounds(type) };
    case "float32":
    case "float64":
      return {
        type: "number",
        format: type.kind === "float32" ? "float" : "double",
        ...bounds(type, "minimum", "maximum"),
      };
    case "fixedString":
      return { type: "string", maxLength: type.length, description: `at most ${type.length} bytes of UTF-8` };
    case "decimal":
      return {
        anyOf: [
          { type: "number", format: "decimal" },
          { type: "string", pattern: "^-?(0|[1-9][0-9]*)([.][0-9]+)?$" },
        ],
        description: `at most ${type.precision} digits, ${type.scale} of them behind the point`,
      };
    case "ipv4":
    case "ipv6":
      return { type: "string", format: type.kind };
    case "uuid":
      return { type: "string", format: "uuid" };
    case "date":
    case "date16":
      return { type: "string", format: "date" };
    case "dateTime":
    case "dateTime64": {
      const text = { type: "string", format: "date-time" };
      if (type.epoch === undefined) return text;
      return { anyOf: [text, { type: "integer", description: `${type.epoch} since 1970-01-01 UTC` }] };
    }
    case "enum":
      return { type: "string", enum: Object.keys(type.values) };
    case "array":
      return { type: "array", items: nullable(typeSchema(type.element, open), type.optionalElement === true) };
    case "map":
      return {
        type: "object",
        propertyNames: keySchema(type.key),
        additionalProperties: nullable(typeSchema(type.value, open), type.optionalValue === true),
      };
    case "object":
      return objectSchema(type.fields, open);
    case "json":
      return {};
    case "point":
      return { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2, description: "[x, y]" };
    case "ring":
      return { type: "array", items: typeSchema({ kind: "point" }, open) };
    case "polygon":
      return { type: "array", items: typeSchema({ kind: "ring" }, open) };
    case "multiPolygon":
      return { type: "array", items: typeSchema({ kind: "polygon" }, open) };
    default:
      return { type: type.kind };
  }
}

function stringBounds(type: Extract<TypeSpec, { kind: "string" }>): Schema {
  const max = maxLength(type);
  return {
    ...bounds({ ...type, ...(max === undefined ? {} : { max }) }, "minLength", "maxLength"),
    ...(type.pattern === undefined ? {} : { pattern: type.pattern }),
    ...(type.format === undefined ? {} : { format: type.format }),
  };
}

function bounds(type: { min?: number; max?: number }, least: string, most: string): Schema {
  return {
    ...(type.min === undefined ? {} : { [least]: type.min }),
    ...(type.max === undefined ? {} : { [most]: type.max }),
  };
}
