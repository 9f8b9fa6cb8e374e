// Runs a named query: what HTTP and live subscriptions call.
import type { Position } from "../model/position.ts";
import type { QueryRequest } from "../model/query-request.ts";
import type { Column, QueryStatistics } from "./database.ts";

export interface NamedQueryResult {
  readonly columns: readonly Column[];
  /** Columns that name a row: the dimensions. */
  readonly key: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly statistics: QueryStatistics;
  /** What the result is sure to include. */
  readonly position: Position;
}

export interface QueryRunner {
  /** Throws MooseError `unknown_query`, `invalid_query` (with path and reason), `query_timeout`, `database_unavailable`. */
  run(
    name: string,
    request: QueryRequest,
    options: { signal?: AbortSignal; after?: Position },
  ): Promise<NamedQueryResult>;
  /** Same checks, and the raw bytes of a ClickHouse format. */
  stream(
    name: string,
    request: QueryRequest,
    format: "JSONEachRow" | "CSVWithNames" | "ArrowStream",
    options: { signal?: AbortSignal; after?: Position },
  ): Promise<{ body: AsyncIterable<Uint8Array>; position: Position }>;
  /** The table whose commits change this query's result. Throws `unknown_query`. */
  sourceTable(name: string): string;
}
