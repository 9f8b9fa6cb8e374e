// `GET /openapi.json`: the contract with the models and aggregations that are served now.
import { jsonSchema } from "@moose/core";
import { addProject, contract, type JsonSchema, type OpenApiDocument, type Project } from "@moose/openapi";
import type { Catalog, CatalogState } from "../../ports/catalog.ts";
import type { Route } from "../http-types.ts";

export function openApiRoutes(catalog: Catalog, url: () => string): readonly Route[] {
  let revision = -1;
  let text = "";
  return [
    {
      method: "GET",
      path: "/openapi.json",
      handler: (exchange) => {
        if (catalog.state.revision !== revision) {
          revision = catalog.state.revision;
          text = JSON.stringify(describe(catalog.state, url()));
        }
        exchange.reply(200, "application/json", text);
      },
    },
  ];
}

function describe(state: CatalogState, url: string): OpenApiDocument {
  const project: Project = {
    models: [...state.models.values()]
      .filter(({ system }) => !system)
      .map(({ core: { spec } }) => ({
        name: spec.name,
        version: spec.version,
        schema: jsonSchema(spec) as JsonSchema,
        ...(spec.description === undefined ? undefined : { description: spec.description }),
      })),
    aggregations: [...state.aggregations.values()].map((aggregation) => ({
      name: aggregation.name,
      from: aggregation.from.model,
      dimensions: aggregation.dimensions,
      measures: aggregation.measures,
      ...(aggregation.description === undefined ? undefined : { description: aggregation.description }),
    })),
  };
  return { ...addProject(contract, project), servers: [{ url, description: "This server." }] };
}
