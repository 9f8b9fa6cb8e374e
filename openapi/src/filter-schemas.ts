// What an aggregation's filters may say: as members of a JSON body, and as URL parameters.
import type { JsonSchema } from "./open-api-document.ts";
import type { ProjectDimension } from "./project.ts";

const MAX_LIST_VALUES = 1000;
const MAX_PARAMETERS = 100;

/** dimension → value, or dimension → operator → value. */
export function filterMembers(dimensions: readonly ProjectDimension[]): Record<string, JsonSchema> {
  return Object.fromEntries(
    dimensions
      .filter(({ operators }) => operators.length > 0)
      .map(({ name, schema, operators }) => [
        name,
        {
          anyOf: [
            schema,
            {
              type: "object",
              additionalProperties: false,
              properties: Object.fromEntries(operators.map((operator) => [operator, operandOf(operator, schema)])),
            },
          ],
        },
      ]),
  );
}

/** One object whose members are parameters: `filter.{dimension}` and `filter.{dimension}.{operator}`. */
export function filterParameters(dimensions: readonly ProjectDimension[]): JsonSchema | undefined {
  const properties = Object.fromEntries(
    dimensions.flatMap(({ name, schema, operators }) => [
      ...(operators.length === 0 ? [] : [[`filter.${name}`, inUrl(schema)] as const]),
      ...operators.map((operator) => [`filter.${name}.${operator}`, operandInUrl(operator, schema)] as const),
    ]),
  );
  if (Object.keys(properties).length === 0) return undefined;
  return { type: "object", additionalProperties: false, properties, maxProperties: MAX_PARAMETERS };
}

function operandOf(operator: string, schema: JsonSchema): JsonSchema {
  if (operator === "in") return { type: "array", items: withoutNull(schema), maxItems: MAX_LIST_VALUES };
  if (operator === "between") return { type: "array", items: withoutNull(schema), minItems: 2, maxItems: 2 };
  if (operator === "like") return likePattern;
  return operator === "eq" || operator === "neq" ? schema : withoutNull(schema);
}

function operandInUrl(operator: string, schema: JsonSchema): JsonSchema {
  if (operator === "in") return { type: "string", description: "Values separated by commas." };
  if (operator === "between") return { type: "string", description: "Two values separated by a comma." };
  return operator === "like" ? likePattern : inUrl(schema);
}

/** A single backslash at the end would escape nothing. */
const likePattern: JsonSchema = {
  type: "string",
  pattern: "^([^\\\\]|\\\\[\\s\\S])*$",
  description: "SQL pattern: `%` is any text, `_` any character, a backslash escapes one.",
};

/** A URL has no null, and no two ways to say a number. */
function inUrl(schema: JsonSchema): JsonSchema {
  const plain = withoutNull(schema);
  const choices = plain.anyOf as readonly JsonSchema[] | undefined;
  return choices?.find(({ type }) => type === "string") ?? plain;
}

function withoutNull(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema.anyOf)) {
    return { ...schema, anyOf: schema.anyOf.filter((choice: JsonSchema) => choice.type !== "null") };
  }
  if (!Array.isArray(schema.type)) return schema;
  const { enum: names, ...rest } = schema;
  return {
    ...rest,
    ...(Array.isArray(names) ? { enum: names.filter((name) => name !== null) } : {}),
    type: schema.type.find((type) => type !== "null"),
  };
}
