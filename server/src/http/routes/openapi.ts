// `GET /openapi.json`: the contract with the models and aggregations that are served now.
import { addProject, contract, type OpenApiDocument } from "@moose/openapi";
import type { Catalog, CatalogState } from "../../ports/catalog.ts";
import { describeProject } from "../describe-project.ts";
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
  const models = [...state.models.values()].filter(({ system }) => !system).map(({ core }) => core.spec);
  const project = describeProject(models, [...state.aggregations.values()]);
  return { ...addProject(contract, project), servers: [{ url, description: "This server." }] };
}
