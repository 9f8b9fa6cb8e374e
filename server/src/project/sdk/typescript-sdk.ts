// Writes the TypeScript SDK of a project: types by openapi-typescript, compiled models, and entries for ingest and consumption.
import { type AggregationSpec, type FieldSpec, jsonSchema, type ModelSpec } from "@moose/core";
import { addProject, contract, type JsonSchema } from "@moose/openapi";
import { describeProject } from "../../http/describe-project.ts";
import { aggregationModule } from "./aggregation-module.ts";
import { docComment } from "./doc-comment.ts";
import { openApiTypes } from "./openapi-types.ts";
import type { SdkFile, SdkModel, SdkSource } from "./sdk-source.ts";

const HEAD = "// Written by `moose generate sdk`: do not edit.\n";

/** The same source gives the same text. */
export async function typeScriptSdk({ models, aggregations }: SdkSource): Promise<SdkFile[]> {
  const specs = models.map(({ spec }) => spec);
  const document = addProject(contract, describeProject(specs, aggregations));
  const files: Record<string, string> = {
    "api.ts": await openApiTypes(document as never, { asSent: false }),
    "events.ts": await openApiTypes(eventDocument(specs), { asSent: true }),
    "models.ts": modelModule(models),
    "aggregations.ts": aggregationModule(aggregations, fieldsOf(specs)),
    "ingest.ts": ingestEntry,
    "consumption.ts": consumptionEntry,
  };
  return Object.entries(files).map(([name, text]) => ({ name, text: HEAD + text }));
}

/** The events alone, so that their types can be those of a sender: Date and bigint. */
function eventDocument(specs: readonly ModelSpec[]) {
  const schemas = Object.fromEntries(specs.map((spec) => [spec.name, jsonSchema(spec) as JsonSchema]));
  return { openapi: "3.1.0", info: { title: "Events", version: "1.0" }, paths: {}, components: { schemas } };
}

const fieldsOf =
  (specs: readonly ModelSpec[]) =>
  ({ from }: AggregationSpec): readonly FieldSpec[] =>
    specs.find(({ name }) => name === from.model)?.fields ?? [];

function modelModule(models: readonly SdkModel[]): string {
  const parts = models.map(({ spec, schemaId, program }) => {
    const { name, version, description } = spec;
    const members = {
      name,
      version,
      schemaId,
      fields: spec.fields.map((field) => field.name),
      program,
    };
    const lines = Object.entries(members).map(([member, value]) => `  ${member}: ${JSON.stringify(value)},`);
    return [
      `/** An event of ${name}, as it is sent. */`,
      `export type ${name}Event = components["schemas"]["${name}"];`,
      docComment(description ?? `The data model ${name}, version ${version}.`),
      `export const ${name}: CompiledModel<${name}Event, "${name}"> = {`,
      ...lines,
      "};",
      "",
    ].join("\n");
  });
  return [
    'import type { CompiledModel } from "@moose/ingest";',
    ...(models.length === 0 ? [] : ['import type { components } from "./events.js";']),
    "",
    ...parts,
    "/** Every model of the project. */",
    `export const models = [${models.map(({ spec }) => spec.name).join(", ")}] as const${models.length === 0 ? " satisfies readonly CompiledModel[]" : ""};`,
    "",
  ].join("\n");
}

const ingestEntry = `import { createIngest as create, type Ingest, type IngestOptions, type NoContext } from "@moose/ingest";
import { models } from "./models.js";

export * from "./models.js";

/** A client that sends events of every model of the project: \`ingest.send(Model, event)\`, or by the model's name. */
export function createIngest<const C extends object = NoContext>(
  options: Omit<IngestOptions<typeof models, C>, "models">,
): Ingest<typeof models, C> {
  return create<typeof models, C>({ ...options, models } as IngestOptions<typeof models, C>);
}
`;

const consumptionEntry = `export { createConsumption } from "@moose/consumption";
export * from "./aggregations.js";
`;
