// A model whose times are all in UTC: a block shows them in the zone of its column, and a function reads them in UTC.
import type { FieldSpec, ModelSpec, TypeSpec } from "@moose/core";

export const inUtc = (spec: ModelSpec): ModelSpec => ({ ...spec, fields: spec.fields.map(fieldInUtc) });

const fieldInUtc = (field: FieldSpec): FieldSpec => ({ ...field, type: typeInUtc(field.type) });

function typeInUtc(type: TypeSpec): TypeSpec {
  switch (type.kind) {
    case "dateTime":
    case "dateTime64": {
      const { timezone: _, ...rest } = type;
      return rest;
    }
    case "array":
      return { ...type, element: typeInUtc(type.element) };
    case "map":
      return { ...type, value: typeInUtc(type.value) };
    case "object":
      return { ...type, fields: type.fields.map(fieldInUtc) };
    default:
      return type;
  }
}
