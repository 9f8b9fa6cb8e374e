// Adds a project's models, aggregations and APIs to the contract: a pure function from document and project to document.
import { addIngestPaths } from "./ingest-paths.ts";
import type { OpenApiDocument } from "./open-api-document.ts";
import type { Project } from "./project.ts";
import { addAggregationPath, addApiPath } from "./query-paths.ts";

/**
 * Adds paths and a schema for each model and version, and a path for each aggregation and API; the document that is handed in stays as it is.
 * Each added route is a case of a fixed one, so its parameters and replies are taken from there.
 */
export function addProject(document: OpenApiDocument, project: Project): OpenApiDocument {
  const draft = {
    document,
    paths: { ...document.paths } as Record<string, Record<string, unknown>>,
    schemas: { ...document.components?.schemas } as Record<string, unknown>,
  };
  for (const model of project.models) {
    const readers = project.aggregations.filter(({ from }) => from === model.name);
    addIngestPaths(draft, model, readers);
  }
  for (const aggregation of project.aggregations) addAggregationPath(draft, aggregation);
  for (const api of project.apis ?? []) addApiPath(draft, api);
  return { ...document, paths: draft.paths, components: { ...document.components, schemas: draft.schemas } };
}
