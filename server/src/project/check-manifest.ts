// Checks what a project's files define against each other, and makes the manifest of it.
import { type AggregationSpec, checkAggregation, DefinitionError, type ModelSpec } from "@moose/core";
import { nearestName } from "../lib/nearest-name.ts";
import { aggregationTable, aggregationView, type Manifest, tableName } from "../model/manifest.ts";
import type { AggregationDefinition, Definition } from "./project-entry.ts";
import { findKey, placeOf, projectError, type SourcePlace } from "./project-error.ts";

/** Throws `project_invalid` at the definition that is wrong. */
export function checkManifest(projectDir: string, definitions: readonly Definition[]): Manifest {
  const models = definitions.filter((definition) => definition.kind === "model");
  const aggregations = definitions.filter((definition) => definition.kind === "aggregation");
  const placeOfName = ({ file, spec, place }: Definition): SourcePlace =>
    place ?? placeOf(projectDir, file, `"${spec.name}"`);
  const fail = (definition: Definition, message: string) => projectError(projectDir, message, placeOfName(definition));

  /** Every table and view of the project by its name: two parts must not share one. */
  const owners = new Map<string, Definition>();
  const claim = (table: string, definition: Definition): void => {
    const owner = owners.get(table);
    if (owner !== undefined) throw fail(definition, describeClash(owner, placeOfName(owner), definition, table));
    owners.set(table, definition);
  };
  for (const model of models) claim(tableName(model.spec), model);
  for (const aggregation of aggregations) {
    claim(aggregationTable(aggregation.spec.name), aggregation);
    claim(aggregationView(aggregation.spec.name), aggregation);
  }

  const bound = aggregations.map((aggregation) => {
    const { model, version } = aggregation.spec.from;
    const source = models.find(({ spec }) => spec.name === model);
    if (source === undefined) throw fail(aggregation, describeMissing(aggregation, models));
    if (version === "") return bindByName(projectDir, aggregation, placeOfName(aggregation), source.spec);
    if (source.spec.version !== version) {
      throw fail(
        aggregation,
        `${aggregation.spec.name} reads ${model} ${version}, but the project exports ${model} ${source.spec.version}: import that one`,
      );
    }
    return aggregation.spec;
  });
  return { models: models.map(({ spec }) => spec), aggregations: bound };
}

/** An aggregation that names its model knows neither its version nor its fields: both are found out here. */
function bindByName(
  projectDir: string,
  { file, spec }: AggregationDefinition,
  place: SourcePlace,
  model: ModelSpec,
): AggregationSpec {
  const bound: AggregationSpec = { ...spec, from: { model: model.name, version: model.version } };
  try {
    checkAggregation(bound, model);
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    const member = error.field === undefined ? undefined : findKey(projectDir, file, place.line ?? 1, error.field);
    throw projectError(projectDir, error.message, member ?? place);
  }
  return bound;
}

function describeMissing({ spec }: AggregationDefinition, models: readonly Definition[]): string {
  const { model, version } = spec.from;
  if (version !== "") {
    return `${spec.name} reads the model ${model}, which no file under models/ exports: write "export" in front of it`;
  }
  const known = models.map((definition) => definition.spec.name);
  const nearest = nearestName(model, known);
  const hint = nearest === undefined ? `the project has ${known.join(", ") || "none"}` : `did you mean "${nearest}"?`;
  return `${spec.name} reads the model ${model}, which the project does not have: ${hint}`;
}

function describeClash(owner: Definition, place: SourcePlace, definition: Definition, table: string): string {
  const { name } = definition.spec;
  const where = place.line === undefined ? place.file : `${place.file}:${place.line}:${place.column}`;
  if (owner.kind === "model" && definition.kind === "model") {
    const versions =
      owner.spec.version === definition.spec.version ? "" : `, as ${owner.spec.version} and ${definition.spec.version}`;
    return `The model ${name} is defined twice${versions}: the other one stands in ${where}. Keep one, or give one another name`;
  }
  if (owner.kind === "aggregation" && definition.kind === "aggregation" && owner.spec.name === name) {
    return `The aggregation ${name} is defined twice: the other one stands in ${where}. Keep one, or give one another name`;
  }
  return `The ${definition.kind} ${name} needs the table ${table}, which belongs to the ${owner.kind} ${owner.spec.name} in ${where}: give one of them another name`;
}
