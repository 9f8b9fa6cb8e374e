// `GET /catalog`: models, aggregations and what flows where.
import { aggregationTable, aggregationView } from "../../model/manifest.ts";
import type { Catalog, CatalogState } from "../../ports/catalog.ts";
import type { StreamLog } from "../../ports/stream-log.ts";
import type { Route } from "../http-types.ts";

export const catalogRoutes = (catalog: Catalog, stream: StreamLog): readonly Route[] => [
  {
    method: "GET",
    path: "/catalog",
    handler: (exchange) =>
      exchange.reply(200, "application/json", JSON.stringify(describe(catalog.state, stream)), [
        ["cache-control", "no-store"],
      ]),
  },
];

function describe(state: CatalogState, log: StreamLog): unknown {
  const models = [...state.models.values()];
  const aggregations = [...state.aggregations.values()];
  const tableOf = (model: string): string => state.models.get(model)?.table ?? model;
  return {
    revision: state.revision,
    models: models.map(({ core, stream, table, system = false }) => ({
      name: core.spec.name,
      version: core.spec.version,
      stream,
      table,
      schemaId: core.schemaId,
      program: Buffer.from(core.program).toString("base64"),
      system,
      endOffsets: endOffsets(log, stream),
      spec: core.spec,
    })),
    aggregations: aggregations.map((spec) => ({
      name: spec.name,
      from: spec.from.model,
      table: aggregationTable(spec.name),
      spec,
    })),
    lineage: [
      ...models.flatMap(({ core, stream, table }) => [
        { from: `model:${core.spec.name}`, to: `stream:${stream}` },
        { from: `stream:${stream}`, to: `table:${table}` },
      ]),
      ...aggregations.flatMap(({ name, from }) => [
        { from: `table:${tableOf(from.model)}`, to: `view:${aggregationView(name)}` },
        { from: `view:${aggregationView(name)}`, to: `aggregation:${name}` },
      ]),
    ],
  };
}

/** Empty for a stream that no event has reached yet. */
function endOffsets(log: StreamLog, stream: string): number[] {
  try {
    return Array.from({ length: log.partitions(stream) }, (_, partition) => log.endOffset(stream, partition));
  } catch {
    return [];
  }
}
