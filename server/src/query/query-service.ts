// Runs named queries against the database: looks them up, waits for `after`, plans, bounds time and rows, and tells the position.
import type { AggregationSpec, ModelSpec } from "@moose/core";
import { MooseError } from "../model/errors.ts";
import { tableName } from "../model/manifest.ts";
import type { Position } from "../model/position.ts";
import type { QueryRequest } from "../model/query-request.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Column, Database } from "../ports/database.ts";
import type { QueryRunner } from "../ports/query-runner.ts";
import type { TableProgress } from "../ports/table-progress.ts";
import { planAggregationQuery, type QueryPlan } from "./plan-aggregation-query.ts";

export interface QueryServiceOptions {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly progress: TableProgress;
  /** Limit of one query in the database. Default 10 s. */
  readonly queryTimeoutMs?: number;
  /** How long a query waits for its `after`. Default 10 s. */
  readonly afterTimeoutMs?: number;
}

export function createQueryService(options: QueryServiceOptions): QueryRunner {
  const { database, catalog, progress, queryTimeoutMs = 10_000, afterTimeoutMs = 10_000 } = options;

  function find(name: string): { spec: AggregationSpec; model: ModelSpec } {
    const spec = catalog.state.aggregations.get(name);
    if (!spec) {
      const known = [...catalog.state.aggregations.keys()];
      throw new MooseError(
        "unknown_query",
        `There is no query ${JSON.stringify(name.slice(0, 100))}. ${known.length > 0 ? `There are ${known.slice(0, 50).join(", ")}.` : "The project defines no aggregation yet."}`,
      );
    }
    const model = catalog.model(spec.from.model, spec.from.version) ?? catalog.model(spec.from.model);
    if (!model)
      throw new MooseError(
        "unknown_query",
        `The query ${name} reads the model ${spec.from.model}, which does not exist.`,
      );
    return { spec, model: model.core.spec };
  }

  async function prepare(
    name: string,
    request: QueryRequest,
    after: Position | undefined,
    signal: AbortSignal | undefined,
  ) {
    const { spec, model } = find(name);
    const plan = planAggregationQuery(spec, model, request);
    if (after !== undefined) await waitFor(after, signal);
    // Read before the query starts: what is visible later may be more, never less.
    return { plan, position: progress.position() };
  }

  function waitFor(after: Position, signal: AbortSignal | undefined): Promise<void> {
    const limit = AbortSignal.timeout(afterTimeoutMs);
    return progress.waitFor(after, signal ? AbortSignal.any([signal, limit]) : limit);
  }

  const databaseOptions = (plan: QueryPlan, signal: AbortSignal | undefined) => ({
    params: plan.params,
    timeoutMs: queryTimeoutMs,
    maxResultRows: plan.limit,
    ...(signal ? { signal } : {}),
  });

  return {
    async run(name, request, { signal, after }) {
      const { plan, position } = await prepare(name, request, after, signal);
      const result = await database.query(plan.sql, databaseOptions(plan, signal));
      return { ...result, columns: result.columns.map(plainColumn), key: plan.key, position };
    },
    async stream(name, request, format, { signal, after }) {
      const { plan, position } = await prepare(name, request, after, signal);
      const body = await database.queryBytes(plan.sql, format, databaseOptions(plan, signal));
      return { body, position };
    },
    sourceTable(name) {
      const { model } = find(name);
      return tableName(model);
    },
  };
}

/** How a measure is stored is nobody's business: min and max of a state keep its wrapper in their type. */
function plainColumn({ name, type }: Column): Column {
  return { name, type: /^SimpleAggregateFunction\(\w+, (.*)\)$/.exec(type)?.[1] ?? type };
}
