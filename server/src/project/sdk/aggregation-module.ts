// Writes the aggregations of a project as typed references, for queries and live results.
import type { AggregationSpec, FieldSpec } from "@moose/core";
import { docComment } from "./doc-comment.ts";

/** What a reader gets of a field, by its kind; the others are no dimension and no measure. */
const rowTypes: Readonly<Record<string, string>> = {
  boolean: "boolean",
  ...Object.fromEntries(
    ["int8", "int16", "int32", "uint8", "uint16", "uint32", "float32", "float64"].map(to("number")),
  ),
  ...Object.fromEntries(["int64", "int128", "int256", "uint64", "uint128", "uint256"].map(to("bigint"))),
};

function to(type: string) {
  return (kind: string): [string, string] => [kind, type];
}

export function aggregationModule(
  aggregations: readonly AggregationSpec[],
  fieldsOf: (aggregation: AggregationSpec) => readonly FieldSpec[],
): string {
  const names = aggregations.map(({ name }) => name).join(", ");
  if (aggregations.length === 0) return "export const aggregations = [] as const;\n";
  return [
    'import type { Aggregation, Field, Measure, TimeDimension } from "@moose/consumption";',
    "",
    "/** What every copy of the library knows a definition by. */",
    'const definition = Symbol.for("moose.aggregation");',
    "",
    ...aggregations.map((aggregation) => referenceTo(aggregation, fieldsOf(aggregation))),
    "/** Every aggregation of the project. */",
    `export const aggregations = [${names}] as const;`,
    "",
  ].join("\n");
}

function referenceTo(aggregation: AggregationSpec, fields: readonly FieldSpec[]): string {
  const { name, from, dimensions, measures, description } = aggregation;
  const read = fields.filter((field) => [...dimensions, ...measures].some((column) => column.field === field.name));
  const typed = [
    group(read.map((field) => [field.name, fieldType(field)])),
    group(
      dimensions.map(({ name: dimension, field, grain }) => [
        dimension,
        grain === undefined ? JSON.stringify(field) : `TimeDimension<${JSON.stringify(field)}>`,
      ]),
    ),
    group(
      measures.map(({ name: measure, fn, field }) => [
        measure,
        `Measure<${JSON.stringify(fn)}, ${field === undefined ? "never" : JSON.stringify(field)}>`,
      ]),
    ),
  ];
  // Which version it reads is the server's affair.
  const spec = { name, from: { model: from.model, version: "" }, dimensions, measures };
  return [
    docComment(description ?? `An aggregation of ${from.model}.`),
    `export const ${name} = {`,
    `  name: ${JSON.stringify(name)},`,
    `  [definition]: ${JSON.stringify(spec)},`,
    `} as unknown as Aggregation<\n  ${typed.join(",\n  ")}\n>;`,
    "",
  ].join("\n");
}

const group = (members: readonly (readonly [string, string])[]): string =>
  members.length === 0
    ? "Record<never, never>"
    : `{ ${members.map(([member, type]) => `readonly ${JSON.stringify(member)}: ${type}`).join("; ")} }`;

function fieldType({ type, optional }: FieldSpec): string {
  const row =
    type.kind === "enum"
      ? Object.keys(type.values)
          .map((value) => JSON.stringify(value))
          .join(" | ")
      : (rowTypes[type.kind] ?? "string");
  return `Field<${row}, ${row}, ${JSON.stringify(type.kind)}, ${optional === true ? '"optional"' : '"required"'}>`;
}
