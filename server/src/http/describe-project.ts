// What the contract's generator is told of a project: schemas of events, and what its aggregations can be asked. Pure.
import { type AggregationSpec, type FieldSpec, jsonSchema, type ModelSpec } from "@moose/core";
import type { JsonSchema, Project, ProjectAggregation, ProjectDimension } from "@moose/openapi";
import { operatorsOf } from "../query/filter-operators.ts";
import { coarserGrains } from "../query/grain-rules.ts";

export function describeProject(models: readonly ModelSpec[], aggregations: readonly AggregationSpec[]): Project {
  return {
    models: models.map((spec) => ({
      name: spec.name,
      version: spec.version,
      schema: jsonSchema(spec) as JsonSchema,
      ...described(spec),
    })),
    aggregations: aggregations.map((aggregation) =>
      describeAggregation(
        aggregation,
        models.find(({ name }) => name === aggregation.from.model),
      ),
    ),
  };
}

function describeAggregation(aggregation: AggregationSpec, model: ModelSpec | undefined): ProjectAggregation {
  const { name, from, dimensions, measures } = aggregation;
  return {
    name,
    from: from.model,
    ...described(aggregation),
    dimensions: dimensions.map((dimension): ProjectDimension => {
      const field = model?.fields.find((candidate) => candidate.name === dimension.field);
      return {
        name: dimension.name,
        ...described(dimension),
        ...(field === undefined
          ? { schema: {}, operators: [] }
          : { schema: valueSchema(field, dimension.grain), operators: operatorsOf(field) }),
        ...(dimension.grain === undefined ? {} : { grains: coarserGrains(dimension.grain) }),
      };
    }),
    measures: measures.map((measure) => ({ name: measure.name, ...described(measure) })),
  };
}

/** Of a value that a filter compares the dimension with. Constraints of the field do not hold for what it is compared with. */
function valueSchema(field: FieldSpec, grain: string | undefined): JsonSchema {
  const time = ["dateTime", "dateTime64"].includes(field.type.kind) || grain !== undefined;
  const type: FieldSpec["type"] = time
    ? { kind: "dateTime" }
    : field.type.kind === "string"
      ? { kind: "string" }
      : field.type;
  const plain: FieldSpec = { name: field.name, type, ...(field.optional === true ? { optional: true } : {}) };
  const { properties } = jsonSchema({ name: "Value", version: "1.0", extra: "reject", fields: [plain] }) as {
    properties: Readonly<Record<string, JsonSchema>>;
  };
  return properties[field.name]!;
}

const described = ({ description }: { readonly description?: string }) =>
  description === undefined ? {} : { description };
