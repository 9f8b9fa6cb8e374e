// Adds a project to the contract of `/live`: the names that can be subscribed to, and the schemas of events. Pure.
import type { AsyncApiDocument } from "./async-api-document.ts";
import { componentName, freeName, schemaReference } from "./draft.ts";
import type { JsonSchema } from "./open-api-document.ts";
import type { Project } from "./project.ts";

/** The document that is handed in stays as it is. */
export function addLiveProject(document: AsyncApiDocument, project: Project): AsyncApiDocument {
  const schemas: Record<string, unknown> = { ...document.components.schemas };
  const events = project.models.map(({ name, schema }) => {
    const schemaName = freeName(schemas, componentName(name));
    const { $schema: _dialect, ...rest } = schema;
    schemas[schemaName] = rest;
    return schemaReference(schemaName);
  });
  const queries = [...project.aggregations, ...(project.apis ?? [])].map(({ name }) => name);
  schemas.Subscribe = withMembers(document.components.schemas.Subscribe!, {
    ...(queries.length === 0 ? {} : { query: { enum: queries } }),
    ...(project.models.length === 0 ? {} : { stream: { enum: project.models.map(({ name }) => name) } }),
  });
  if (events.length > 0) {
    schemas.Events = withMembers(document.components.schemas.Events!, { rows: { items: { anyOf: events } } });
  }
  const components = { ...document.components, schemas: schemas as Record<string, JsonSchema> };
  return { ...document, components };
}

function withMembers(schema: JsonSchema, more: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const properties = schema.properties as Readonly<Record<string, JsonSchema>>;
  const changed = Object.entries(more).map(([name, keywords]) => [name, { ...properties[name], ...keywords }] as const);
  return { ...schema, properties: { ...properties, ...Object.fromEntries(changed) } };
}
