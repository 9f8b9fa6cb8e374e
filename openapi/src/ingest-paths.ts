// The paths that take a model's events: as one object, an array or NDJSON, of the newest version and by version.
import {
  componentName,
  type Draft,
  freeName,
  pathParameters,
  queryOperationId,
  schemaReference,
  segment,
  type Values,
  withResponse,
} from "./draft.ts";
import { exampleOf } from "./example-of.ts";
import type { JsonSchema } from "./open-api-document.ts";
import type { ProjectAggregation, ProjectModel } from "./project.ts";

/** `readers` are the aggregations over the model: its replies link to them. */
export function addIngestPaths(draft: Draft, model: ProjectModel, readers: readonly ProjectAggregation[]): void {
  const { document, paths, schemas } = draft;
  const schemaName = freeName(schemas, componentName(model.name));
  schemas[schemaName] = described(model.schema, model.description);
  const operation = (path: string, operationId: string): Values => ({
    parameters: pathParameters(draft, path),
    post: ingestOperation(document.paths[path]!.post as Values, { model, schemaName, operationId, readers }),
  });
  const name = segment(model.name);
  paths[`/ingest/${name}`] = operation("/ingest/{model}", `ingest${schemaName}`);
  const version = model.version.replace(/[^A-Za-z0-9]+/g, "_");
  paths[`/ingest/${name}/${segment(model.version)}`] = operation(
    "/ingest/{model}/{version}",
    `ingest${schemaName}_${version}`,
  );
}

interface IngestOperation {
  readonly model: ProjectModel;
  readonly schemaName: string;
  readonly operationId: string;
  readonly readers: readonly ProjectAggregation[];
}

function ingestOperation(fixed: Values, { model, schemaName, operationId, readers }: IngestOperation): Values {
  const event = schemaReference(schemaName);
  const example = exampleOf(model.schema);
  const operation = {
    ...fixed,
    operationId,
    summary: `Send ${model.name} events.`,
    description: model.description ?? `Events of the data model ${model.name}, version ${model.version}.`,
    requestBody: {
      ...(fixed.requestBody as Values),
      content: {
        "application/json": {
          schema: { oneOf: [event, { type: "array", items: event }] },
          ...(example === undefined
            ? {}
            : {
                examples: {
                  one: { summary: "One event", value: example },
                  several: { summary: "Several events", value: [example] },
                },
              }),
        },
        "application/x-ndjson": {
          schema: {
            type: "string",
            contentMediaType: "application/x-ndjson",
            description: `One ${schemaName} a line.`,
          },
          ...(example === undefined ? {} : { example: `${JSON.stringify(example)}\n` }),
        },
      },
    },
  };
  if (readers.length === 0) return operation;
  const links = Object.fromEntries(
    readers.map(({ name }) => [
      componentName(name),
      {
        operationId: queryOperationId(name),
        parameters: { after: "$response.body#/position" },
        description: `${name} with these events.`,
      },
    ]),
  );
  return withResponse(operation, "200", (response) => ({ ...response, links }));
}

function described(schema: JsonSchema, description: string | undefined): JsonSchema {
  const { $schema: _dialect, ...rest } = schema;
  return description === undefined || "description" in rest ? rest : { ...rest, description };
}
