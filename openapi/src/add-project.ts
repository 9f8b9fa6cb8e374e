// Adds a project's models and aggregations to the contract: a pure function from document and project to document.
import type { JsonSchema, OpenApiDocument } from "./open-api-document.ts";

export interface ProjectModel {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  /** Of one event. */
  readonly schema: JsonSchema;
}

export interface ProjectAggregation {
  readonly name: string;
  readonly description?: string;
  /** Name of the model it reads. */
  readonly from: string;
  readonly dimensions: readonly { readonly name: string; readonly description?: string }[];
  readonly measures: readonly { readonly name: string; readonly description?: string }[];
}

export interface Project {
  readonly models: readonly ProjectModel[];
  readonly aggregations: readonly ProjectAggregation[];
}

type Values = Record<string, unknown>;

/**
 * Adds a path and a schema for each model and version, and a path for each aggregation; the document that is handed in stays as it is.
 * Each added route is a case of a fixed one, so its parameters and replies are taken from there.
 */
export function addProject(document: OpenApiDocument, project: Project): OpenApiDocument {
  const paths: Record<string, Values> = { ...document.paths };
  const schemas: Values = { ...document.components?.schemas };
  for (const model of project.models) {
    const schemaName = freeName(schemas, componentName(model.name));
    schemas[schemaName] = describe(model.schema, model.description);
    const newest = document.paths["/ingest/{model}"]!.post as Values;
    const named = document.paths["/ingest/{model}/{version}"]!.post as Values;
    const name = segment(model.name);
    paths[`/ingest/${name}`] = { post: ingestOperation(newest, model, schemaName, `ingest${schemaName}`) };
    const version = segment(model.version);
    const versionId = model.version.replace(/[^A-Za-z0-9]+/g, "_");
    paths[`/ingest/${name}/${version}`] = {
      post: ingestOperation(named, model, schemaName, `ingest${schemaName}_${versionId}`),
    };
  }
  for (const aggregation of project.aggregations) {
    const byUrl = document.paths["/query/{name}"]!.get as Values;
    const byBody = document.paths["/query/{name}"]!.post as Values;
    const id = `query${componentName(aggregation.name)}`;
    paths[`/query/${segment(aggregation.name)}`] = {
      get: queryOperation(byUrl, aggregation, id, document),
      post: { ...queryOperation(byBody, aggregation, `${id}ByBody`, document), requestBody: byBody.requestBody },
    };
  }
  return { ...document, paths, components: { ...document.components, schemas: schemas as Record<string, unknown> } };
}

function ingestOperation(fixed: Values, model: ProjectModel, schemaName: string, operationId: string): Values {
  const event = { $ref: `#/components/schemas/${schemaName}` };
  return {
    ...fixed,
    operationId,
    summary: `Send ${model.name} events.`,
    description: model.description ?? `Events of the data model ${model.name}, version ${model.version}.`,
    requestBody: {
      required: true,
      content: {
        "application/json": { schema: { oneOf: [event, { type: "array", items: event }] } },
        "application/x-ndjson": {
          schema: {
            type: "string",
            contentMediaType: "application/x-ndjson",
            description: `One ${schemaName} a line.`,
          },
        },
      },
    },
  };
}

function queryOperation(
  fixed: Values,
  aggregation: ProjectAggregation,
  operationId: string,
  document: OpenApiDocument,
): Values {
  const dimensions = aggregation.dimensions.map((dimension) => dimension.name);
  const measures = aggregation.measures.map((measure) => measure.name);
  const columns = [...dimensions, ...measures];
  const named: Record<string, readonly string[]> = {
    dimensions,
    measures,
    orderBy: [...columns, ...columns.map((column) => `-${column}`)],
  };
  const parameters = ((fixed.parameters ?? []) as readonly Values[]).map((parameter) => {
    const full = resolve(document, parameter);
    const names = named[full.name as string];
    if (names === undefined || names.length === 0) return parameter;
    return { ...full, schema: { type: "array", items: { type: "string", enum: names } } };
  });
  const listed = [...aggregation.dimensions, ...aggregation.measures].map(
    (column) => `- \`${column.name}\`${column.description ? `: ${column.description}` : ""}`,
  );
  return {
    ...fixed,
    operationId,
    summary: `Query ${aggregation.name}.`,
    description: [aggregation.description ?? `An aggregation of ${aggregation.from}.`, "", ...listed].join("\n"),
    ...(parameters.length === 0 ? {} : { parameters }),
  };
}

function resolve(document: OpenApiDocument, value: Values): Values {
  const reference = value.$ref;
  if (typeof reference !== "string" || !reference.startsWith("#/components/")) return value;
  const [group, name] = reference.slice("#/components/".length).split("/");
  return (document.components?.[group!]?.[name!] as Values | undefined) ?? value;
}

const describe = (schema: JsonSchema, description: string | undefined): JsonSchema => {
  const { $schema: _dialect, ...rest } = schema;
  return description === undefined || "description" in rest ? rest : { ...rest, description };
};

/** A component name may hold letters, digits, ".", "-" and "_". */
const componentName = (name: string): string => name.replace(/[^A-Za-z0-9._-]/g, "_");

/** A model may be called like a schema of the contract itself. */
function freeName(schemas: Values, wanted: string): string {
  if (!(wanted in schemas)) return wanted;
  for (let count = 2; ; count++) if (!(`${wanted}${count}` in schemas)) return `${wanted}${count}`;
}

/** Braces would read as a path template. */
const segment = (text: string): string => encodeURIComponent(text);
