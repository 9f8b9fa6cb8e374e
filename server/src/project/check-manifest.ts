// Checks what a project's files define against each other, and makes the manifest of it.
import { aggregationTable, aggregationView, type Manifest, tableName } from "../model/manifest.ts";
import type { Definition } from "./project-entry.ts";
import { placeOf, projectError } from "./project-error.ts";

/** Throws `project_invalid` at the definition that is wrong. */
export function checkManifest(projectDir: string, definitions: readonly Definition[]): Manifest {
  const models = definitions.filter((definition) => definition.kind === "model");
  const aggregations = definitions.filter((definition) => definition.kind === "aggregation");
  const fail = (definition: Definition, message: string) =>
    projectError(projectDir, message, placeOf(projectDir, definition.file, `"${definition.spec.name}"`));

  /** Every table and view of the project by its name: two parts must not share one. */
  const owners = new Map<string, Definition>();
  const claim = (table: string, definition: Definition): void => {
    const owner = owners.get(table);
    if (owner !== undefined) throw fail(definition, describeClash(owner, definition, table));
    owners.set(table, definition);
  };
  for (const model of models) claim(tableName(model.spec), model);
  for (const aggregation of aggregations) {
    claim(aggregationTable(aggregation.spec.name), aggregation);
    claim(aggregationView(aggregation.spec.name), aggregation);
  }

  for (const aggregation of aggregations) {
    const { model, version } = aggregation.spec.from;
    const source = models.find(({ spec }) => spec.name === model);
    if (source === undefined) {
      throw fail(
        aggregation,
        `${aggregation.spec.name} reads the model ${model}, which no file under models/ exports: write "export" in front of it`,
      );
    }
    if (source.spec.version !== version) {
      throw fail(
        aggregation,
        `${aggregation.spec.name} reads ${model} ${version}, but the project exports ${model} ${source.spec.version}: import that one`,
      );
    }
  }
  return { models: models.map(({ spec }) => spec), aggregations: aggregations.map(({ spec }) => spec) };
}

function describeClash(owner: Definition, definition: Definition, table: string): string {
  const { name } = definition.spec;
  if (owner.kind === "model" && definition.kind === "model") {
    const versions =
      owner.spec.version === definition.spec.version ? "" : `, as ${owner.spec.version} and ${definition.spec.version}`;
    return `The model ${name} is defined twice${versions}: the other one stands in ${owner.file}. Keep one, or give one another name`;
  }
  if (owner.kind === "aggregation" && definition.kind === "aggregation" && owner.spec.name === name) {
    return `The aggregation ${name} is defined twice: the other one stands in ${owner.file}. Keep one, or give one another name`;
  }
  return `The ${definition.kind} ${name} needs the table ${table}, which belongs to the ${owner.kind} ${owner.spec.name} in ${owner.file}: give one of them another name`;
}
