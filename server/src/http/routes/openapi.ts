// `GET /openapi.json` and `GET /asyncapi.json`: the contract with the models and aggregations that are served now.
import { addLiveProject, addProject, contract, liveContract } from "@moose/openapi";
import type { Catalog } from "../../ports/catalog.ts";
import { describeProject } from "../describe-project.ts";
import type { Route } from "../http-types.ts";

export const openApiRoutes = (catalog: Catalog, url: () => string): readonly Route[] => [
  documentRoute("/openapi.json", catalog, (project) => ({
    ...addProject(contract, project),
    // Wherever this was fetched from: the server does not know what names a proxy gives it.
    servers: [{ url: "/", description: "This server." }],
  })),
  documentRoute("/asyncapi.json", catalog, (project) => ({
    ...addLiveProject(liveContract, project),
    servers: { this: { host: new URL(url()).host, protocol: "ws", description: "This server." } },
  })),
];

/** The text is made anew only when the project has changed. */
function documentRoute(
  path: string,
  catalog: Catalog,
  build: (project: ReturnType<typeof describeProject>) => object,
): Route {
  let revision = -1;
  let text = "";
  return {
    method: "GET",
    path,
    handler: (exchange) => {
      const { state } = catalog;
      if (state.revision !== revision) {
        const models = [...state.models.values()].filter(({ system }) => !system).map(({ core }) => core.spec);
        revision = state.revision;
        text = JSON.stringify(build(describeProject(models, [...state.aggregations.values()])));
      }
      exchange.reply(200, "application/json", text);
    },
  };
}
